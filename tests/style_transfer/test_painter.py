"""Photos painted over the bundle, and what the sliders do."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from lib import bundles, photos
from lib.images import InputError
from lib.tasks.style_transfer import painter as painting
from lib.tasks.style_transfer.learnt import SIDE, OneStyle, way_file
from lib.tasks.style_transfer.painter import Painter
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS


@pytest.fixture(scope="module")
def bundle():
    return bundles.load("style_transfer")


@pytest.fixture(scope="module")
def painter(bundle) -> Painter:
    return Painter(bundle)


@pytest.fixture(scope="module")
def temple() -> Image.Image:
    return PHOTOS[0].open().resize((320, 213))


def file_of(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def test_styles_of_the_bundle_are_those_of_the_paintings(bundle, painter):
    found = np.stack([painter.style(one.open()) for one in PAINTINGS[:2]])
    assert np.abs(found - bundle.evaluation["styles"][:2]).max() < 1e-3


def test_photo_keeps_its_form_and_changes_its_colours(bundle, painter, temple):
    styles = bundle.evaluation["styles"]
    photo, starry = painter.paint_with(temple, (styles[0], None), longest=128)
    _, wave = painter.paint_with(temple, (styles[1], None), longest=128)
    assert photo.shape == starry.shape == wave.shape == (84, 128, 3)
    # The night is blue, and the wave is printed on yellowish paper.
    assert starry[..., 2].mean() > starry[..., 0].mean() + 10
    assert wave[..., 0].mean() > wave[..., 2].mean()
    _, mixed = painter.paint_with(temple, (styles[0], styles[1]), share=0.5, longest=128)
    blue = [float(one[..., 2].mean() - one[..., 0].mean()) for one in (wave, mixed, starry)]
    assert blue == sorted(blue)


def test_strength_goes_from_the_photo_to_the_style(bundle, painter, temple):
    style = bundle.evaluation["styles"][0]
    apart = []
    for strength in (0.0, 0.1, 0.5, 1.0):
        photo, painted = painter.paint_with(temple, (style, None), strength=strength, longest=96)
        apart.append(float(np.abs(painted.astype(float) - photo).mean()))
    assert apart[0] == 0
    assert apart == sorted(apart)


def test_colours_of_the_photo_are_kept(bundle, painter, temple):
    photo, painted = painter.paint_with(temple, (bundle.evaluation["styles"][0], None), longest=96)
    kept = painting.with_colours(painted, photo).astype(float)
    free = ((kept > 1) & (kept < 254)).all(axis=-1)
    # Differences between the colours stay those of the photo; the brightness is that of the painting.
    assert np.abs((kept[..., 0] - kept[..., 2]) - (photo[..., 0].astype(float) - photo[..., 2]))[free].max() <= 1
    weights = np.array([0.299, 0.587, 0.114])
    assert np.abs((kept - painted) @ weights)[free].max() <= 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: Image.new("L", (300, 200), 128),
        lambda: Image.new("RGBA", (200, 200), (255, 0, 0, 0)),
        lambda: Image.new("P", (8, 900)),
    ],
    ids=["grey", "transparent", "narrow"],
)
def test_strange_pictures_are_styles_too(painter, make):
    style = painter.style(photos.read_photo(file_of(make())))
    assert style.shape == (painting.NUMBERS,)
    assert np.isfinite(style).all()
    painted = painter.paint(np.full((32, 32, 3), 99, np.uint8), style)
    assert painted.shape == (32, 32, 3)


def test_style_of_50_megapixels_is_read(painter):
    large = file_of(Image.new("RGB", (8_000, 6_250), (200, 40, 40)), "JPEG")
    assert np.isfinite(painter.style(photos.read_photo(large))).all()
    with pytest.raises(InputError, match="at most 40 megapixels"):
        photos.read_photo(file_of(Image.new("L", (8_000, 6_250))))


def test_what_cannot_be_painted_gets_a_sentence(painter, bundle):
    with pytest.raises(InputError, match="too small"):
        photos.read_photo(file_of(Image.new("RGB", (1, 1))))
    with pytest.raises(InputError, match="too narrow to be painted"):
        painter.paint_with(Image.new("RGB", (1000, 9)), (bundle.evaluation["styles"][0], None))
    assert painting.advice(Image.new("RGB", (64, 48), (3, 2, 4))) == painting.BLACK
    assert not painting.advice(PHOTOS[0].open())
    # A black photo is painted, too.
    painted = painter.paint(np.zeros((32, 32, 3), np.uint8), bundle.evaluation["styles"][0])
    assert painted.dtype == np.uint8


def test_sizes_are_multiples_of_four():
    for size in ((384, 384), (640, 427), (100, 37), (17, 16)):
        photo = painting.sized(Image.new("RGB", size))
        assert not np.array(photo.shape[:2]) % 4 @ [1, 1]
        assert max(photo.shape) == painting.LONGEST
        assert abs(photo.shape[1] / photo.shape[0] - size[0] / size[1]) < 0.1 * size[0] / size[1]


def test_networks_for_one_painting_differ_as_their_weights_do(bundle, temple):
    photo = photos.to_square(temple, SIDE, share=1.0).astype(float)
    apart = [np.abs(OneStyle(bundle, way_file(bundle, way)).paint(temple) - photo).mean() for way in ("low", "good")]
    assert apart[0] < apart[1]
