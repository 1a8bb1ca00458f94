"""Style transfer on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from lib import bundles
from lib.__main__ import main
from lib.tasks.style_transfer.data import pack
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS
from tests.style_transfer import small_data


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    PHOTOS[0].open().resize((160, 108)).save(path)
    return path


def test_photo_is_painted_into_a_file(tmp_path, photo, capsys):
    out = tmp_path / "out.png"
    style = str(PAINTINGS[1].path)
    command = ["predict", "style_transfer", str(photo), "--style", style, "--strength", "0.8", "--output", str(out)]
    assert main([*command, "--side", "96", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["output"] == str(out)
    assert row["size"] == [96, 64]
    assert row["strength"] == 0.8
    with Image.open(out) as painted:
        assert painted.format == "PNG"
        assert painted.size == (96, 64)
    # Without a name, it lies beside the photo.
    assert main(["predict", "style_transfer", str(photo), "--side", "64", "--keep-colours"]) == 0
    assert (tmp_path / "photo_painted.png").is_file()
    assert "64 x 44 pixels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--style", "nowhere.jpg"], "There is no file nowhere.jpg"),
        (["--side", "5000"], "--side must be from 64 to 1024 pixels"),
        (["--output", "no_folder/out.png"], "cannot be written"),
    ],
)
def test_bad_options_get_a_sentence(photo, capsys, given, sentence):
    assert main(["predict", "style_transfer", str(photo), *given]) == 1
    assert sentence in capsys.readouterr().err


def test_bad_pictures_get_a_sentence(tmp_path, photo, capsys):
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    Image.new("RGB", (300, 200), (2, 2, 2)).save(tmp_path / "black.png")
    assert main(["predict", "style_transfer", str(photo), "--style", str(tmp_path / "dot.png")]) == 1
    error = capsys.readouterr().err
    assert "too small" in error
    assert "The style (" in error
    assert main(["predict", "style_transfer", str(tmp_path / "black.png")]) == 1
    assert "almost black" in capsys.readouterr().err


def test_own_photos_are_scored(tmp_path, monkeypatch, capsys):
    np.savez(tmp_path / "vgg16.npz", allow_pickle=False, **small_data.vgg())
    np.savez(tmp_path / "photos.npz", allow_pickle=False, **pack(small_data.pictures(1)))
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    assert main(["evaluate", "style_transfer", "--data", str(tmp_path / "photos.npz"), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row.keys() >= set(bundles.load("style_transfer").variant("good")["test"])
    assert row["n"] == 1
    # The file is damaged.
    np.savez(tmp_path / "photos.npz", jpeg=np.zeros(4, np.uint8), offsets=np.array([0, 4]))
    assert main(["evaluate", "style_transfer", "--data", str(tmp_path / "photos.npz")]) == 1
    assert "photo 0 is not a picture" in capsys.readouterr().err
