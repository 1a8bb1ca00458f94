"""Rock, paper, scissors with a convolutional network from scratch."""

from lib.tasks.hands.how_it_learnt import splits_and_photos
from lib.tasks.hands.input import choose_way
from lib.tasks.hands.inside import both_networks, variant_says
from lib.tasks.hands.try_it import play
from lib.tasks.hands.where_it_fails import where_hands_fail
from lib.ui.page import answering, experiment_page

experiment_page(
    "rps_cnn",
    live=answering(set_up=choose_way, try_it=play, variant_answer=variant_says, inside=both_networks),
    lesson=splits_and_photos,
    where_it_fails=where_hands_fail,
)
