"""Digits recognition with a convolutional network."""

from lib import cached, sections
from lib.bundles import Bundle
from lib.inputs.digit import GivenDigit


def inside(bundle: Bundle, given: GivenDigit) -> None:
    sections.feature_maps(cached.classifier(bundle.slug), given, bundle.slug)


sections.experiment_page("digits_cnn", try_it=sections.try_digit, variant_answer=sections.digit_variant, inside=inside)
