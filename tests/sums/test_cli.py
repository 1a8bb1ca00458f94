"""Sums on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lib import bundles
from lib.__main__ import main


def test_predict_adds(capsys):
    assert main(["predict", "numbers_sum", "17+38", "999 + 1", "--json", "--top", "2"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["top"][0]["label"] for row in rows] == ["55", "1000"]
    assert [row["true"] for row in rows] == ["55", "1000"]
    assert all(len(row["top"]) == 2 for row in rows)
    assert main(["predict", "numbers_sum", "17+38"]) == 0
    assert capsys.readouterr().out.startswith("17+38 = 55 (")


def test_bad_sums_get_a_sentence_each(capsys):
    assert main(["predict", "numbers_sum", "-3+5", "12345+1", "17", "2+2", "--json"]) == 1
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert ["error" in row for row in rows] == [True, True, True, False]
    assert "minus" in rows[0]["error"]
    assert "Traceback" not in captured.err


def test_evaluate_scores_sums_of_ones_own(capsys, tmp_path):
    np.savez(tmp_path / "own.npz", a=np.array([17, 5000]), b=np.array([38, 5000]))
    assert main(["evaluate", "numbers_sum", "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["n"], result["exact_match"]) == (2, 0.5)


def test_evaluate_finds_the_score_of_the_sums(capsys):
    assert main(["evaluate", "numbers_sum", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load("numbers_sum").variant("good")["test"]
    assert result["n"] == recorded["n"]
    assert result["exact_match"] == pytest.approx(recorded["exact_match"], abs=2e-4)
    assert result["small_exact_match"] == pytest.approx(recorded["small_exact_match"], abs=2e-4)
