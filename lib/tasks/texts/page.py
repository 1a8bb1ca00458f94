"""The page of a language model."""

from __future__ import annotations

from lib.tasks.texts.how_it_learnt import samples
from lib.tasks.texts.inside import watching_units
from lib.tasks.texts.try_it import lay_out, side_by_side, try_writing
from lib.tasks.texts.variants import compare_variants
from lib.tasks.texts.where_it_fails import writing_mistakes
from lib.ui.page import writing_page


def text_page(slug: str) -> None:
    """The page of a language model."""
    writing_page(
        slug,
        lay_out=lay_out,
        try_it=try_writing,
        side_by_side=side_by_side,
        time_machine=samples,
        compare=compare_variants,
        inside=watching_units,
        where_it_fails=writing_mistakes,
    )
