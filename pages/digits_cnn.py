"""Digits recognition with a convolutional network."""

from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.tasks.digits.try_it import digit_variant, try_digit
from lib.tasks.digits.where_it_fails import mistakes
from lib.ui import cached
from lib.ui.inputs.drawing import GivenDrawing
from lib.ui.inside import feature_maps
from lib.ui.page import answering, experiment_page


def inside(bundle: Bundle, given: GivenDrawing) -> None:
    feature_maps(cached.load(Classifier, bundle.slug), given.image, bundle.slug)


experiment_page(
    "digits_cnn",
    live=answering(try_it=try_digit, variant_answer=digit_variant, inside=inside),
    where_it_fails=mistakes,
)
