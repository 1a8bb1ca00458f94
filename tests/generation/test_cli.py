"""Drawing on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from lib import bundles
from lib.__main__ import main


def predict(capsys, *arguments):
    status = main(["predict", *arguments, "--json"])
    read = capsys.readouterr()
    return status, [json.loads(line) for line in read.out.splitlines()], read.err


def test_classes_are_drawn_on_one_sheet(tmp_path, capsys):
    sheets = []
    for name, classes in (("a", "733"), ("b", "733"), ("c", "75")):
        path = tmp_path / f"{name}.png"
        status, rows, _ = predict(
            capsys, "generate_digits", *classes, "--seed", "1", "--steps", "5", "--output", str(path)
        )
        assert status == 0
        assert [row["class"] for row in rows] == list(classes)
        assert [row["place"] for row in rows] == list(range(1, len(classes) + 1))
        with Image.open(path) as picture:
            sheets.append(np.asarray(picture.convert("L")))
    first, again, other = sheets
    assert np.array_equal(first, again)
    assert first.shape == (56, 3 * 56 + 2 * 4)
    # The same noise for the same place, whatever comes after it.
    assert np.abs(first[:, :56].astype(int) - other[:, :56]).max() <= 1
    assert not np.array_equal(first[:, 60:116], other[:, 60:116])


def test_drawn_digits_are_read_as_asked(tmp_path, capsys):
    path = tmp_path / "sheet.png"
    _, rows, _ = predict(capsys, "generate_digits", *"0123456789", "--seed", "3", "--output", str(path))
    assert sum(row["read_as"] == row["class"] for row in rows) >= 9


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["ten"], "cannot draw 'ten'"),
        (["3", "--steps", "0"], "1 to 50 steps"),
        (["3", "--seed", "-1"], "seed must be a whole number from 0"),
        (["3", "--guidance", "99"], "guidance must be from 0 to 5"),
        (["3"] * 101, "1 to 100 pictures"),
        (["3", "--output", "no_folder/sheet.png"], "cannot be written"),
    ],
)
def test_bad_input_gets_a_sentence(tmp_path, monkeypatch, capsys, given, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(["predict", "generate_digits", *given]) == 1
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("slug", ["generate_digits", "generate_clothes"])
def test_scores_of_a_file(tmp_path, capsys, slug):
    evaluation = bundles.load(slug).evaluation
    labels = np.repeat(np.arange(10), 2)
    np.savez(tmp_path / "real.npz", images=evaluation["real_shown"], labels=labels)
    assert main(["evaluate", slug, "--data", str(tmp_path / "real.npz"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 20
    assert figures["read_as_asked"] >= 0.8
    assert figures["frechet_distance"] > 0
