"""Digits recognition with a multilayer perceptron."""

from lib import cached, sections
from lib.bundles import Bundle
from lib.inputs.digit import GivenDigit


def time_machine(bundle: Bundle, given: GivenDigit) -> None:
    sections.time_machine(cached.timeline(bundle.slug), bundle.classes, given, bundle.slug)


def inside(bundle: Bundle, given: GivenDigit) -> None:
    sections.first_layer(cached.classifier(bundle.slug), cached.timeline(bundle.slug), given)


sections.experiment_page(
    "digits_mlp",
    try_it=sections.try_digit,
    variant_answer=sections.digit_variant,
    inside=inside,
    time_machine=time_machine,
)
