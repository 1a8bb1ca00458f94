"""Several digits in one drawing: which strokes belong together, by geometry alone.

A digit can have several parts: a 5 whose bar stands apart, a 4 of two strokes, a line that a dry pen breaks. Two parts are two digits if
both are tall, stand side by side, and keep a distance. ``static/browser/several.js`` does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

FAINT = 0.25
"""What is fainter belongs to the soft edge of a stroke."""
TALL = 0.4
"""A part that is less tall than this share of all ink is no digit of its own."""
GAP = 0.07
"""Digits keep a distance of at least this share of the height of all ink."""
BESIDE = 0.4
"""Digits side by side share at least this part of the smaller one's rows."""
OVERLAP = 0.5
"""And at most this part of the narrower one's columns: digits may be slanted."""
WIDE = 1.4
"""One connected blot that is wider than so many times its height is rarely one digit."""
MOST = 12
"""So many digits are read, not more."""
_SIDE = 280

TOUCHING = "This is very wide for one digit. If these are several digits, leave a gap between them."
TOO_MANY = f"I see more than {MOST} separate things. Write at most {MOST} digits, in one row."


@dataclass(frozen=True)
class Part:
    """One digit of a drawing.

    Attributes:
        ink: float32, of the drawing's shape; the ink of this digit alone.
        box: left, top, right, bottom in pixels of the drawing.
    """

    ink: np.ndarray
    box: tuple[int, int, int, int]

    @property
    def wide(self) -> bool:
        """Whether this may be several digits that touch."""
        left, top, right, bottom = self.box
        return right - left > WIDE * (bottom - top)


def split(ink: np.ndarray) -> list[Part]:
    """The digits of a drawing, from left to right.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink.

    Returns:
        One part for each digit; one part of all ink if it looks like one digit, none if there is no ink.
    """
    labels, count = ndimage.label(ink > FAINT, structure=np.ones((3, 3)))
    if not count:
        return []
    boxes = np.array([[x.start, y.start, x.stop, y.stop] for y, x in ndimage.find_objects(labels)])
    whole = _around(boxes)
    height = whole[3] - whole[1]
    tall = [i for i in range(count) if boxes[i, 3] - boxes[i, 1] >= TALL * height]
    one = [Part(ink, whole)]
    if len(tall) < 2:
        return one
    step = max(1, max(ink.shape) // _SIDE)
    small = labels[::step, ::step]
    far = {i: step * ndimage.distance_transform_edt(small != i + 1) for i in tall}
    # A number for each blot; blots of one digit get the same.
    digit = np.arange(count)
    for a in tall:
        for b in tall:
            if a < b and not _are_two(boxes[a], boxes[b], _distance(far[a], small == b + 1), height):
                digit[digit == digit[b]] = digit[a]
    for i in set(range(count)) - set(tall):
        digit[i] = digit[min(tall, key=lambda j: _distance(far[j], small == i + 1))]
    groups = [np.flatnonzero(digit == number) for number in dict.fromkeys(digit[tall])]
    if len(groups) < 2:
        return one
    # The soft edges of a stroke go with it.
    near = np.where(labels > 0, labels, ndimage.maximum_filter(labels, 3))
    owner = np.concatenate([[-1], digit])[near]
    parts = []
    for members in groups:
        alone = np.where(owner == digit[members[0]], ink, 0).astype(np.float32)
        parts.append(Part(alone, _around(boxes[members])))
    return sorted(parts, key=lambda part: part.box[0] + part.box[2])


def _around(boxes: np.ndarray) -> tuple[int, int, int, int]:
    """The smallest box that holds all of these (n, 4)."""
    (left, top), (right, bottom) = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    return int(left), int(top), int(right), int(bottom)


def _distance(far: np.ndarray, mask: np.ndarray) -> float:
    """The shortest way to a blot; a blot too small for the reduced picture is near."""
    return float(far[mask].min()) if mask.any() else 0.0


def _are_two(a: np.ndarray, b: np.ndarray, distance: float, height: float) -> bool:
    """Whether two blots (left, top, right, bottom) are two digits."""
    rows = min(a[3], b[3]) - max(a[1], b[1])
    columns = min(a[2], b[2]) - max(a[0], b[0])
    shorter, narrower = min(a[3] - a[1], b[3] - b[1]), min(a[2] - a[0], b[2] - b[0])
    return rows >= BESIDE * shorter and columns <= OVERLAP * narrower and distance >= GAP * height
