"""Sketch recognition with a convolutional network."""

from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.tasks.sketches.how_it_learnt import distortions
from lib.tasks.sketches.input import GivenSketch
from lib.tasks.sketches.inside import strokes_that_matter
from lib.tasks.sketches.try_it import sketch_variant, try_sketch
from lib.tasks.sketches.where_it_fails import category_mistakes
from lib.ui import cached
from lib.ui.inside import feature_maps
from lib.ui.page import answering, experiment_page


def inside(bundle: Bundle, given: GivenSketch) -> None:
    classifier = cached.load(Classifier, bundle.slug)
    strokes_that_matter(classifier, given)
    feature_maps(classifier, given.image, bundle.slug, "sketch", "are those wheels?")


experiment_page(
    "sketch_cnn",
    live=answering(try_it=try_sketch, variant_answer=sketch_variant, inside=inside),
    lesson=distortions,
    where_it_fails=category_mistakes,
)
