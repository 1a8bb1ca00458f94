"""Style transfer: a photo in the style of any picture."""

from lib.tasks.style_transfer.how_it_learnt import how_style_is_learnt
from lib.tasks.style_transfer.live import live_style
from lib.tasks.style_transfer.variants import three_weights
from lib.tasks.style_transfer.where_it_fails import where_style_fails
from lib.ui.page import experiment_page

experiment_page(
    "style_transfer",
    live=live_style,
    how_it_learnt=how_style_is_learnt,
    where_it_fails=where_style_fails,
    three_ways=three_weights,
)
