"""Sketch recognition with a convolutional network."""

from lib import cached
from lib.bundles import Bundle
from lib.inputs.sketch import GivenSketch
from lib.sections import anatomy, categories, lessons, sketching
from lib.sections.page import experiment_page


def inside(bundle: Bundle, given: GivenSketch) -> None:
    classifier = cached.classifier(bundle.slug)
    sketching.strokes_that_matter(classifier, given)
    anatomy.feature_maps(classifier, given.image, bundle.slug, "sketch", "are those wheels?")


experiment_page(
    "sketch_cnn",
    try_it=sketching.try_sketch,
    lesson=lessons.distortions,
    variant_answer=sketching.sketch_variant,
    inside=inside,
    where_it_fails=categories.category_mistakes,
)
