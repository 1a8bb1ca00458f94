"""What is seen on a picture does not depend on the file that holds it."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from lib import photos
from lib.images import ENDINGS, InputError, read_image
from tests import files

pillow_heif.register_heif_opener()

ORIENTATION = 0x0112
TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_90",
    7: "TRANSVERSE",
    8: "ROTATE_270",
}
"""How a picture is to be stored so that EXIF's orientation turns it upright."""
CONTAINERS = {
    "PNG": ({}, 0),
    "TIFF": ({}, 0),
    "WEBP": ({"lossless": True}, 1),
    "JPEG": ({"quality": 95, "subsampling": 0}, 16),
    "MPO": ({"quality": 95, "subsampling": 0}, 16),
    "AVIF": ({"quality": 95, "subsampling": "4:4:4"}, 16),
    "HEIF": ({"quality": 95, "chroma": 444}, 16),
    "BMP": ({}, 0),
    "PPM": ({}, 0),
}
"""Ways to store a picture, and by how much a pixel may differ at most."""
NO_EXIF = ("BMP", "PPM", "HEIF")


def drawn(width: int, height: int, grey: bool) -> Image.Image:
    """A picture that looks otherwise from each side."""
    y, x = np.mgrid[:height, :width]
    red, green = 255 * x / max(width - 1, 1), 255 * y / max(height - 1, 1)
    values = np.stack([red, green, 255 - red / 2], axis=-1).astype(np.uint8)
    return Image.fromarray(values[..., 0] if grey else values)


def stored(picture: Image.Image, container: str, orientation: int) -> bytes:
    options, _ = CONTAINERS[container]
    if container in NO_EXIF:
        return files.encode(picture, container, **options)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    lying = picture.transpose(Image.Transpose[TURNS[orientation]]) if orientation > 1 else picture
    return files.encode(lying, container, exif=exif, **options)


@settings(max_examples=60, deadline=None)
@given(
    container=st.sampled_from(list(CONTAINERS)),
    orientation=st.integers(1, 8),
    width=st.integers(16, 90),
    height=st.integers(16, 90),
    grey=st.booleans(),
)
def test_any_container_and_orientation_gives_the_same_picture(container, orientation, width, height, grey):
    picture = drawn(width, height, grey)
    data = stored(picture, container, orientation)
    seen = read_image(data).convert("RGB")
    assert seen.size == (width, height)
    difference = np.abs(np.asarray(seen, int) - np.asarray(picture.convert("RGB"), int))
    assert difference.mean() <= CONTAINERS[container][1] / 4
    assert difference.max() <= 3 * CONTAINERS[container][1]


@settings(max_examples=30, deadline=None)
@given(container=st.sampled_from(["PNG", "TIFF", "JPEG", "WEBP", "AVIF"]), orientation=st.integers(1, 8))
def test_size_of_the_original_is_that_of_what_one_sees(container, orientation, tmp_path_factory):
    path = tmp_path_factory.mktemp("photo") / "photo"
    path.write_bytes(stored(drawn(1500, 900, grey=False).reduce(3), container, orientation))
    assert photos.upright_size(path) == (500, 300) == photos.read_photo(path).size


@settings(max_examples=40, deadline=None)
@given(bits=st.sampled_from([8, 10, 12, 14, 16]), container=st.sampled_from(["PNG", "TIFF"]), light=st.booleans())
def test_more_bits_show_the_same(bits, container, light):
    picture = ImageOps.invert(files.seven(ink=0, paper=255)) if light else files.seven(ink=0, paper=255)
    most = 2**bits - 1
    values = np.asarray(picture, float) / 255 * most
    deep = Image.fromarray(values.round().astype(np.uint8 if bits == 8 else np.uint16))
    difference = np.abs(np.asarray(read_image(files.encode(deep, container)), int) - np.asarray(picture, int))
    assert difference.max() <= 1


@settings(max_examples=30, deadline=None)
@given(mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "HSV"]), side=st.integers(20, 1200))
def test_any_mode_and_size_is_read_in_one_of_three_modes(mode, side):
    picture = drawn(side, max(20, side // 2), grey=False).convert(mode)
    container = {"CMYK": "TIFF", "F": "TIFF", "I": "TIFF", "HSV": "TIFF"}.get(mode, "PNG")
    if mode == "HSV":
        picture = picture.convert("RGB").convert("LAB")
    seen = read_image(files.encode(picture, container))
    assert seen.mode in ("L", "RGB", "RGBA")
    assert max(seen.size) <= 640
    assert seen.width / seen.height == pytest.approx(picture.width / picture.height, rel=0.05)


def outcome(data: bytes) -> str:
    """The mode of what is read, or the sentence that is said."""
    try:
        return read_image(data).mode
    except InputError as error:
        return str(error)


@settings(max_examples=60, deadline=None)
@given(container=st.sampled_from(list(CONTAINERS)), cut=st.floats(0, 1), noise=st.binary(max_size=40))
def test_damaged_files_get_a_sentence_or_a_picture(container, cut, noise):
    data = stored(drawn(40, 30, grey=False), container, 1)
    at = int(cut * len(data))
    said = outcome(data[:at] + noise + data[at + len(noise) :])
    assert said in ("L", "RGB", "RGBA") or said.endswith(".")


def test_endings_are_those_of_files_that_can_be_read():
    Image.init()
    known = Image.registered_extensions()
    assert {f".{ending}" for ending in ENDINGS} - {".mpo"} <= set(known)


def test_name_of_a_file_does_not_matter(tmp_path):
    path = tmp_path / "heic.jpg"
    path.write_bytes(stored(drawn(40, 30, grey=False), "HEIF", 1))
    assert read_image(path).size == (40, 30)
    assert read_image(io.BytesIO(path.read_bytes())).size == (40, 30)
