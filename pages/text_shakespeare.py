"""Writing like Shakespeare with a recurrent network."""

from lib.sections import writing
from lib.sections.page import writing_page

writing_page(
    "text_shakespeare",
    lay_out=writing.lay_out,
    try_it=writing.try_writing,
    side_by_side=writing.side_by_side,
    time_machine=writing.samples,
    compare=writing.compare_variants,
    inside=writing.watching_units,
    where_it_fails=writing.writing_mistakes,
)
