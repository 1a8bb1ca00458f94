"""Charts of the digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lib import bundles, catalogue
from lib.tasks.digits.charts import accuracy_by_pen, confusion_matrix, moments, preprocessing_bars
from lib.tasks.digits.where_it_fails import read_confusion
from lib.ui import charts
from tests.charts import flat, marks

SLUGS = catalogue.slugs("digits")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_mark_has_a_tooltip_and_every_axis_a_title(slug):
    bundle = bundles.load(slug)
    good = bundle.history.query("variant == 'good'")
    drawn = bundle.facts["freehand"]
    all_charts = [
        charts.training_curve(good, "loss", 3),
        charts.training_curve(good, "accuracy", 3),
        charts.variant_curves(bundle.history, "loss", charts.TITLES),
        confusion_matrix(bundle.evaluation["confusion_good"], bundle.classes),
        charts.probability_bars(bundle.classes, np.full(10, 0.1)),
        accuracy_by_pen(drawn["by_pen"]),
        preprocessing_bars(drawn["pasted"], drawn["pasted_naive"]),
        moments(np.array([0, 0.5, 1]), np.array([0.1, 0.8, 0.9]), 1),
    ]
    for chart in all_charts:
        for layer in marks(chart):
            # An area between two curves stands for both, which have their own.
            assert "tooltip" in layer["encoding"] or layer["mark"]["type"] == "area", chart
    for chart in all_charts[:3]:
        assert "nats" in str(chart.to_dict()) or "accuracy" in str(chart.to_dict())


def test_confusion_colours_follow_mistakes_only():
    counts = np.diag([900] * 3)
    counts[0, 1] = 7
    data = pd.DataFrame(flat(confusion_matrix(counts, ["a", "b", "c"])))
    assert data.loc[(data.true == "a") & (data.predicted == "b"), "mistakes"].item() == 7
    assert data.loc[data.true == data.predicted, "mistakes"].isna().all()
    assert data.loc[(data.true == "b") & (data.predicted == "c"), "shown"].item() == ""


def test_sentence_names_the_most_frequent_mistake():
    text = read_confusion([[5, 1], [2, 7]], ["cat", "dog"])
    assert "3 of 15" in text
    assert "a **dog** read as a **cat**, 2 times" in text
    assert "All 12" in read_confusion([[5, 0], [0, 7]], ["cat", "dog"])
