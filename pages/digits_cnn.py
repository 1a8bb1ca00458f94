"""Digits recognition with a convolutional network."""

from lib.bundles import Bundle
from lib.tasks.digits import try_it as answer
from lib.tasks.digits.input import GivenDigit
from lib.ui import cached
from lib.ui import inside as anatomy
from lib.ui.page import experiment_page


def inside(bundle: Bundle, given: GivenDigit) -> None:
    anatomy.feature_maps(cached.classifier(bundle.slug), given.image, bundle.slug)


experiment_page("digits_cnn", try_it=answer.try_digit, variant_answer=answer.digit_variant, inside=inside)
