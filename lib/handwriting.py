"""Digits as they are written where MNIST's writers did not live, drawn stroke by stroke.

MNIST was written in the United States. In much of Europe and Latin America, a 1 begins with an upstroke and has no base, so
that it looks like an American 7; a 7 has a bar for that reason. Some slash the 0, leave the 4 open, give the 2 a loop or
the 3 a flat top. Each style is a few strokes here, whose points are drawn at random within bounds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline

from lib.datasets import Split
from lib.freehand import CANVAS, MAX_SLANT, PENS, SIZES
from lib.ink import normalise_digit

Stroke = list[tuple[float, float]]
"""Points (x, y) of one stroke, the digit's height being 1 and y pointing down."""

FINER = 2
"""Strokes are drawn at so many times the canvas' resolution and then reduced, for soft edges."""


def one(rng: np.random.Generator) -> list[Stroke]:
    """A 1 with an upstroke, seldom with a base."""
    back = rng.uniform(0.16, 0.5)
    # Flatter than this, the upstroke is the roof of a 7.
    fall = back * np.tan(np.radians(rng.uniform(27, 62)))
    bow = rng.uniform(-0.04, 0.04)
    # The stem of some leans back under the upstroke.
    foot = rng.uniform(-0.12, 0.04)
    strokes = [[(-back, fall), (-back / 2, fall / 2 + bow), (0.0, 0.0)], [(0.0, 0.0), (foot, 1.0)]]
    if rng.random() < 0.15:
        half = rng.uniform(0.12, 0.3)
        strokes.append([(foot - half, 1.0), (foot + half, 1.0 + rng.uniform(-0.04, 0.04))])
    return strokes


def seven(rng: np.random.Generator) -> list[Stroke]:
    """A 7 whose roof is level or nearly so, as a rule with a bar, at times with a hook at its beginning."""
    wide, tilt, foot = rng.uniform(0.42, 0.7), rng.uniform(-0.08, 0.08), rng.uniform(0.05, 0.35)
    bend = rng.uniform(0.0, 0.12)
    strokes = [
        [(0.0, tilt), (wide, 0.0)],
        [(wide, 0.0), ((wide + foot) / 2 - bend, 0.45), (foot, 1.0)],
    ]
    if rng.random() < 0.4:
        strokes.insert(0, [(rng.uniform(-0.05, 0.03), tilt + rng.uniform(0.08, 0.2)), (0.0, tilt)])
    if rng.random() < 0.75:
        height, half = rng.uniform(0.42, 0.58), rng.uniform(0.14, 0.3)
        middle = wide + (foot - wide) * height - bend
        rise = rng.uniform(-0.08, 0.08)
        strokes.append([(middle - half, height + rise), (middle + half, height - rise)])
    return strokes


def _oval(rng: np.random.Generator, wide: float, high: float) -> Stroke:
    turn = np.linspace(0, 2 * np.pi, 13) + rng.uniform(-0.3, 0.3)
    return [(float(wide / 2 * np.sin(angle)), float(high / 2 * (1 - np.cos(angle)))) for angle in turn]


def zero(rng: np.random.Generator) -> list[Stroke]:
    """A 0 with a slash."""
    wide = rng.uniform(0.5, 0.8)
    out = rng.uniform(0.35, 0.62) * wide
    return [_oval(rng, wide, 1.0), [(out, rng.uniform(0.05, 0.25)), (-out, rng.uniform(0.75, 0.95))]]


def four(rng: np.random.Generator) -> list[Stroke]:
    """An open 4: a corner, and a stem that crosses it."""
    bar, left, stem = rng.uniform(0.5, 0.68), rng.uniform(-0.05, 0.15), rng.uniform(0.38, 0.55)
    return [
        [(left + 0.12, 0.0), (left, bar)],
        [(left, bar), (rng.uniform(0.6, 0.75), bar + rng.uniform(-0.05, 0.05))],
        [(stem, rng.uniform(0.0, 0.35)), (stem + rng.uniform(-0.08, 0.04), 1.0)],
    ]


def two(rng: np.random.Generator) -> list[Stroke]:
    """A 2 with a loop at its foot."""
    loop, end = rng.uniform(0.08, 0.16), rng.uniform(0.6, 0.75)
    foot = [(0.05, 0.92), (-0.02, 0.8), (0.12, 0.92 - loop), (0.3, 0.94), (end, 0.95)]
    return [[(0.05, 0.22), (0.25, 0.0), (0.52, 0.2), (0.35, 0.55), *foot]]


