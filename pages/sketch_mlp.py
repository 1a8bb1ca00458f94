"""Sketch recognition with a multilayer perceptron."""

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
    anatomy.first_layer(classifier, cached.first_layer(bundle.slug), given.image, "sketch")


experiment_page(
    "sketch_mlp",
    try_it=sketching.try_sketch,
    lesson=lessons.teacher,
    variant_answer=sketching.sketch_variant,
    inside=inside,
    where_it_fails=categories.category_mistakes,
)
