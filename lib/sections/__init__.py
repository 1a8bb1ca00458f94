"""The parts that pages are made of, and `experiment_page`, which puts them in their order."""

from lib.sections.anatomy import feature_maps, first_layer
from lib.sections.answer import digit_variant, try_digit
from lib.sections.header import guarded
from lib.sections.page import experiment_page
from lib.sections.time_machine import time_machine

__all__ = ["digit_variant", "experiment_page", "feature_maps", "first_layer", "guarded", "time_machine", "try_digit"]
