"""Adding numbers as texts with a recurrent network."""

from lib.tasks.sums import try_it as adding
from lib.tasks.sums.inside import sum_states
from lib.tasks.sums.where_it_fails import sum_mistakes
from lib.ui.page import experiment_page

experiment_page(
    "numbers_sum",
    try_it=adding.try_sum,
    variant_answer=adding.sum_variant,
    inside=sum_states,
    where_it_fails=sum_mistakes,
)
