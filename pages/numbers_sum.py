"""Adding numbers as texts with a recurrent network."""

from lib.tasks.sums.inside import sum_states
from lib.tasks.sums.try_it import sum_variant, try_sum
from lib.tasks.sums.where_it_fails import sum_mistakes
from lib.ui.page import answering, experiment_page

experiment_page(
    "numbers_sum",
    live=answering(try_it=try_sum, variant_answer=sum_variant, inside=sum_states),
    where_it_fails=sum_mistakes,
)
