"""Digits recognition with a convolutional network."""

from lib import cached
from lib.bundles import Bundle
from lib.inputs.digit import GivenDigit
from lib.sections import anatomy, answer
from lib.sections.page import experiment_page


def inside(bundle: Bundle, given: GivenDigit) -> None:
    anatomy.feature_maps(cached.classifier(bundle.slug), given.image, bundle.slug)


experiment_page("digits_cnn", try_it=answer.try_digit, variant_answer=answer.digit_variant, inside=inside)
