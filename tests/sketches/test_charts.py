"""Charts of the sketches."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lib import bundles, catalogue
from lib.tasks.sketches import charts as charts_sketch
from lib.tasks.sketches import where_it_fails as categories
from lib.ui import charts
from lib.ui.charts import with_and_without
from tests.charts import marks

SKETCHES = catalogue.slugs("sketches")


@pytest.mark.parametrize("slug", SKETCHES)
def test_every_mark_of_the_sketches_has_a_tooltip(slug):
    bundle = bundles.load(slug)
    evaluation, classes = bundle.evaluation, bundle.classes
    thought = pd.DataFrame(
        {"stroke": [1, 2], "guess": ["a", "b"], "sure": 0.5, "final": "b", "probability": [0.1, 0.5]}
    )
    all_charts = [
        charts_sketch.over_the_strokes(thought),
        charts_sketch.over_the_strokes(thought.head(0)),
        charts_sketch.coloured_strokes([np.array([(0, 0), (9, 9)]), np.array([(1, 2), (3, 4)])], {0: -0.2}),
        charts_sketch.ranking(categories.by_category(bundle).head(5), charts.BLUE),
        charts_sketch.neighbourhood(classes[:20], evaluation["mean_probability"][:20, :20]),
        charts_sketch.category_map(classes, evaluation["map"], "cat", classes[:19]),
        with_and_without(bundle.lesson),
    ]
    for chart in all_charts:
        for layer in marks(chart):
            assert "tooltip" in layer["encoding"], chart


def test_category_sums_agree_with_the_score():
    for slug in SKETCHES:
        bundle = bundles.load(slug)
        test, evaluation = bundle.variant("good")["test"], bundle.evaluation
        rows = categories.by_category(bundle)
        assert rows["right"].sum() / rows["n"].sum() == pytest.approx(test["accuracy"], abs=1e-6)
        within_five = (evaluation["test_guesses"] == evaluation["test_labels"][:, None]).any(axis=1)
        assert within_five.mean() == pytest.approx(test["top_5_accuracy"], abs=1e-6)
        pairs = categories.confused_pairs(bundle)
        assert (pairs["true"] != pairs["guessed"]).all()
        assert pairs["count"].is_monotonic_decreasing
        assert np.allclose(evaluation["mean_probability"].astype(float).sum(axis=1), 1, atol=0.02)
