"""Charts of the sums."""

from __future__ import annotations

import numpy as np

from lib import bundles
from lib.tasks.sums import adder
from lib.tasks.sums import charts as charts_recurrent
from lib.tasks.sums import data as sums
from lib.ui import charts
from lib.ui.charts import state_map
from tests.charts import flat, marks


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
        charts_recurrent.answer_map(charts_recurrent.map_of_states(bundle)),
        charts_recurrent.answer_map(charts_recurrent.map_of_states(bundle), (np.zeros(2), "1+1")),
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
