"""From strokes or a photo to the bitmap that a sketch network takes.

Quick, Draw! stores each drawing as strokes: moved to the origin, scaled so that the longer side measures 255, and
simplified with the Ramer-Douglas-Peucker algorithm (tolerance 2). Its bitmaps are drawn from those strokes with a round pen
16 wide, with 24 of margin on each side, and then reduced to 28x28 (github.com/googlecreativelab/quickdraw-dataset, issue 19).
What a person draws here goes the same way, so that neither its place nor its size nor the pen matters.

Pure NumPy, Pillow and scikit-image: pages, command line, notebooks and tests share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.measure import approximate_polygon
from skimage.morphology import skeletonize

from lib.images import BlankInputError
from lib.ink import FIELD, crop_to_ink, read_ink, scale_to, stroke_width
from lib.paper import Reading
from lib.tasks.sketches.fills import outlined

Stroke = np.ndarray
"""One line of the pen without lifting it: float (points, 2), x to the right and y downwards."""

SPAN = 255.0
"""Longer side of a drawing's strokes, in units of Quick, Draw!'s own coordinates."""
PEN = 16.0
"""Width of the pen in those units."""
PADDING = 16.0
"""Empty border around the pen's outermost edge, in those units."""
TOLERANCE = 2.0
"""How far simplified strokes may lie from the drawn ones, in those units."""
RIGHT_WIDTH = (0.65, 2.1)
"""Lines of a picture between these shares of the pen's width are left as they are."""
_SIDE = SPAN + 1 + 2 * PADDING + PEN
# At this enlargement the pen is exactly 28 pixels wide.
_ENLARGE = 19
SMALLEST = 4.0
"""Drawings whose longer side is shorter than this, in pixels of the canvas or of the photo, are dots."""
_EMPTY = "There is nothing drawn here yet: please draw something."
_DOT = "That is only a dot: please draw a little more."


def canvas_strokes(objects: Sequence[dict[str, Any]]) -> list[Stroke] | None:
    """The strokes of a canvas.

    Args:
        objects: of streamlit-drawable-canvas' ``json_data``, in the order in which they were drawn.

    Returns:
        One array of points for each; None if there is anything else than strokes on the canvas, a picture for example.
    """
    strokes = []
    for item in objects:
        if str(item.get("type")).lower() != "path":
            return None
        # Each command ends with the point that it goes to; those between are a curve's handles.
        points = [command[-2:] for command in item.get("path", []) if len(command) >= 3]
        if points:
            strokes.append(np.array(points, np.float64))
    return strokes


def normalise_strokes(strokes: Sequence[Stroke]) -> np.ndarray:
    """Bring strokes into the form of the data.

    Args:
        strokes: in any unit, anywhere.

    Returns:
        uint8 (28, 28), light on dark.

    Raises:
        BlankInputError: there is nothing, or only a dot.
    """
    return rasterise(simplify(strokes))


