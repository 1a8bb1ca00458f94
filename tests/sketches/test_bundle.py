"""The bundles of the sketches say what the project promises."""

from __future__ import annotations

import numpy as np
import pytest

from lib import bundles, catalogue
from lib.classifier import Classifier

SKETCHES = catalogue.slugs("sketches")

SKETCH_TARGETS = {"sketch_cnn": (0.62, 0.85), "sketch_mlp": (0.45, 0.7)}


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketches_are_what_the_project_promises(slug):
    bundle = bundles.load(slug)
    good = bundle.variant("good")
    assert len(bundle.classes) == 345
    assert good["test"]["n"] == 3450
    assert good["test"]["accuracy"] >= SKETCH_TARGETS[slug][0]
    assert good["test"]["top_5_accuracy"] >= SKETCH_TARGETS[slug][1]
    assert good["parameters"] <= {"sketch_cnn": 3_000_000, "sketch_mlp": 2_000_000}[slug]
    assert good["test"]["calibration_error"] < 0.05
    # Any pen, any size, any place.
    drawn = bundle.facts["freehand"]
    assert drawn["normalised"] > drawn["as_they_are"] - 0.1
    assert drawn["normalised"] > drawn["naive"] + 0.2


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketch_variants_teach_what_they_claim(slug):
    bundle = bundles.load(slug)
    tests = {name: bundle.variant(name)["test"] for name in bundle.variants}
    assert tests["underfit"]["accuracy"] < 0.25
    assert tests["overfit"]["accuracy"] < tests["good"]["accuracy"] - 0.1
    memorised = bundle.history.query("variant == 'overfit'").iloc[-1]
    assert memorised["accuracy"] > 0.9
    best = bundle.lesson.groupby(["how", "set"], sort=False)["accuracy"].max()
    better, worse = dict.fromkeys(bundle.lesson["how"])
    assert best[better, "validation"] > best[worse, "validation"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_recorded_guesses_are_what_the_model_says(slug):
    bundle = bundles.load(slug)
    evaluation = bundle.evaluation
    probabilities = Classifier(bundle).probabilities(evaluation["test_images"][::10])
    same = probabilities.argmax(axis=1) == evaluation["test_guesses"][::10, 0]
    # Another processor may round a close call differently.
    assert same.mean() > 0.99
    assert np.allclose(probabilities.max(axis=1), evaluation["test_probabilities"][::10, 0], atol=0.01)
