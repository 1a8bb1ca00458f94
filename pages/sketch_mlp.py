"""Sketch recognition with a multilayer perceptron."""

from lib.bundles import Bundle
from lib.classifier import Classifier, first_layer_weights
from lib.tasks.sketches.how_it_learnt import teacher
from lib.tasks.sketches.input import GivenSketch
from lib.tasks.sketches.inside import strokes_that_matter
from lib.tasks.sketches.try_it import sketch_variant, try_sketch
from lib.tasks.sketches.where_it_fails import category_mistakes
from lib.ui import cached
from lib.ui.inside import first_layer
from lib.ui.page import answering, experiment_page


def inside(bundle: Bundle, given: GivenSketch) -> None:
    classifier = cached.load(Classifier, bundle.slug)
    strokes_that_matter(classifier, given)
    first_layer(classifier, cached.load(first_layer_weights, bundle.slug), given.image, "sketch")


experiment_page(
    "sketch_mlp",
    live=answering(try_it=try_sketch, variant_answer=sketch_variant, inside=inside),
    lesson=teacher,
    where_it_fails=category_mistakes,
)