def simplify(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes moved to the origin, scaled to a longer side of 255, and simplified.

    Raises:
        BlankInputError: there is nothing, or only a dot.
    """
    if not strokes:
        raise BlankInputError(_EMPTY)
    points = np.concatenate(list(strokes))
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    if extent < SMALLEST:
        raise BlankInputError(_DOT)
    return [approximate_polygon((stroke - low) * (SPAN / extent), TOLERANCE) for stroke in strokes]


def rasterise(strokes: Sequence[Stroke]) -> np.ndarray:
    """The bitmap of simplified strokes, as Quick, Draw! makes it: uint8 (28, 28), light on dark."""
    side = FIELD * _ENLARGE
    scale = side / _SIDE
    size = np.concatenate(list(strokes)).max(axis=0)
    offset = (SPAN + 1 - size) / 2 + PADDING + PEN / 2
    sheet, radius = np.zeros((side, side), bool), PEN * scale / 2
    for stroke in strokes:
        # A pixel's middle lies half a pixel from its corner.
        line = (stroke + offset) * scale - 0.5
        for start, end in zip(line[[0, *range(len(line) - 1)]], line, strict=True):
            _paint(sheet, start, end, radius)
    share = sheet.reshape(FIELD, _ENLARGE, FIELD, _ENLARGE).mean(axis=(1, 3))
    return np.floor(255 * share + 0.5).astype(np.uint8)


def _paint(sheet: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float) -> None:
    """Set all pixels within a radius of a line; ``static/browser/strokes.js`` does the very same."""
    low = np.maximum(0, np.ceil(np.minimum(start, end) - radius)).astype(int)
    high = np.minimum(len(sheet) - 1, np.floor(np.maximum(start, end) + radius)).astype(int)
    x, y = np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1)[:, None]
    (dx, dy), square = end - start, float(((end - start) ** 2).sum())
    share = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / square, 0, 1) if square else 0.0
    within = (x - start[0] - share * dx) ** 2 + (y - start[1] - share * dy) ** 2 <= radius * radius
    sheet[low[1] : high[1] + 1, low[0] : high[0] + 1] |= within


def normalise_ink(ink: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Bring a picture of a drawing into the form of the data.

    Lines of about the right width are only cropped, scaled and centred, which keeps every detail. Others are thinned to
    their middle, and drawn again with Quick, Draw!'s pen. Of filled areas the outline is kept.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink (`lib.ink.find_ink`).
        levels: of the same shape, how dark each place is; see `lib.paper.Reading`.

    Returns:
        uint8 (28, 28), light on dark.

    Raises:
        BlankInputError: there is no ink, or only a dot.
    """
    cropped = crop_to_ink(ink)
    if max(cropped.shape) < SMALLEST:
        raise BlankInputError(_DOT)
    # Enlarging a small picture smoothly keeps its lines from becoming stairs, whose corners would grow branches.
    drawn = scale_to(cropped, SPAN + PEN, Image.Resampling.BICUBIC)
    within = None if levels is None else scale_to(crop_to_ink(ink, levels), SPAN + PEN, Image.Resampling.BICUBIC)
    hollow = outlined(drawn, PEN, within)
    if hollow is not None:
        drawn = cropped = hollow
    low, high = RIGHT_WIDTH
    if not low * PEN < stroke_width(drawn) < high * PEN:
        drawn = _redrawn(scale_to(cropped, SPAN))
    sheet = np.zeros((int(_SIDE),) * 2, np.float32)
    top, left = ((int(_SIDE) - size) // 2 for size in drawn.shape)
    sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    picture = Image.fromarray(sheet).resize((FIELD, FIELD), Image.Resampling.BOX)
    return np.round(255 * np.asarray(picture)).astype(np.uint8)


def _redrawn(large: np.ndarray) -> np.ndarray:
    """The middle lines of ink, drawn with Quick, Draw!'s pen: float in 0..1, the longer side ``SPAN + PEN``."""
    padded = np.pad(large, 1)
    points = np.argwhere(skeletonize(ndimage.gaussian_filter(padded, 1.0) > 0.4))
    if not len(points):
        points = np.argwhere(padded > 0.5 * padded.max())
    # A thick pen's middle line is shorter than its ink.
    scale = SPAN / np.ptp(points, axis=0).max(initial=1)
    margin = int(PEN / 2)
    rows, columns = (np.round((points - points.min(axis=0)) * scale).astype(int) + margin).T
    paper = np.ones((rows.max() + margin + 1, columns.max() + margin + 1), bool)
    paper[rows, columns] = False
    return np.clip(PEN / 2 + 0.5 - ndimage.distance_transform_edt(paper), 0, 1)


def read_picture(image: Image.Image) -> Reading:
    """Ink of an uploaded picture of a drawing, dark on light or light on dark: see `lib.ink.read_ink`.

    Raises:
        BlankInputError: there is no drawing on it.
    """
    try:
        return read_ink(image)
    except BlankInputError:
        raise BlankInputError(
            "I see no drawing here. Please use a picture with clear lines on a plain sheet."
        ) from None


def picture_to_sketch(image: Image.Image) -> np.ndarray:
    """An uploaded picture to network input: `read_picture`, then `normalise_ink`; uint8 (28, 28)."""
    reading = read_picture(image)
    return normalise_ink(reading.ink, reading.levels)


def drawn_to_sketch(objects: Sequence[dict[str, Any]], rgba: np.ndarray | None) -> np.ndarray:
    """What is on a canvas in the form of the data: by its strokes, or by its pixels where there is more than strokes.

    Args:
        objects: see `canvas_strokes`.
        rgba: uint8 (height, width, 4), transparent where nothing is drawn; None before the first stroke.

    Returns:
        uint8 (28, 28), light on dark.

    Raises:
        BlankInputError: there is nothing, or only a dot.
    """
    strokes = canvas_strokes(objects)
    if strokes is not None:
        return normalise_strokes(strokes)
    if rgba is None:
        raise BlankInputError(_EMPTY)
    return normalise_ink(rgba[..., 3].astype(np.float32) / 255)


_NO_ARTICLE = frozenset(
    [
        "animal migration",
        "asparagus",
        "binoculars",
        "bread",
        "camouflage",
        "drums",
        "eyeglasses",
        "flip flops",
        "grapes",
        "grass",
        "headphones",
        "lightning",
        "matches",
        "pants",
        "peas",
        "pliers",
        "rain",
        "rollerskates",
        "scissors",
        "shorts",
        "stairs",
        "stitches",
        "toothpaste",
        "underwear",
        "yoga",
    ]
)


def with_article(name: str) -> str:
    """A category in a sentence: ``a cat``, ``an owl``, ``the Mona Lisa``, ``scissors``."""
    if name.startswith("The "):
        return f"the {name[4:]}"
    if name in _NO_ARTICLE:
        return name
    return f"{'an' if name[0] in 'aeio' or name.startswith(('umb', 'hour')) else 'a'} {name}"