def three(rng: np.random.Generator) -> list[Stroke]:
    """A 3 with a flat top."""
    wide, waist = rng.uniform(0.42, 0.6), rng.uniform(0.36, 0.46)
    return [
        [(0.0, 0.0), (wide, rng.uniform(-0.04, 0.04))],
        [(wide, 0.0), (0.2, waist)],
        [(0.2, waist), (0.45, waist + 0.06), (wide, 0.7), (0.35, 0.98), (0.0, rng.uniform(0.82, 0.95))],
    ]


def nine(rng: np.random.Generator) -> list[Stroke]:
    """A 9 with a straight leg."""
    wide, high = rng.uniform(0.42, 0.6), rng.uniform(0.42, 0.55)
    right = wide / 2
    return [_oval(rng, wide, high), [(right, rng.uniform(0.1, 0.25)), (right + rng.uniform(-0.15, 0.05), 1.0)]]


STYLES: dict[int, Callable[[np.random.Generator], list[Stroke]]] = {
    0: zero,
    1: one,
    2: two,
    3: three,
    4: four,
    7: seven,
    9: nine,
}
"""What is drawn of each digit; the others are written alike everywhere."""
SHARES = {1: 0.4, 7: 0.3}
"""How many of the drawings are of a digit; the others share what is left. The 1 and the 7 are the two that are mixed up."""


def _smooth(stroke: Stroke) -> np.ndarray:
    """Points along a smooth line through those of a stroke; straight where it has two: float (n, 2)."""
    points = np.array(stroke, float)
    if len(points) == 2:
        return points
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T) + 1e-6)])
    return CubicSpline(along, points)(np.linspace(0, along[-1], 40))


def draw(label: int, rng: np.random.Generator, pen: float | None = None, slant: float | None = None) -> np.ndarray:
    """One digit in its other style, anywhere on a canvas.

    Args:
        label: one of `STYLES`.
        rng: draws the points, the size, the place, and whatever is not given.
        pen: width in pixels of the canvas, else uniform in 2-40.
        slant: degrees, positive to the right, else uniform in -20..20.

    Returns:
        float32 (280, 280) in 0..1.
    """
    pen = rng.uniform(*PENS) if pen is None else pen
    slant = rng.uniform(-MAX_SLANT, MAX_SLANT) if slant is None else slant
    strokes = [_smooth(stroke) for stroke in STYLES[label](rng)]
    stretch = rng.uniform(0.8, 1.2)
    for stroke in strokes:
        stroke[:, 0] = stretch * stroke[:, 0] - np.tan(np.radians(slant)) * (stroke[:, 1] - 0.5)
    every = np.concatenate(strokes)
    low, extent = every.min(axis=0), np.ptp(every, axis=0)
    side = min(rng.uniform(*SIZES) * CANVAS, CANVAS - pen - 2)
    # A pen that is too thick for a small digit closes what tells it apart.
    pen = min(pen, 0.28 * side)
    scale = side / extent.max()
    room = CANVAS - pen - 2 - extent * scale
    corner = rng.uniform(0, 1, 2) * room + pen / 2 + 1
    picture = Image.new("L", (CANVAS * FINER, CANVAS * FINER))
    pencil = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = ((stroke - low) * scale + corner) * FINER
        pencil.line([tuple(point) for point in points], fill=255, width=round(pen * FINER), joint="curve")
        for x, y in points:
            radius = pen * FINER / 2
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(picture.reduce(FINER), np.float32) / 255


def drawn(n: int, seed: int) -> Split:
    """So many digits in other styles, in MNIST's form; see `SHARES` for how many of each.

    Args:
        n: how many.
        seed: of the random draws; the same seed gives the same pictures.

    Returns:
        uint8 images (n, 28, 28) and their labels.
    """
    rng = np.random.default_rng(seed)
    labels = np.array(list(STYLES))
    left = (1 - sum(SHARES.values())) / (len(STYLES) - len(SHARES))
    chosen = rng.choice(labels, n, p=[SHARES.get(label, left) for label in STYLES])
    images = [normalise_digit(draw(int(label), rng)) for label in chosen]
    return Split(np.stack(images), chosen.astype(np.int64))
