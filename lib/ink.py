"""Ink: from a drawing or a picture of one to what a network takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image
from scipy import ndimage

from lib import paper
from lib.images import BlankInputError
from lib.paper import Reading

FIELD = 28
"""Side of the picture that a digit network takes, in pixels."""
BOX = 20
"""Longer side of the ink inside that picture, in pixels."""
MIN_INK_SIDE = 4
"""Ink whose longer side is shorter than this (pixels) says nothing."""
MIN_STROKE = 2.0
"""Thinnest stroke, in pixels of the 28x28 field, that a drawing is given; MNIST's own median is about 3."""
SPECK_SHARE = 0.02
"""A blot that holds a smaller share of all ink than this is dust, or a slip of the pen."""


def luminance(image: Image.Image) -> np.ndarray:
    """Brightness of a picture, transparent parts filled with a colour that stands off from the rest.

    Returns:
        float32 (height, width) in 0..1.
    """
    if image.mode == "RGBA":
        alpha = np.asarray(image.getchannel("A"), np.float32) / 255
        grey = np.asarray(image.convert("RGB").convert("L"), np.float32) / 255
        visible = alpha > 0.5 * alpha.max()
        if not alpha.any():
            return np.zeros_like(grey)
        # A photo with clear corners: give the corners the photo's own paper.
        paper = float(np.median(grey[visible]))
        return alpha * grey + (1 - alpha) * paper
    return np.asarray(image.convert("L"), np.float32) / 255


def _painted(image: Image.Image) -> np.ndarray | None:
    """Ink on a sheet of glass: how much each pixel of a transparent picture covers, its strongest being 1; else None."""
    if image.mode != "RGBA":
        return None
    alpha = np.asarray(image.getchannel("A"), np.float32) / 255
    most = float(alpha.max())
    clear = alpha < 0.1 * most
    if most < 0.02 or not clear.any():
        return None
    visible = alpha > 0.5 * most
    grey = np.asarray(image.convert("RGB").convert("L"), np.float32)[visible] / 255
    # One colour is ink. Several are ink where most of the sheet is clear, else a photo with clear corners.
    if float(np.subtract(*np.percentile(grey, [95, 5]))) > paper.MIN_CONTRAST and clear.mean() < 0.5:
        return None
    return alpha / most


def find_ink(image: Image.Image) -> np.ndarray:
    """Separate ink from paper on a drawing or a photo: see `read_ink`; float32 (height, width)."""
    return read_ink(image).ink


def read_ink(image: Image.Image) -> Reading:
    """Find the sheet on a drawing or a photo, and the ink on it, dark on light or light on dark.

    On a clean picture the paper is what most of the border shows, and all else is ink. Where the picture shows more (a desk, a frame,
    a shadow, printed lines), `lib.paper` takes that away first. Blots much smaller than the rest are dropped as dust.

    Args:
        image: as `lib.images.read_image` returns it.

    Returns:
        The ink, and what was taken away.

    Raises:
        BlankInputError: nothing on the picture stands off from the paper.
    """
    painted = _painted(image)
    if painted is not None:
        return Reading(without_specks(painted), image.size)
    grey = luminance(image)
    blank = BlankInputError("I see no ink here. Please write one digit, large and with good contrast.")
    if min(grey.shape) < MIN_INK_SIDE or float(np.ptp(grey)) < paper.MIN_CONTRAST:
        raise blank
    reading = paper.read(grey)
    if reading is None:
        raise blank
    return replace(reading, ink=without_specks(reading.ink))


