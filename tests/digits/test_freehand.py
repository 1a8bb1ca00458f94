import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lib import bundles, catalogue, freehand
from lib.classifier import Classifier
from lib.ink import crop_to_ink, normalise_digit, picture_to_digit

SLUGS = catalogue.slugs("digits")


def test_paste_stays_on_the_canvas_at_the_size_that_was_asked_for(examples):
    rng = np.random.default_rng(0)
    for _ in range(20):
        canvas = freehand.paste(examples[0][4], rng)
        assert canvas.shape == (280, 280)
        side = max(crop_to_ink(canvas).shape)
        assert 0.28 * 280 <= side <= 0.91 * 280


@pytest.mark.parametrize("pen", [2, 10, 40])
def test_pen_has_its_width(pen):
    one = np.zeros((28, 28), np.uint8)
    one[4:24, 13:15] = 255
    canvas = freehand.redraw(one, np.random.default_rng(0), pen=pen, slant=0, side=200)
    widths = (canvas > 0.5).sum(axis=1)
    assert np.median(widths[widths > 0]) == pytest.approx(pen, abs=1.5)


def test_slant_leans_to_the_right():
    one = np.zeros((28, 28), np.uint8)
    one[4:24, 13:15] = 255
    canvas = freehand.redraw(one, np.random.default_rng(0), pen=8, slant=20, side=200)
    rows = np.flatnonzero(canvas.any(axis=1))
    top, bottom = (ndimage.center_of_mass(canvas[r : r + 1])[1] for r in (rows[10], rows[-10]))
    slope = (top - bottom) / (rows[-10] - rows[10])
    assert np.degrees(np.arctan(slope)) == pytest.approx(20, abs=4)


@pytest.mark.parametrize("slug", SLUGS)
def test_drawings_are_understood_anywhere_and_with_any_pen(slug, examples):
    """A small sample of what ``benchmarks/freehand.py`` measures in full."""
    classifier = Classifier(bundles.load(slug))
    rng = np.random.default_rng(5)
    images, labels = (np.repeat(a, 20, axis=0) for a in examples)
    drawn = np.stack([normalise_digit(freehand.paste(image, rng)) for image in images])
    assert (classifier.logits(drawn).argmax(axis=1) == labels).mean() > 0.95
    pens = np.stack([normalise_digit(freehand.redraw(image, rng)) for image in images])
    assert (classifier.logits(pens).argmax(axis=1) == labels).mean() > 0.9


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("inverted", [False, True])
def test_drawings_as_files_are_understood_too(slug, examples, inverted):
    classifier = Classifier(bundles.load(slug))
    rng = np.random.default_rng(6)
    right = 0
    for image, label in zip(*examples, strict=True):
        grey = np.uint8(255 * freehand.redraw(image, rng, pen=14, slant=0))
        picture = Image.fromarray(255 - grey if inverted else grey)
        right += classifier.classify(picture_to_digit(picture))[0].label == str(label)
    assert right >= 9
