"""The page of a network that draws."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.generation.how_it_learnt import how_drawing_is_learnt
from lib.tasks.generation.input import last_wish
from lib.tasks.generation.inside import inside_drawing
from lib.tasks.generation.places import lay_out
from lib.tasks.generation.try_it import try_in_browser, try_on_server
from lib.tasks.generation.variants import three_networks
from lib.tasks.generation.where_it_fails import where_drawing_fails
from lib.ui.header import fragment, guarded
from lib.ui.inputs.browser import in_browser
from lib.ui.page import Places, experiment_page


def generation_page(slug: str) -> None:
    """The page of a network that draws."""
    experiment_page(
        slug,
        live=_drawing,
        how_it_learnt=how_drawing_is_learnt,
        where_it_fails=where_drawing_fails,
        three_ways=three_networks,
    )


def _drawing(bundle: Bundle, places: Places) -> None:
    """The demo and what follows from it are one fragment. What ends a drawing stands outside of it; see `lay_out`."""
    with places.demo, guarded():
        layout = None if in_browser(bundle) else lay_out(bundle)
        place = st.container()

    @fragment
    def follow() -> None:
        given = last_wish(bundle)
        with guarded():
            if in_browser(bundle):
                with place:
                    given = try_in_browser(bundle)
            elif layout:
                with place:
                    given = try_on_server(bundle, layout)
            else:
                # It has just failed there. The places for the server's demo are made outside of this fragment.
                st.rerun()
        with places.inside, guarded():
            inside_drawing(bundle, given)

    follow()
