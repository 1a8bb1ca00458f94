"""What follows the person's photo and style, in its places on the page."""

from __future__ import annotations

from lib.bundles import Bundle
from lib.tasks.style_transfer.how_it_learnt import moments
from lib.tasks.style_transfer.input import GivenStyle
from lib.tasks.style_transfer.inside import inside_style
from lib.tasks.style_transfer.try_it import try_style
from lib.tasks.style_transfer.variants import three_painted
from lib.ui.header import guarded
from lib.ui.page import Places, answering


def live_style(bundle: Bundle, places: Places) -> None:
    """The demo, the time machine, the three networks, and the inside."""

    def inside(bundle: Bundle, given: GivenStyle) -> None:
        inside_style(bundle, given)
        # The three networks are no variants of the one above, so that they have no places of their own.
        with places.fit.before, guarded():
            three_painted(bundle, given)

    answering(try_it=try_style, time_machine=moments, inside=inside)(bundle, places)
