"""Emotions on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lib.__main__ import main
from tests.emotions.people import BOX, astronaut, black
from tests.emotions.small_data import faces


def test_photo_gets_boxes_in_its_own_pixels(tmp_path, capsys):
    # Larger than what the network looks at.
    astronaut().resize((2048, 2048)).save(tmp_path / "photo.jpg")
    assert main(["predict", "emotions", str(tmp_path / "photo.jpg"), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    row = row[0] if isinstance(row, list) else row
    [face] = row["faces"]
    assert np.abs(np.array(face["box"]) / 4 - BOX).max() < 12
    assert face["probabilities"].keys() == {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"}
    assert sum(face["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    assert face["label"] == "happy"
    assert row["size"] == [2048, 2048]


def test_photo_without_a_face_gets_a_sentence(tmp_path, capsys):
    black().save(tmp_path / "dark.png")
    assert main(["predict", "emotions", str(tmp_path / "dark.png")]) == 0
    assert "almost black" in capsys.readouterr().out


def test_own_faces_are_scored(tmp_path, capsys):
    images, labels = faces(2)
    np.savez(tmp_path / "own.npz", images=images, labels=labels)
    assert main(["evaluate", "emotions", "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"accuracy", "macro_recall", "calibration_error"} <= figures.keys()
    assert figures["n"] == 14
