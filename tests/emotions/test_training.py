"""What the notebook of the emotions calls: changed faces, batches, and the network that finds faces."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib import bundles
from lib.datasets import DatasetError
from lib.take_home import browser_files
from lib.tasks.emotions import training
from lib.tasks.emotions.data import Faces
from tests.emotions.small_data import faces


def test_changed_faces_are_of_the_same_form_and_in_range():
    images, _ = faces(2)
    changed = training.augment(images, keras.random.SeedGenerator(1))
    assert changed.shape == images.shape
    assert changed.dtype == np.float32
    assert 0 <= changed.min() <= changed.max() <= 255
    # Without any strength, a face is mirrored or left as it is.
    plain = training.augment(images, keras.random.SeedGenerator(1), 0.0)
    for one, image in zip(plain, images.astype(np.float32), strict=True):
        assert min(np.abs(one - image).mean(), np.abs(one - image[:, ::-1]).mean()) < 1
    assert training.augment(images[:0], keras.random.SeedGenerator(1)).shape == (0, 48, 48)


def test_batches_are_the_same_in_whichever_order_they_are_asked_for(monkeypatch):
    # Few at once, so that a batch has faces of two draws.
    monkeypatch.setattr(training, "_AT_ONCE", 100)
    images, labels = faces(10)
    data = Faces(np.tile(images, (4, 1, 1)), np.tile(labels, 4))
    one, other = (training.FaceBatches(data, 64, smoothing=0.1, seed=3) for _ in range(2))
    last, first = one[len(one) - 1], one[0]
    assert np.array_equal(first[0], other[0][0])
    assert np.array_equal(last[0], other[len(other) - 1][0])
    assert np.allclose(first[1].sum(axis=1), 1)
    assert first[1].max() == pytest.approx(0.9 + 0.1 / 7)
    one.on_epoch_end()
    assert not np.array_equal(one[0][0], first[0])


def test_class_weights_come_with_the_batches():
    images, labels = faces(2)
    weights = np.arange(7, dtype=np.float32)
    _, targets, given = training.FaceBatches(Faces(images, labels), 7, strength=None, class_weights=weights)[0]
    assert np.array_equal(given, weights[targets.argmax(axis=1)])


def test_wrong_file_of_the_face_finder_is_named(monkeypatch, tmp_path):
    (tmp_path / "mediapipe").mkdir()
    (tmp_path / training.FINDER).write_bytes(b"something else")
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    with pytest.raises(DatasetError, match="sha256 differs"):
        training.face_finder()
    # Without one there, that of the bundle is used.
    (tmp_path / training.FINDER).unlink()
    assert training.face_finder() == bundles.load("emotions").read("faces.tflite")


def test_files_of_the_face_finder_for_browsers_are_those_that_were_written():
    bundle = bundles.load("emotions")
    facts = bundle.facts["browser"]["helpers"]["faces"]
    folder = bundles.browser_dir() / facts["slug"] / facts["version"]
    for name, expected in facts["sha256"].items():
        assert bundles.sha256((folder / name).read_bytes()) == expected
    assert set(browser_files(bundle)) == set(bundle.facts["browser"]["sha256"])
