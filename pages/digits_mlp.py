"""Digits recognition with a multilayer perceptron."""

from lib.bundles import Bundle
from lib.tasks.digits import time_machine
from lib.tasks.digits import try_it as answer
from lib.tasks.digits.input import GivenDigit
from lib.ui import cached
from lib.ui import inside as anatomy
from lib.ui.page import experiment_page


def moments(bundle: Bundle, given: GivenDigit) -> None:
    time_machine.time_machine(
        cached.timeline(bundle.slug), bundle.classes, given, bundle.slug, bundle.variant("good")["chosen_epoch"]
    )


def inside(bundle: Bundle, given: GivenDigit) -> None:
    timeline = cached.timeline(bundle.slug)
    kept = timeline.moment_of(bundle.variant("good")["chosen_epoch"])
    anatomy.first_layer(cached.classifier(bundle.slug), timeline.first_layer(kept), given.image)


experiment_page(
    "digits_mlp",
    try_it=answer.try_digit,
    variant_answer=answer.digit_variant,
    inside=inside,
    time_machine=moments,
)
