import re
import tomllib

import altair as alt
import numpy as np
import pandas as pd

from lib import bundles
from lib.ui import charts
from tests.charts import flat, history


def test_curves_show_every_epoch_of_both_sets():
    data = charts.curve_data(history([3, 2, 1], [4, 3, 2]))
    assert data.query("set == 'train'")["loss"].tolist() == [3, 2, 1]
    assert data.query("set == 'validation'")["loss"].tolist() == [4, 3, 2]


def test_rule_stands_at_the_kept_epoch():
    chart = charts.training_curve(history([3, 2, 1], [4, 3, 2]), "loss", 2)
    assert any(row.get("epoch") == 2 and "kept" in row.get("what", "") for row in flat(chart))


def test_losses_within_a_decade_stand_on_a_plain_scale():
    near = charts.training_curve(history([3, 2, 1.5], [2.5, 2, 1.6]), "loss", 3)
    far = charts.training_curve(history([3, 0.2, 0.01], [2.5, 2, 1.6]), "loss", 3)
    assert "log scale" not in str(near.to_dict())
    assert "log scale" in str(far.to_dict())


def test_best_bar_is_highlighted_unless_there_is_none():
    data = pd.DataFrame(flat(charts.probability_bars(["0", "1"], [0.3, 0.7])))
    assert data["best"].tolist() == [False, True]
    data = pd.DataFrame(flat(charts.probability_bars(["0", "1"], [0, 0])))
    assert not data["best"].any()


def test_bars_stand_in_the_order_that_they_are_given():
    chart = charts.probability_bars(["b", "a"], [0.3, 0.7])
    assert chart["encoding"]["y"]["sort"] == {"field": "place"}
    assert [(row["label"], row["place"]) for row in flat(chart)] == [("b", 0), ("a", 1)]


def test_form_of_a_chart_is_worked_out_once():
    one, other = charts.probability_bars(["a", "b"], [0.3, 0.7]), charts.probability_bars(["c"], [1.0])
    assert one["encoding"] is other["encoding"]
    assert [row["label"] for row in flat(one)] == ["a", "b"]


def test_finished_chart_holds_the_same_rows():
    chart = charts.training_curve(history([3, 2, 1], [4, 3, 2]), "loss", 2)
    assert flat(charts.finished(chart)) == flat(chart)


def test_curves_of_all_variants_share_their_axes_and_mark_where_one_memorises():
    rows = pd.concat(
        [history([2, 1.9], [2, 1.9], variant="underfit"), history([1, 0.00001], [1, 2], variant="overfit")]
    )
    titles = {"underfit": "Too simple", "overfit": "Memorised"}
    chart = charts.variant_curves(rows, "loss", titles, memorises_from=1)
    shown = flat(chart)
    assert {row["network"] for row in shown if "network" in row} == set(titles.values())
    # A log scale ends where it has to.
    assert min(row["loss"] for row in shown if "loss" in row) == charts.LEAST_LOSS
    assert any(row.get("epoch") == 1 and "memorises" in row.get("what", "") for row in shown)
    assert "memorises" not in str(charts.variant_curves(rows, "loss", titles).to_dict())


def test_reliability_leaves_out_empty_groups():
    evaluation = {
        "calibration_confidence": np.array([np.nan, 0.9]),
        "calibration_accuracy": np.array([np.nan, 0.8]),
        "calibration_count": np.array([0, 10]),
    }
    chart = charts.reliability(evaluation)
    assert isinstance(chart, alt.LayerChart)
    assert [row["count"] for row in flat(chart) if "count" in row] == [10]


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2 defines it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def test_words_in_charts_stand_off_from_both_themes():
    themes = tomllib.loads((bundles.ROOT / ".streamlit/config.toml").read_text())["theme"]
    config = charts.probability_bars(["a", "b"], [0.3, 0.7])["config"]
    for part in ("axis", "legend", "header"):
        for what in ("labelColor", "titleColor"):
            colours = re.findall(r"'(#\w{6})'", config[part][what]["expr"])
            for theme, colour in zip(("dark", "light"), colours, strict=True):
                light, dark = sorted((luminance(colour), luminance(themes[theme]["backgroundColor"])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) > 4.5