def without_specks(ink: np.ndarray) -> np.ndarray:
    labels, count = ndimage.label(ink > 0, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    mass = ndimage.sum_labels(ink, labels, np.arange(1, count + 1))
    keep = np.concatenate([[False], mass >= SPECK_SHARE * mass.sum()])
    return np.where(keep[labels], ink, 0).astype(np.float32)


def canvas_ink(rgba: np.ndarray | None) -> np.ndarray:
    """Ink of a transparent drawing canvas: whatever was painted, in whichever colour.

    Args:
        rgba: uint8 (height, width, 4), or None before the first stroke.

    Returns:
        float32 (height, width) in 0..1.

    Raises:
        BlankInputError: nothing was drawn yet.
    """
    if rgba is None or not np.any(rgba[..., 3]):
        raise BlankInputError("The canvas is empty: please draw a digit.")
    return without_specks(rgba[..., 3].astype(np.float32) / 255)


def normalise_digit(ink: np.ndarray) -> np.ndarray:
    """Bring ink into the form of MNIST: cropped, scaled, centred, and never thinner than a pen.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink.

    Returns:
        uint8 (28, 28), light on dark.

    Raises:
        BlankInputError: there is no ink, or too little to be a digit.
    """
    cropped = crop_to_ink(ink)
    if max(cropped.shape) < MIN_INK_SIDE:
        raise BlankInputError("That is only a dot: please write one digit, as large as you like.")
    box = scale_to(_thicken(cropped), BOX)
    return np.round(255 * _centre(box)).astype(np.uint8)


def crop_to_ink(ink: np.ndarray, other: np.ndarray | None = None) -> np.ndarray:
    """The smallest rectangle that holds all ink; of another picture of the same shape, if one is given.

    Raises:
        BlankInputError: there is none.
    """
    rows = np.flatnonzero((ink > 0.1).any(axis=1))
    columns = np.flatnonzero((ink > 0.1).any(axis=0))
    if not len(rows):
        raise BlankInputError("There is nothing drawn here yet: please draw a digit.")
    return (ink if other is None else other)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scale_to(ink: np.ndarray, side: float, resample: Image.Resampling = Image.Resampling.LANCZOS) -> np.ndarray:
    """Scale so that the longer side measures `side` pixels; float32 in 0..1.

    Of Pillow's filters, all of which average when they reduce, Lanczos comes closest to MNIST's own digits when those are
    enlarged and brought back.
    """
    scale = side / max(ink.shape)
    width, height = (max(1, round(scale * n)) for n in ink.shape[::-1])
    if (height, width) == ink.shape:
        return ink
    picture = Image.fromarray(np.ascontiguousarray(ink, dtype=np.float32))
    return np.clip(np.asarray(picture.resize((width, height), resample)), 0, 1)


def stroke_width(ink: np.ndarray) -> float:
    """Typical width of the strokes in pixels: twice the area over the length of the outline."""
    solid = np.pad(ink > 0.5, 1)
    outline = solid & ~ndimage.binary_erosion(solid)
    return 2 * float(solid.sum()) / max(1.0, float(outline.sum()))


def _thicken(ink: np.ndarray) -> np.ndarray:
    """Widen hairlines, which averaging would fade to nothing; leave ordinary strokes alone."""
    scale = BOX / max(ink.shape)
    missing = MIN_STROKE / scale - stroke_width(ink)
    if missing <= 0 or not (ink > 0.5).any():
        return ink
    radius = missing / 2
    margin = int(np.ceil(radius)) + 1
    padded = np.pad(ink, margin)
    distance = ndimage.distance_transform_edt(padded <= 0.5)
    return crop_to_ink(np.maximum(padded, np.clip(radius + 0.5 - distance, 0, 1)))


def _centre(box: np.ndarray) -> np.ndarray:
    """Place ink in the field with its centre of mass in the middle, as far as it fits."""
    field = np.zeros((FIELD, FIELD), np.float32)
    middle = ndimage.center_of_mass(box)
    top, left = (
        int(np.clip(round(FIELD / 2 - centre), 0, FIELD - size)) for centre, size in zip(middle, box.shape, strict=True)
    )
    field[top : top + box.shape[0], left : left + box.shape[1]] = box
    return field


def shrink(ink: np.ndarray) -> np.ndarray:
    """What a demo does that skips the preprocessing: shrink the whole sheet to 28x28; uint8 (28, 28)."""
    picture = Image.fromarray(np.uint8(255 * np.clip(ink, 0, 1)))
    return np.asarray(picture.resize((FIELD, FIELD), Image.Resampling.BOX))


def picture_to_digit(image: Image.Image) -> np.ndarray:
    """Upload or file to network input: `find_ink`, then `normalise_digit`; uint8 (28, 28)."""
    return normalise_digit(find_ink(image))


def canvas_to_digit(rgba: np.ndarray | None) -> np.ndarray:
    """Canvas to network input: `canvas_ink`, then `normalise_digit`; uint8 (28, 28)."""
    return normalise_digit(canvas_ink(rgba))
