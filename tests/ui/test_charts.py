import re
import tomllib

import altair as alt
import numpy as np
import pandas as pd
import pytest

from lib import bundles, catalogue, pictures
from lib.tasks.digits.charts import accuracy_by_pen, confusion_matrix, moments, preprocessing_bars
from lib.tasks.digits.where_it_fails import read_confusion
from lib.tasks.sketches import charts as charts_sketch
from lib.tasks.sketches import where_it_fails as categories
from lib.tasks.sums import adder
from lib.tasks.sums import charts as charts_recurrent
from lib.tasks.sums import data as sums
from lib.tasks.texts.charts import bits_bars, context_curve, place_curve
from lib.ui import charts
from lib.ui.charts import state_map, with_and_without
from lib.ui.sentences import read_curves
from tests.conftest import SKETCHES, SLUGS, TEXTS


def history(loss, val_loss, accuracy=0.99, val_accuracy=0.98, variant="good"):
    n = len(loss)
    return pd.DataFrame(
        {
            "variant": variant,
            "epoch": range(1, n + 1),
            "loss": loss,
            "val_loss": val_loss,
            "accuracy": np.broadcast_to(accuracy, n),
            "val_accuracy": np.broadcast_to(val_accuracy, n),
        }
    )


def marks(chart) -> list[dict]:
    """Encodings of every layer with a mark."""
    spec = chart.to_dict()
    return [layer for layer in spec.get("layer", [spec]) if "mark" in layer]


def test_curves_show_every_epoch_of_both_sets():
    data = charts.curve_data(history([3, 2, 1], [4, 3, 2]))
    assert data.query("set == 'train'")["loss"].tolist() == [3, 2, 1]
    assert data.query("set == 'validation'")["loss"].tolist() == [4, 3, 2]


def test_rule_stands_at_the_kept_epoch():
    chart = charts.training_curve(history([3, 2, 1], [4, 3, 2]), "loss", 2)
    assert any(row.get("epoch") == 2 and "kept" in row.get("what", "") for row in flat(chart))


def flat(chart) -> list[dict]:
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_mark_has_a_tooltip_and_every_axis_a_title(slug):
    bundle = bundles.load(slug)
    good = bundle.history.query("variant == 'good'")
    drawn = bundle.facts["freehand"]
    all_charts = [
        charts.training_curve(good, "loss", 3),
        charts.training_curve(good, "accuracy", 3),
        charts.variant_curve(good, charts.loss_bounds(bundle.history)),
        confusion_matrix(bundle.evaluation["confusion_good"], bundle.classes),
        charts.probability_bars(bundle.classes, np.full(10, 0.1)),
        accuracy_by_pen(drawn["by_pen"]),
        preprocessing_bars(drawn["pasted"], drawn["pasted_naive"]),
        moments(np.array([0, 0.5, 1]), np.array([0.1, 0.8, 0.9]), 1),
    ]
    for chart in all_charts:
        for layer in marks(chart):
            assert "tooltip" in layer["encoding"], chart
    for chart in all_charts[:3]:
        assert "nats" in str(chart.to_dict()) or "accuracy" in str(chart.to_dict())


def test_every_mark_of_the_sums_has_a_tooltip():
    bundle = bundles.load("numbers_sum")
    evaluation = bundle.evaluation
    answer = adder.load_adder(bundle).answer(sums.Sum(17, 38))
    good = bundle.history.query("variant == 'good'")
    all_charts = [
        charts.training_curve(good, "exact_match", 3, "exact_match", "exact answers"),
        charts_recurrent.considered(answer.guesses, [*answer.text, "\n"]),
        charts_recurrent.considered([], []),
        state_map(answer.read, answer.states[:, :5]),
        charts_recurrent.answer_map(evaluation),
        charts_recurrent.answer_map(evaluation, (np.zeros(2), "1+1")),
        charts_recurrent.operand_map(evaluation["heat_count"], evaluation["heat_right_good"]),
        charts_recurrent.wrong_bars(["0", "1"], np.array([1, 0]), np.array([10, 0]), "carries"),
    ]
    for chart in all_charts:
        for layer in marks(chart):
            assert "tooltip" in layer["encoding"], chart


def test_considered_marks_what_was_written():
    answer = adder.load_adder(bundles.load("numbers_sum")).answer(sums.Sum(17, 38))
    rows = [row for row in flat(charts_recurrent.considered(answer.guesses, [*answer.text, "\n"])) if row["written"]]
    assert [(row["place"], row["character"]) for row in rows] == [(1, "5"), (2, "5"), (3, "end")]
    assert all(row["probability"] > 0.5 for row in rows)


def test_every_square_of_operands_counts_its_mistakes():
    count, right = np.full((40, 40), 90), np.full((40, 40), 90)
    right[3, 7] = 45
    [row] = [row for row in flat(charts_recurrent.operand_map(count, right)) if row["wrong"]]
    assert (row["first"], row["second"], row["share"]) == (75, 175, 0.5)


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


