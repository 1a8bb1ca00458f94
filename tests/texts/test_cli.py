"""Texts on the command line."""

from __future__ import annotations

import json
import os

import pytest

from lib import bundles, catalogue
from lib.__main__ import main

TEXTS = catalogue.slugs("texts")


@pytest.mark.parametrize("slug", TEXTS)
def test_predict_writes_on(capsys, slug):
    command = ["predict", slug, "ROMEO:", "--length", "40", "--temperature", "0.8", "--seed", "1"]
    assert main(command) == 0
    first = capsys.readouterr().out
    assert first.startswith("ROMEO:")
    assert len(first) == len("ROMEO:") + 40 + 1
    assert main(command) == 0
    assert capsys.readouterr().out == first
    assert main([*command, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["prompt"] + row["text"] + "\n" == first
    assert main([*command[:-1], "2"]) == 0
    assert capsys.readouterr().out != first


def test_unknown_characters_are_named_and_left_out(capsys):
    assert main(["predict", "text_shakespeare", "RÖMEO 7:", "--length", "5", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["prompt"] == "ROMEO :"
    assert "O for Ö" in captured.err
    assert "know them: 7" in captured.err
    assert main(["predict", "text_shakespeare", "", "--length", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["prompt"] == bundles.load("text_shakespeare").facts["start"]


def test_evaluate_scores_a_text_of_ones_own(capsys, tmp_path):
    evaluation = bundles.load("text_shakespeare").evaluation
    (tmp_path / "own.txt").write_text("\n".join(map(str, evaluation["easy_texts"])) + "é")
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt"), "--json"]) == 0
    easy = json.loads(capsys.readouterr().out)["bits_per_character"]
    (tmp_path / "own.txt").write_text("\n".join(map(str, evaluation["hard_texts"])))
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt"), "--json"]) == 0
    assert easy < json.loads(capsys.readouterr().out)["bits_per_character"]
    (tmp_path / "own.txt").write_text("éé")
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt")]) == 1
    assert "no character that this network knows" in capsys.readouterr().err


@pytest.mark.skipif("ML_DATA_DIR" not in os.environ, reason="ML_DATA_DIR names no folder with the real texts")
@pytest.mark.parametrize("slug", TEXTS)
def test_evaluate_finds_the_bits_that_the_page_shows(capsys, slug):
    assert main(["evaluate", slug, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load(slug).variant("good")["test"]
    assert result["n"] == recorded["n"]
    assert result["bits_per_character"] == pytest.approx(recorded["bits_per_character"], abs=1e-3)
