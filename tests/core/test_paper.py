"""Paper on photos: the sheet is found first, and then the ink on it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.images import BlankInputError
from lib.ink import find_ink, picture_to_digit, read_ink
from lib.paper import homography, is_light_on_dark
from tests import files

SIDE = 400


def sheet() -> np.ndarray:
    """A 7 on paper, float (400, 400) from 0 to 255."""
    return np.asarray(files.seven(), np.float32).copy()


def photo(grey: np.ndarray) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 2, grey.shape)
    return Image.fromarray(np.uint8(np.clip(grey + noise, 0, 255)))


def shaded(grey: np.ndarray, depth: float) -> np.ndarray:
    """A shadow with a hard edge from the upper right to the lower left."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    return grey * (1 - depth * np.clip((x + y - 1.1 * SIDE) / 4 + 0.5, 0, 1))


def lined(grey: np.ndarray, squared: bool, slope: float = 0.03) -> np.ndarray:
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    result = grey.copy()
    for along in (y + slope * x, x - slope * y)[: 1 + squared]:
        result[along % 24 < 2] *= 0.65
    return result


def framed(grey: np.ndarray, inset: int) -> np.ndarray:
    picture = Image.fromarray(grey)
    ImageDraw.Draw(picture).rectangle((inset, inset, SIDE - 1 - inset, SIDE - 1 - inset), outline=20, width=5)
    return np.asarray(picture)


def on_desk(grey: np.ndarray, corners: list[tuple[int, int]], desk: float = 60) -> np.ndarray:
    """Seen from the side, on a desk: float (560, 560)."""
    square = np.array([(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)])
    there = list(homography(np.array(corners), square))
    size, how = (560, 560), Image.Transform.PERSPECTIVE
    seen = np.asarray(Image.fromarray(grey).transform(size, how, there, Image.Resampling.BILINEAR))
    inside = np.asarray(Image.fromarray(np.ones_like(grey)).transform(size, how, there)) > 0.5
    return np.where(inside, seen, desk)


TURNED = [(110, 60), (490, 110), (440, 500), (70, 440)]


def alike(picture: Image.Image) -> float:
    """How much of the 7 is read as it is on clean paper."""
    a, b = picture_to_digit(picture) > 127, picture_to_digit(files.seven()) > 127
    return (a & b).sum() / (a | b).sum()


@pytest.mark.parametrize("depth", [0.1, 0.3, 0.45])
def test_hard_shadow_is_not_ink(depth):
    assert alike(photo(shaded(sheet(), depth))) > 0.85


@pytest.mark.parametrize("squared", [False, True])
def test_printed_lines_are_taken_away_and_counted(squared):
    reading = read_ink(photo(lined(sheet(), squared)))
    assert alike(photo(lined(sheet(), squared))) > 0.8
    assert len(reading.lines) == pytest.approx(32 if squared else 16, abs=4)
    assert "printed lines" in " ".join(reading.sentences())


@pytest.mark.parametrize("inset", [0, 12])
def test_frame_is_not_ink(inset):
    assert alike(photo(framed(sheet(), inset))) > 0.85


@pytest.mark.parametrize("side", range(4))
def test_dark_bar_at_one_side_is_not_ink(side):
    grey = np.rot90(sheet(), side).copy()
    grey[:30] = 15
    assert alike(photo(np.rot90(grey, -side))) > 0.85


@pytest.mark.parametrize("desk", [20, 110])
def test_sheet_on_a_desk_is_found_and_seen_from_above(desk):
    picture = photo(on_desk(sheet(), TURNED, desk))
    reading = read_ink(picture)
    assert reading.corners is not None
    assert np.abs(np.array(reading.corners) - TURNED).max() < 8
    assert alike(picture) > 0.7
    # The ink can be shown where it lies in the picture.
    there = reading.ink_in_picture()
    assert there.shape == (560, 560)
    assert np.asarray(picture)[there > 0.8].mean() < 90


def test_several_of_these_at_once():
    grey = on_desk(lined(shaded(sheet(), 0.3), squared=True), TURNED)
    reading = read_ink(photo(grey))
    assert reading.corners is not None
    assert len(reading.lines) > 20
    assert alike(photo(grey)) > 0.6


def test_dark_screen_on_a_light_desk():
    assert alike(photo(255 - on_desk(sheet(), TURNED))) > 0.7


def test_polarity_is_told_by_the_strokes():
    grey = shaded(sheet(), 0.45) / 255
    assert not is_light_on_dark(grey)
    assert is_light_on_dark(1 - grey)


def test_clean_picture_needs_no_words():
    reading = read_ink(files.seven())
    assert reading.sentences() == []
    assert reading.ink.shape == (400, 400)


def test_desk_without_a_drawing_is_blank():
    with pytest.raises(BlankInputError):
        find_ink(photo(np.full((300, 300), 90.0)))


@pytest.mark.parametrize("strength", [0.15, 0.5, 1])
def test_half_transparent_pen_is_ink(strength):
    seven = np.asarray(files.seven(), np.float32)
    alpha = 255 * strength * (seven.max() - seven) / np.ptp(seven)
    rgba = np.zeros((400, 400, 4), np.uint8)
    rgba[..., 2], rgba[..., 3] = 200, alpha
    assert alike(Image.fromarray(rgba)) > 0.9
    # A thick stroke that fills the picture is ink, too.
    tight = Image.fromarray(rgba).crop(Image.fromarray(rgba).getchannel("A").getbbox())
    assert alike(tight) > 0.9
