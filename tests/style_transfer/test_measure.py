"""Losses in NumPy: the same as those from which networks learn."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from lib.datasets import DatasetError
from lib.tasks.style_transfer import data as style_data
from lib.tasks.style_transfer import measure, training
from tests.style_transfer import small_data


@pytest.fixture
def weights(tmp_path, monkeypatch):
    np.savez(tmp_path / "vgg16.npz", allow_pickle=False, **small_data.vgg())
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    return style_data.load_vgg()


def test_losses_are_those_of_the_training(weights):
    photo, other = (one[:48, :40] for one in small_data.pictures(2))
    vgg = training.Vgg(weights)
    found, wanted = measure.features(photo, weights), measure.features(other, weights)
    for ours, theirs in zip(found, vgg(photo[None].astype(np.float32)), strict=True):
        assert np.abs(ours - ops.convert_to_numpy(theirs)[0]).max() < 1e-3
    perception = training.Perception(vgg, other)
    content, style = perception.losses(
        photo[None].astype(np.float32), perception.content(other[None].astype(np.float32))
    )
    assert measure.content_loss(found, wanted) == pytest.approx(float(content), rel=1e-3)
    assert measure.style_loss(found, [measure.gram(one) for one in wanted]) == pytest.approx(float(style), rel=1e-3)


def test_painting_has_no_distance_from_itself(weights):
    goal = measure.painting_grams("Great Wave", weights)
    found = measure.features(style_data.load_painting("Great Wave", measure.PAINTING_SIDE), weights)
    assert measure.style_loss(found, goal) == 0


def test_missing_photos_are_named(monkeypatch):
    monkeypatch.delenv("ML_DATA_DIR", raising=False)
    with pytest.raises(DatasetError, match="content_photos"):
        style_data.load_photos()


def test_packed_photos_come_back(tmp_path):
    pictures = small_data.pictures(3)
    np.savez(tmp_path / "photos.npz", allow_pickle=False, **style_data.pack(pictures, quality=95))
    back = style_data.load_packed(tmp_path / "photos.npz")
    assert len(back) == 3
    assert all(np.abs(one.astype(int) - two).mean() < 20 for one, two in zip(back, pictures, strict=True))
    np.savez(tmp_path / "photos.npz", jpeg=np.zeros(3, np.uint8), offsets=np.array([0, 9]))
    with pytest.raises(DatasetError, match="offsets"):
        style_data.load_packed(tmp_path / "photos.npz")
