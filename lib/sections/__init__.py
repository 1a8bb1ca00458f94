"""The parts that every page shows, in the order in which a teacher steps through them."""

from lib.sections.anatomy import feature_maps, first_layer, layer_table
from lib.sections.answer import try_digit
from lib.sections.fit import fit_explorer, variant_answers
from lib.sections.header import guarded, header, open_bundle
from lib.sections.learning import learning
from lib.sections.mistakes import mistakes
from lib.sections.reproduce import reproduce
from lib.sections.time_machine import time_machine

__all__ = [
    "feature_maps",
    "first_layer",
    "fit_explorer",
    "guarded",
    "header",
    "layer_table",
    "learning",
    "mistakes",
    "open_bundle",
    "reproduce",
    "time_machine",
    "try_digit",
    "variant_answers",
]
