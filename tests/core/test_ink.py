import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lib.images import BlankInputError, read_image
from lib.ink import canvas_to_digit, find_ink, normalise_digit, picture_to_digit, stroke_width
from tests import files


def draw(scale: float = 1.0, at: tuple[int, int] = (0, 0), pen: int = 26) -> np.ndarray:
    """A 7 as ink on a canvas of 600, its size and place at will."""
    from PIL import ImageDraw

    image = Image.new("L", (600, 600), 0)
    points = [(at[0] + scale * x, at[1] + scale * y) for x, y in ((40, 40), (200, 40), (110, 240))]
    ImageDraw.Draw(image).line(points, fill=255, width=pen, joint="curve")
    return np.asarray(image, np.float32) / 255


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b).mean())


def test_form_is_that_of_mnist():
    digit = normalise_digit(draw())
    assert digit.shape == (28, 28)
    assert digit.dtype == np.uint8
    rows, columns = np.nonzero(digit > 25)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
    assert ndimage.center_of_mass(digit) == pytest.approx((14, 14), abs=0.6)


@pytest.mark.parametrize("at", [(0, 0), (1, 3), (111, 200), (300, 300)])
def test_place_does_not_matter(at):
    assert np.array_equal(normalise_digit(draw(at=at)), normalise_digit(draw()))


@pytest.mark.parametrize("scale", [0.4, 0.7, 1.5, 2.0])
def test_size_does_not_matter(scale):
    # The pen grows with the drawing, as when one looks closer.
    scaled = normalise_digit(draw(scale, pen=round(26 * scale)))
    assert difference(scaled, normalise_digit(draw())) < 5


def test_polarity_does_not_matter():
    dark_on_light, light_on_dark = files.seven(ink=20, paper=235), files.seven(ink=235, paper=20)
    a, b = picture_to_digit(dark_on_light), picture_to_digit(light_on_dark)
    assert difference(a, b) < 1


def test_digits_of_the_dataset_stay_as_they_are(examples):
    for image in examples[0]:
        assert difference(picture_to_digit(Image.fromarray(image)), image) < 8


def test_hairline_does_not_fade():
    digit = normalise_digit(draw(scale=2.0, pen=2))
    assert digit.max() > 200
    assert stroke_width(digit / 255) > 1.5


def test_brush_keeps_its_width():
    thin, thick = normalise_digit(draw(pen=20)), normalise_digit(draw(pen=60))
    assert (thick > 127).sum() > 1.5 * (thin > 127).sum()


def test_shadow_on_the_paper_is_not_ink():
    clean = np.asarray(files.seven(), np.float64)
    y, x = np.mgrid[0:400, 0:400] / 400
    noise = np.random.default_rng(0).normal(0, 4, clean.shape)
    shaded = np.clip(clean * (1 - 0.45 * x - 0.2 * y) + noise, 0, 255).astype(np.uint8)
    a = picture_to_digit(Image.fromarray(shaded)) > 127
    b = picture_to_digit(files.seven()) > 127
    assert (a & b).sum() / (a | b).sum() > 0.8


def test_dust_does_not_move_the_digit():
    dusty = files.seven()
    for place in ((10, 10), (380, 20), (30, 370)):
        dusty.paste(30, (*place, place[0] + 5, place[1] + 5))
    assert difference(picture_to_digit(dusty), picture_to_digit(files.seven())) < 1


@pytest.mark.parametrize("rgba", [None, np.zeros((280, 280, 4), np.uint8)])
def test_empty_canvas_is_blank(rgba):
    with pytest.raises(BlankInputError, match="draw a digit"):
        canvas_to_digit(rgba)


def test_ink_of_a_canvas_is_what_covers_it():
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[60:220, 130:150] = (0, 0, 0, 255)
    black = canvas_to_digit(rgba)
    rgba[rgba[..., 3] > 0] = (255, 255, 255, 255)
    assert np.array_equal(canvas_to_digit(rgba), black)


def test_dot_is_not_a_digit():
    ink = np.zeros((280, 280), np.float32)
    ink[10:12, 10:12] = 1
    with pytest.raises(BlankInputError, match="only a dot"):
        normalise_digit(ink)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_blank_sheet_is_blank(grey):
    noise = np.random.default_rng(0).normal(0, 3, (300, 300))
    sheet = np.clip(grey + noise, 0, 255).astype(np.uint8)
    with pytest.raises(BlankInputError):
        find_ink(Image.fromarray(sheet))


@pytest.mark.parametrize("name", files.GOOD)
def test_every_kind_of_picture_is_read_alike(name):
    digit = picture_to_digit(read_image(files.GOOD[name]))
    assert difference(digit, picture_to_digit(files.seven())) < 6
