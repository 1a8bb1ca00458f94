"""Digits on the command line."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from PIL import Image

from lib import bundles, catalogue
from lib.__main__ import main

SLUGS = catalogue.slugs("digits")


@pytest.mark.parametrize("slug", SLUGS)
def test_predict_prints_one_object_per_input(capsys, slug, seven, tmp_path, examples):
    Image.fromarray(examples[0][3]).save(tmp_path / "three.png")
    assert main(["predict", slug, seven, str(tmp_path / "three.png"), "--top", "2", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["input"] for row in rows] == [seven, str(tmp_path / "three.png")]
    assert [row["top"][0]["label"] for row in rows] == ["7", "3"]
    assert [len(row["top"]) for row in rows] == [2, 2]
    assert 0.5 < rows[0]["top"][0]["probability"] <= 1


def test_predict_for_people(capsys, seven):
    assert main(["predict", "digits_cnn", seven]) == 0
    assert capsys.readouterr().out.startswith(f"{seven}: 7 (")


def test_evaluate_scores_a_file_of_ones_own(capsys, tmp_path, examples):
    labels = examples[1].copy()
    labels[0] = 9
    np.savez(tmp_path / "own.npz", images=examples[0], labels=labels)
    assert main(["evaluate", "digits_cnn", "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["slug"], result["variant"], result["n"]) == ("digits_cnn", "good", 10)
    assert result["accuracy"] == pytest.approx(0.9)


def test_evaluate_takes_a_variant(capsys, small_mnist, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", str(small_mnist))
    assert main(["evaluate", "digits_mlp", "--variant", "underfit", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["variant"], result["n"]) == ("underfit", 100)


@pytest.mark.skipif("ML_DATA_DIR" not in os.environ, reason="ML_DATA_DIR names no folder with the real MNIST")
@pytest.mark.parametrize("slug", SLUGS)
def test_evaluate_finds_the_score_that_the_page_shows(capsys, slug):
    assert main(["evaluate", slug, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load(slug).variant("good")["test"]
    assert result["n"] == recorded["n"] == 10_000
    # Another processor may round a close call differently.
    assert result["accuracy"] == pytest.approx(recorded["accuracy"], abs=2e-4)
