"""The loader of drawings."""

import io

import numpy as np
import pytest

from lib.datasets import DatasetError, load_labelled_images
from lib.tasks.sketches import data as quickdraw


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Twenty exact and twenty restored drawings of three categories, and two of each to be scored on."""
    names = np.array(["ant", "bat", "cat"])
    (tmp_path / "quickdraw").mkdir()
    # Every drawing is told by its first pixel.
    images = np.zeros((120, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(120)
    labels, source = np.tile(np.arange(3), 40).astype(np.int16), np.repeat([0, 2], 60).astype(np.uint8)
    np.savez(tmp_path / quickdraw.LOCAL, images=images, labels=labels, names=names, source=source)
    # The held-out file counts its names in another order.
    held_out = np.zeros((6, 28, 28), np.uint8)
    np.savez(tmp_path / quickdraw.HELD_OUT, images=held_out, labels=np.repeat([0, 1, 2], 2), names=names[::-1])
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ML_EVALUATION_DIR", str(tmp_path))
    return tmp_path


def test_splits_share_no_drawing_and_choose_among_exact_ones(folder):
    data = quickdraw.load_quickdraw()
    assert data.classes == ("ant", "bat", "cat")
    learn, choose = data.train.images[:, 0, 0], data.validation.images[:, 0, 0]
    assert not set(learn) & set(choose)
    assert len(learn) + len(choose) == 120
    assert choose.max() < 60
    assert np.bincount(data.validation.labels).tolist() == [4, 4, 4]
    assert (data.train.labels == learn % 3).all()


def test_labels_of_another_order_are_matched_by_name(folder):
    assert quickdraw.load_quickdraw().test.labels.tolist() == [2, 2, 1, 1, 0, 0]


def test_unknown_names_are_refused(folder):
    with pytest.raises(DatasetError, match="bat"):
        load_labelled_images(folder / quickdraw.HELD_OUT, ("ant", "cat"), named=True)


def test_missing_files_say_what_to_set(folder, monkeypatch, tmp_path):
    monkeypatch.delenv("ML_EVALUATION_DIR")
    with pytest.raises(DatasetError, match="ML_EVALUATION_DIR"):
        quickdraw.load_quickdraw()
    (folder / quickdraw.LOCAL).unlink()
    with pytest.raises(DatasetError, match="unset ML_DATA_DIR"):
        quickdraw.load_quickdraw()


def bucket(url, most=None):
    """What Google's bucket would answer."""
    if url == quickdraw.CATEGORIES:
        return b"cat\nant\n"
    drawings = np.full((50, 784), 7 if "cat" in url else 3, np.uint8)
    drawings[:, 0] = np.arange(50)
    file = io.BytesIO()
    np.save(file, drawings)
    return file.getvalue()[:most]


def test_download_takes_the_beginning_of_each_category_once(monkeypatch, tmp_path):
    monkeypatch.delenv("ML_DATA_DIR", raising=False)
    monkeypatch.setenv("ML_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(quickdraw, "_get", bucket)
    data = quickdraw.load_quickdraw(per_category=30)
    assert data.classes == ("ant", "cat")
    assert (len(data.train), len(data.validation), len(data.test)) == (36, 4, 20)
    assert (data.test.images[data.test.labels == 1, 5, 5] == 7).all()
    seen = [set(part.images[part.labels == 0, 0, 0]) for part in (data.train, data.validation, data.test)]
    assert set.union(*seen) == set(range(30))
    assert sum(map(len, seen)) == 30
    monkeypatch.setattr(quickdraw, "_get", None)
    again = quickdraw.load_quickdraw(per_category=30)
    assert np.array_equal(again.train.images, data.train.images)


def test_download_of_something_else_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(quickdraw, "_get", lambda url, most=None: b"<html>busy</html>")
    with pytest.raises(DatasetError, match="try again"):
        quickdraw.first_drawings("cat", 5)


def test_without_network_one_sentence_says_what_to_set(monkeypatch):
    def nothing(*args, **options):
        raise quickdraw.requests.ConnectionError("a text of many lines")

    monkeypatch.setattr(quickdraw.requests, "get", nothing)
    with pytest.raises(DatasetError, match=r"no connection.*ML_DATA_DIR") as caught:
        quickdraw.first_drawings("cat", 5)
    assert "many lines" not in str(caught.value)
