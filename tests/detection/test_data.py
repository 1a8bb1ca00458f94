"""Labelled photos, and how a detector is scored on them."""

from __future__ import annotations

import numpy as np
import pytest

from lib import datasets
from lib.tasks.detection import data as coco
from tests.detection.packed import arrays


@pytest.fixture
def labelled(tmp_path) -> coco.LabelledPhotos:
    np.savez(tmp_path / "photos.npz", **arrays())
    return coco.load_labelled_photos(tmp_path / "photos.npz")


def test_labelled_photos_are_read(labelled):
    assert len(labelled) == 2
    assert labelled.label.tolist() == [15, 0, 0]
    assert labelled.box[0] == pytest.approx([40, 20, 60, 60])
    assert labelled.photo(1).size == (100, 80)
    assert len(labelled.head(1).label) == 1
    assert labelled.head(None) is labelled
    assert coco.sizes(labelled).tolist() == [3, 0, 0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": np.zeros((0, 2))}, "at least one photo"),
        ({"size": np.zeros((2, 2), int)}, "positive"),
        ({"offsets": np.array([0, 5])}, "offsets"),
        ({"offsets": np.array([0, 9, 5])}, "offsets must rise"),
        ({"offsets": np.array([0, 9, 10**9])}, "stay within jpeg"),
        ({"boxes": np.zeros((3, 5))}, "boxes must be"),
        ({"boxes": np.zeros((0, 6))}, "at least one"),
        ({"boxes": np.full((1, 6), np.nan)}, "boxes must be"),
        ({"boxes": np.array([[2, 0, 0.5, 0.5, 0.1, 0.1]])}, "not there"),
        ({"boxes": np.array([[0, 2, 0.5, 0.5, 0.1, 0.1]])}, "not there"),
        ({"class_names": np.array(["cat", "unicorn"])}, "'unicorn' is no class"),
    ],
)
def test_files_that_are_wrong_are_refused_with_a_sentence(tmp_path, changes, sentence):
    np.savez(tmp_path / "photos.npz", **arrays(**changes))
    with pytest.raises(datasets.DatasetError, match=sentence):
        coco.load_labelled_photos(tmp_path / "photos.npz")


def test_a_damaged_photo_is_named(tmp_path):
    given = arrays()
    np.savez(tmp_path / "photos.npz", **arrays(jpeg=np.zeros_like(given["jpeg"])))
    with pytest.raises(datasets.DatasetError, match="Photo 0 cannot be decoded"):
        coco.load_labelled_photos(tmp_path / "photos.npz").photo(0)


def found_as(data: coco.LabelledPhotos, **changes) -> coco.Found:
    n = len(data.label)
    given = {"image": data.image, "label": data.label, "score": np.linspace(0.9, 0.5, n), "box": data.box} | changes
    return coco.Found(**given)


def test_who_finds_everything_scores_one(labelled):
    scores = coco.score(labelled, found_as(labelled))
    assert scores.mean_average_precision == pytest.approx(1)
    assert scores.mean_average_precision_50 == pytest.approx(1)
    assert scores.by_size[0] == pytest.approx(1)
    assert np.isnan(scores.by_size[2])
    assert np.isnan(scores.average_precision[1])
    assert scores.recall[[0, 15]].tolist() == [1, 1]
    assert scores.precision.shape == scores.threshold.shape == (80, 101)


def test_a_box_that_is_off_counts_at_half_only(labelled):
    off = found_as(labelled, box=labelled.box + np.array([2, 0, 2, 0]))
    scores = coco.score(labelled, off)
    assert scores.mean_average_precision_50 == pytest.approx(1)
    assert 0.3 < scores.mean_average_precision < 0.9


def test_who_finds_nothing_scores_zero(labelled):
    empty = found_as(labelled, image=np.zeros(0, int), label=np.zeros(0, int), score=np.zeros(0), box=np.zeros((0, 4)))
    assert coco.score(labelled, empty).mean_average_precision == 0
    counts = coco.confusions(labelled, empty, 0.1)
    assert counts[:, 80].sum() == counts.sum() == 3


def test_mistakes_are_told_apart(labelled):
    dog = 16
    found = found_as(labelled, label=np.array([dog, 0, 0]), box=labelled.box + np.array([[0], [0], [-30]]))
    counts = coco.confusions(labelled, found, 0.1)
    # A cat called dog; a person found; one missed, and a box where nothing is.
    assert counts[15, dog] == counts[0, 0] == counts[0, 80] == counts[80, 0] == 1
    assert counts.sum() == 4
    assert coco.confusions(labelled, found, 0.99).sum() == 3
