"""The page of a language model, whose demo goes on for seconds."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts.how_it_learnt import samples
from lib.tasks.texts.in_browser import try_in_browser
from lib.tasks.texts.inside import watching_units
from lib.tasks.texts.try_it import lay_out, side_by_side, try_writing
from lib.tasks.texts.variants import compare_variants
from lib.tasks.texts.where_it_fails import writing_mistakes
from lib.ui.header import fragment, guarded
from lib.ui.inputs.browser import in_browser
from lib.ui.page import Places, experiment_page


def text_page(slug: str) -> None:
    """The page of a language model."""
    experiment_page(slug, live=_writing, where_it_fails=writing_mistakes)


def _writing(bundle: Bundle, places: Places) -> None:
    """The demo and the inside are one fragment, the other parts one each, so that nothing else waits, or looks out of date,
    while one of them writes. What they share stands in the session."""
    with places.demo:
        # Outside of the fragment: within one, Streamlit lets a click wait until what runs has ended, but a click outside of it
        # ends it.
        layout = None if in_browser(bundle) else lay_out(bundle)
        first, second = st.container(), st.container()

    @fragment
    def follow() -> None:
        with guarded():
            if in_browser(bundle):
                with first:
                    try_in_browser(bundle)
            elif layout:
                try_writing(bundle, layout)
            else:
                # It has just failed there. The places for the server's demo are made outside of this fragment.
                st.rerun()
        with places.inside, guarded():
            watching_units(bundle)

    @fragment
    def part(show: Callable[..., None], *given: object) -> None:
        with guarded():
            show(bundle, *given)

    follow()
    with second:
        part(side_by_side)
    with places.time:
        part(samples)
    with places.fit.before:
        part(compare_variants, places.fit.answers)
