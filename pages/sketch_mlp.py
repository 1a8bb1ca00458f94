"""Sketch recognition with a multilayer perceptron."""

from lib import cached
from lib.bundles import Bundle
from lib.inputs.sketch import GivenSketch
from lib.sections import anatomy, categories, lessons, sketching
from lib.sections.page import experiment_page


def inside(bundle: Bundle, given: GivenSketch) -> None:
    classifier = cached.classifier(bundle.slug)
    sketching.strokes_that_matter(classifier, given)
    anatomy.first_layer(classifier, cached.first_layer(bundle.slug), given.image, "sketch")


experiment_page(
    "sketch_mlp",
    try_it=sketching.try_sketch,
    lesson=lessons.teacher,
    variant_answer=sketching.sketch_variant,
    inside=inside,
    where_it_fails=categories.category_mistakes,
)
