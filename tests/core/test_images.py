"""Pictures from files."""

from __future__ import annotations

import io

import numpy as np
import pytest

from lib import images as preprocess
from lib.images import WORKING_SIDE, InputError, read_image
from lib.ink import picture_to_digit
from tests import files


@pytest.mark.parametrize("name", files.BAD)
def test_bad_files_get_one_sentence(name):
    data, part = files.BAD[name]
    with pytest.raises(InputError, match=part.replace("(", r"\(").replace(")", r"\)")) as error:
        picture_to_digit(read_image(data))
    assert str(error.value).count("\n") == 0
    assert str(error.value).endswith(".")


def test_phone_photos_are_large_and_welcome():
    photo = files.seven().convert("RGB").resize((6000, 6000))
    image = read_image(files.encode(photo, "JPEG"))
    assert max(image.size) <= WORKING_SIDE


def test_source_can_be_a_file_or_a_path(tmp_path):
    (tmp_path / "seven.png").write_bytes(files.GOOD["plain.png"])
    a = read_image(tmp_path / "seven.png")
    b = read_image(io.BytesIO(files.GOOD["plain.png"]))
    assert np.array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize(("name", "part"), [("missing.png", "no file"), (".", "is a folder")])
def test_paths_that_lead_nowhere_are_named(tmp_path, name, part):
    with pytest.raises(InputError, match=part):
        read_image(tmp_path / name)


def test_heavy_files_are_refused(monkeypatch):
    monkeypatch.setattr(preprocess, "MAX_FILE_BYTES", 1000)
    with pytest.raises(InputError, match="larger than"):
        read_image(bytes(2000))
