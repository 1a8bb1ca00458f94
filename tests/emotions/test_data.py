"""FER2013: read, cleaned, and scored."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from lib.datasets import DatasetError
from lib.tasks.emotions import data as emotions
from lib.tasks.emotions.data import EMOTIONS, Faces
from tests.emotions.small_data import faces, write_strips


def test_both_forms_of_the_data_hold_the_same(tmp_path):
    images, labels = faces(3)
    split = np.repeat([0, 1, 2], 7)
    write_strips(tmp_path / "strips.npz", images, labels, split, of_each=4)
    with (tmp_path / "table.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["emotion", "pixels", "Usage"])
        for image, label, one in zip(images, labels, split, strict=True):
            rows.writerow([label, " ".join(map(str, image.reshape(-1))), emotions.USAGES[one]])
    for read, sets in (
        emotions.load_strips(tmp_path / "strips.npz"),
        emotions.load_table(tmp_path / "table.csv"),
    ):
        assert (read.images == images).all()
        assert (read.labels == labels).all()
        assert (sets == split).all()


def test_missing_data_says_what_to_bring(monkeypatch, tmp_path):
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    with pytest.raises(DatasetError, match=r"fer2013\.csv"):
        emotions.load_test()
    (tmp_path / "bad.csv").write_text("emotion,pixels\n1,2\n")
    with pytest.raises(DatasetError, match="columns"):
        emotions.load_table(tmp_path / "bad.csv")


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((2, 28, 28), np.uint8), [0, 1], "48 x 48"),
        (np.zeros((2, 48, 48), np.float32), [0, 1], "uint8"),
        (np.zeros((2, 48, 48), np.uint8), [0], "each of the 2"),
        (np.zeros((2, 48, 48), np.uint8), [0, 7], "labels must be 0 angry"),
    ],
)
def test_own_faces_of_another_form_get_a_sentence(tmp_path, images, labels, words):
    np.savez(tmp_path / "own.npz", images=images, labels=np.array(labels))
    with pytest.raises(DatasetError, match=words):
        emotions.load_faces(tmp_path / "own.npz")


def test_cleaning_leaves_out_each_picture_for_one_reason():
    images, labels = faces(3, seed=1)
    train, held_out = Faces(images[:14], labels[:14]), Faces(images[14:], labels[14:])
    blank = np.full((1, 48, 48), 9, np.uint8)
    near = np.clip(held_out.images[:1].astype(int) + 3, 0, 255).astype(np.uint8)
    more = np.concatenate([train.images, blank, held_out.images[1:2], near, train.images[:1], train.images[1:2]])
    other = (train.labels[1] + 1) % 7
    marked = np.concatenate([train.labels, [0, held_out.labels[1], held_out.labels[0], train.labels[0], other]])
    left, found = emotions.clean(Faces(more, marked), [held_out])
    # Of a picture with two labels, both copies go.
    assert (found.before, found.after) == (19, len(left)) == (19, 13)
    assert (found.empty, found.held_out, found.nearly_held_out, found.disputed, found.repeated) == (1, 1, 1, 2, 1)


def test_disagreements_are_counted_for_both_labels():
    images, _ = faces(1)
    both = Faces(np.concatenate([images[:2], images[:1]]), np.array([2, 3, 4]))
    found = emotions.disagreements(both)
    assert found[2, 4] == found[4, 2] == 1
    assert found.sum() == 2


def test_rare_emotions_get_larger_weights():
    weights = emotions.class_weights(np.array([0] * 9 + [1]))
    assert weights[1] == pytest.approx(9 * weights[0])
    assert np.average(weights[[0, 1]], weights=[9, 1]) == pytest.approx(1)


def test_scores_of_a_reader_that_knows_one_emotion():
    probabilities = np.tile(np.eye(7)[3] * 0.93 + 0.01, (10, 1))
    labels = np.array([3] * 8 + [0, 1])
    found = emotions.scores(probabilities, labels)
    assert found["accuracy"] == 0.8
    assert found["macro_recall"] == pytest.approx(1 / 3, abs=1e-5)
    assert found["calibration_error"] == pytest.approx(0.14, abs=1e-5)
    assert emotions.recalls(probabilities, labels) == [0.0, 0.0, None, 1.0, None, None, None]
    assert len(EMOTIONS) == 7
