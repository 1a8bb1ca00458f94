"""Digits recognition with a multilayer perceptron."""

from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.tasks.digits.time_machine import time_machine
from lib.tasks.digits.timeline import Timeline
from lib.tasks.digits.try_it import digit_variant, try_digit
from lib.tasks.digits.where_it_fails import mistakes
from lib.ui import cached
from lib.ui.inputs.drawing import GivenDrawing
from lib.ui.inside import first_layer
from lib.ui.page import answering, experiment_page


def inside(bundle: Bundle, given: GivenDrawing) -> None:
    timeline = cached.load(Timeline, bundle.slug)
    kept = timeline.moment_of(bundle.variant("good")["chosen_epoch"])
    first_layer(cached.load(Classifier, bundle.slug), timeline.first_layer(kept), given.image)


experiment_page(
    "digits_mlp",
    live=answering(try_it=try_digit, time_machine=time_machine, variant_answer=digit_variant, inside=inside),
    where_it_fails=mistakes,
)