def test_losses_within_a_decade_stand_on_a_plain_scale():
    near = charts.training_curve(history([3, 2, 1.5], [2.5, 2, 1.6]), "loss", 3)
    far = charts.training_curve(history([3, 0.2, 0.01], [2.5, 2, 1.6]), "loss", 3)
    assert "log scale" not in str(near.to_dict())
    assert "log scale" in str(far.to_dict())


def test_confusion_colours_follow_mistakes_only():
    counts = np.diag([900] * 3)
    counts[0, 1] = 7
    data = pd.DataFrame(flat(confusion_matrix(counts, ["a", "b", "c"])))
    assert data.loc[(data.true == "a") & (data.predicted == "b"), "mistakes"].item() == 7
    assert data.loc[data.true == data.predicted, "mistakes"].isna().all()
    assert data.loc[(data.true == "b") & (data.predicted == "c"), "shown"].item() == ""


def test_best_bar_is_highlighted_unless_there_is_none():
    data = pd.DataFrame(flat(charts.probability_bars(["0", "1"], [0.3, 0.7])))
    assert data["best"].tolist() == [False, True]
    data = pd.DataFrame(flat(charts.probability_bars(["0", "1"], [0, 0])))
    assert not data["best"].any()


def test_bars_stand_in_the_order_that_they_are_given():
    chart = charts.probability_bars(["b", "a"], [0.3, 0.7])
    assert chart.to_dict()["encoding"]["y"]["sort"] == ["b", "a"]


def test_reliability_leaves_out_empty_groups():
    evaluation = {
        "calibration_confidence": np.array([np.nan, 0.9]),
        "calibration_accuracy": np.array([np.nan, 0.8]),
        "calibration_count": np.array([0, 10]),
    }
    chart = charts.reliability(evaluation)
    assert isinstance(chart, alt.LayerChart)
    assert [row["count"] for row in flat(chart) if "count" in row] == [10]


@pytest.mark.parametrize(
    ("rows", "chosen", "part"),
    [
        (history([1, 0.5, 0.1], [0.9, 0.4, 0.09]), 3, "little left to learn"),
        (history([1, 0.1, 0.001], [0.9, 0.4, 0.8]), 3, "since risen by 0.40"),
        (history([1, 0.2, 0.1], [0.9, 0.5, 0.4]), 3, "0.30 lower than the validation loss"),
        (history([1, 0.5, 0.3], [0.9, 0.2, 0.1]), 3, "no mistake"),
        (history([2, 1.9, 1.8], [2, 1.9, 1.8], 0.3, 0.3), 3, "underfitting"),
        (history([3, 2.4, 2.2], [2.5, 2, 1.8], 0.67, 0.59), 3, "67% of its own digits right and 59% of new ones"),
    ],
)
def test_sentence_reads_this_very_chart(rows, chosen, part):
    sentence = read_curves(rows, chosen, "accuracy", catalogue.TASKS["digit"])
    assert part in sentence
    assert f"epoch **{chosen}**" in sentence


def test_sentence_names_the_most_frequent_mistake():
    text = read_confusion([[5, 1], [2, 7]], ["cat", "dog"])
    assert "3 of 15" in text
    assert "a **dog** read as a **cat**, 2 times" in text
    assert "All 12" in read_confusion([[5, 0], [0, 7]], ["cat", "dog"])


def test_sheet_puts_pictures_in_rows_with_clear_gaps():
    white = np.full((2, 2, 3), 255, np.uint8)
    sheet = pictures.sheet([white] * 3, columns=2, factor=2, gap=1)
    assert sheet.shape == (9, 9, 4)
    assert sheet[4, :, 3].max() == 0
    assert sheet[5:, 5:, 3].max() == 0


def test_diverging_is_white_at_zero_and_symmetric():
    colours = pictures.diverging(np.array([[-2.0, 0.0, 2.0]]))
    assert colours[0, 1].min() > 240
    assert tuple(colours[0, 0]) == (217, 130, 0)
    assert tuple(colours[0, 2]) == (46, 139, 192)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2 defines it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def test_words_in_charts_stand_off_from_both_themes():
    themes = tomllib.loads((bundles.ROOT / ".streamlit/config.toml").read_text())["theme"]
    config = charts.probability_bars(["a", "b"], [0.3, 0.7]).to_dict()["config"]
    for part in ("axis", "legend", "header"):
        for what in ("labelColor", "titleColor"):
            colours = re.findall(r"'(#\w{6})'", config[part][what]["expr"])
            for theme, colour in zip(("dark", "light"), colours, strict=True):
                light, dark = sorted((luminance(colour), luminance(themes[theme]["backgroundColor"])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) > 4.5
