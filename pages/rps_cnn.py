"""Rock, paper, scissors with a convolutional network from scratch."""

from lib.inputs.hand import choose_way
from lib.sections.duel import play
from lib.sections.hand_networks import both_networks, splits_and_photos, variant_says, where_hands_fail
from lib.sections.page import experiment_page

experiment_page(
    "rps_cnn",
    set_up=choose_way,
    try_it=play,
    lesson=splits_and_photos,
    variant_answer=variant_says,
    inside=both_networks,
    where_it_fails=where_hands_fail,
)
