"""Digits recognition with a multilayer perceptron."""

from lib import cached
from lib.bundles import Bundle
from lib.inputs.digit import GivenDigit
from lib.sections import anatomy, answer, time_machine
from lib.sections.page import experiment_page


def moments(bundle: Bundle, given: GivenDigit) -> None:
    time_machine.time_machine(cached.timeline(bundle.slug), bundle.classes, given, bundle.slug)


def inside(bundle: Bundle, given: GivenDigit) -> None:
    anatomy.first_layer(cached.classifier(bundle.slug), cached.timeline(bundle.slug), given)


experiment_page(
    "digits_mlp",
    try_it=answer.try_digit,
    variant_answer=answer.digit_variant,
    inside=inside,
    time_machine=moments,
)
