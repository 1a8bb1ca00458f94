"""Sketch recognition with a convolutional network."""

from lib.bundles import Bundle
from lib.tasks.sketches import how_it_learnt as lessons
from lib.tasks.sketches import try_it as sketching
from lib.tasks.sketches import where_it_fails as categories
from lib.tasks.sketches.input import GivenSketch
from lib.tasks.sketches.inside import strokes_that_matter
from lib.ui import cached
from lib.ui import inside as anatomy
from lib.ui.page import experiment_page


def inside(bundle: Bundle, given: GivenSketch) -> None:
    classifier = cached.classifier(bundle.slug)
    strokes_that_matter(classifier, given)
    anatomy.feature_maps(classifier, given.image, bundle.slug, "sketch", "are those wheels?")


experiment_page(
    "sketch_cnn",
    try_it=sketching.try_sketch,
    lesson=lessons.distortions,
    variant_answer=sketching.sketch_variant,
    inside=inside,
    where_it_fails=categories.category_mistakes,
)
