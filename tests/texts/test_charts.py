"""Charts of the texts."""

from __future__ import annotations

import pandas as pd
import pytest

from lib import bundles, catalogue
from lib.tasks.texts.charts import bits_bars, context_curve, place_curve
from lib.ui import charts
from tests.charts import marks

TEXTS = catalogue.slugs("texts")


@pytest.mark.parametrize("slug", TEXTS)
def test_every_mark_of_the_texts_has_a_tooltip(slug):
    evaluation = bundles.load(slug).evaluation
    kinds = pd.DataFrame({key: evaluation[f"kind_{key}"] for key in ("count", "bits", "accuracy")}).assign(name="x")
    all_charts = [
        bits_bars(kinds),
        context_curve(evaluation["context_length"], evaluation["context_bits"]),
        place_curve(evaluation["place_bits"], evaluation["place_count"]),
        charts.reliability(evaluation, "characters"),
    ]
    for chart in all_charts:
        for layer in marks(chart):
            assert "tooltip" in layer["encoding"] or layer["mark"]["type"] == "line", chart
