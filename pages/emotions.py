"""Emotions on faces: the word that people would choose for a face."""

from lib.tasks.emotions.how_it_learnt import labels_and_numbers
from lib.tasks.emotions.input import choose_way
from lib.tasks.emotions.inside import inside_faces, variant_says
from lib.tasks.emotions.try_it import try_faces
from lib.tasks.emotions.where_it_fails import where_emotions_fail
from lib.ui.page import answering, experiment_page

experiment_page(
    "emotions",
    live=answering(set_up=choose_way, try_it=try_faces, variant_answer=variant_says, inside=inside_faces),
    lesson=labels_and_numbers,
    where_it_fails=where_emotions_fail,
)
