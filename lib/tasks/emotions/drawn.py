"""Faces drawn by a few lines and ellipses, which may be shown, since they are nobody's.

``static/browser/drawn.js`` draws the same faces by the same sums.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from lib.tasks.emotions.data import INPUT_SIDE

_SAMPLES = 4
"""Each pixel is the mean of so many times so many places, so that lines are smooth."""


@dataclass(frozen=True)
class Expression:
    """What a drawn face does, each from -1 to 1 unless it says otherwise.

    Attributes:
        smile: how far the corners of the mouth are up, or down.
        mouth: how far it is open, 0 to 1.
        brows: how far they are raised, or lowered.
        frown: how far their inner ends are lower than their outer ones, or higher.
        eyes: how far they are open, 0 to 1.
        wrinkles: of the nose, 0 to 1.
    """

    smile: float = 0.0
    mouth: float = 0.0
    brows: float = 0.0
    frown: float = 0.0
    eyes: float = 0.3
    wrinkles: float = 0.0


RANGES = {
    "smile": (-1.0, 1.0),
    "mouth": (0.0, 1.0),
    "brows": (-1.0, 1.0),
    "frown": (-1.0, 1.0),
    "eyes": (0.0, 1.0),
    "wrinkles": (0.0, 1.0),
}
"""Lowest and highest value of each part of an `Expression`."""

EXPRESSIONS = {
    "angry": Expression(smile=-0.9, mouth=0.1, brows=-0.4, frown=0.8, eyes=0.15),
    "disgust": Expression(smile=-0.4, mouth=0.3, brows=-0.4, frown=0.7, eyes=0.1, wrinkles=1.0),
    "fear": Expression(smile=-0.8, mouth=0.3, brows=0.7, frown=-0.3, eyes=0.8),
    "happy": Expression(smile=1.0, mouth=0.5, brows=0.2, eyes=0.35),
    "sad": Expression(smile=-0.5, frown=-0.5, eyes=0.05),
    "surprise": Expression(mouth=1.0, brows=1.0, eyes=1.0),
    "neutral": Expression(eyes=0.3),
}
"""One drawn face for each emotion, in the order of `lib.tasks.emotions.data.EMOTIONS`."""

Point = tuple[float, float]


@dataclass(frozen=True)
class _Shape:
    """A part of the drawing. All lengths are shares of its side; grey tones are from 0 to 255.

    Attributes:
        tone: of the shape.
        points: corners of an area, or places of a line; of an ellipse, its middle and its half axes.
        width: of a line; 0 for the others.
        fade: of an ellipse, by how much its edge is darker than its middle.
        round: whether it is an ellipse.
    """

    tone: float
    points: list[Point]
    width: float = 0.0
    fade: float = 0.0
    round: bool = False


def drawn_faces() -> np.ndarray:
    """All of `EXPRESSIONS`: uint8 (7, 48, 48), grey, cut out as closely as the training pictures."""
    return np.stack([draw_face(expression) for expression in EXPRESSIONS.values()])


def expression(values: object) -> Expression:
    """The expression of values by name, as a browser sends them; what is missing or wrong is neutral, what is too far is brought back."""
    given = values if isinstance(values, dict) else {}
    kept = asdict(Expression())
    for name, (lowest, highest) in RANGES.items():
        value = given.get(name)
        # What is not a number is not equal to itself.
        if isinstance(value, int | float) and value == value:
            kept[name] = min(highest, max(lowest, float(value)))
    return Expression(**kept)


def draw_face(expression: Expression, side: int = INPUT_SIDE) -> np.ndarray:
    """A face with this expression: uint8 (side, side), grey."""
    n = side * _SAMPLES
    place = (np.arange(n) + 0.5) / n
    x, y = place[None, :], place[:, None]
    picture = np.full((n, n), 70.0)
    for shape in _shapes(expression):
        _paint(picture, x, y, shape)
    means = picture.reshape(side, _SAMPLES, side, _SAMPLES).mean(axis=(1, 3))
    return np.floor(means + 0.5).astype(np.uint8)


def _ellipse(x: float, y: float, wide: float, high: float, tone: float, fade: float = 0.0) -> _Shape:
    return _Shape(tone, [(x, y), (wide, high)], fade=fade, round=True)


def _shapes(face: Expression) -> list[_Shape]:
    """All parts, the lowest first."""
    shapes = [_ellipse(0.5, 0.46, 0.46, 0.58, 50), _ellipse(0.5, 0.51, 0.41, 0.5, 200, 55)]
    high = 0.012 + 0.04 * face.eyes
    brow = 0.325 - 0.055 * face.brows
    inner, outer = brow + 0.05 * face.frown, brow - 0.03 * face.frown
    for side in (-1, 1):

        def at(from_middle: float, y: float, side: int = side) -> Point:
            return 0.5 + side * from_middle, y

        eye = at(0.17, 0.42)
        shapes += [
            _ellipse(*eye, 0.125, 0.075 + high / 2, 165, 0),
            _ellipse(*eye, 0.095, high + 0.014, 70),
            _ellipse(*eye, 0.085, high, 215),
            _ellipse(*eye, 0.045, min(0.045, high), 40),
            _Shape(60, [at(0.06, inner), at(0.18, min(inner, outer) - 0.005), at(0.3, outer + 0.015)], 0.04),
        ]
        if face.wrinkles > 0:
            shapes.append(_Shape(110, [at(0.05, 0.52), at(0.09, 0.58), at(0.17, 0.62)], 0.025 * face.wrinkles))
        if face.frown > 0:
            shapes.append(_Shape(110, [at(0.02, 0.3), at(0.025, 0.38)], 0.02 * face.frown))
        if face.smile > 0:
            # The fold from the nose to the mouth.
            shapes.append(_Shape(140, [at(0.1, 0.6), at(0.2, 0.67), at(0.25, 0.76)], 0.02 * face.smile))
    shapes += [
        _Shape(150, [(0.48, 0.44), (0.46, 0.56)], 0.015),
        _Shape(110, [(0.44, 0.6), (0.47, 0.62), (0.5, 0.63), (0.53, 0.62), (0.56, 0.6)], 0.02),
    ]
    return shapes + _mouth(face)


def _mouth(face: Expression) -> list[_Shape]:
    narrower = 0.06 * face.mouth if face.smile <= 0 else 0.0
    wide = 0.17 + 0.05 * max(0.0, face.smile) - narrower
    bend = 0.07 * face.smile
    upper, lower, teeth = list[Point](), list[Point](), list[Point]()
    for i in range(25):
        s = i / 12 - 1
        x, middle, hump = 0.5 + wide * s, 0.77 - bend * (s * s - 0.4), 1 - s * s
        top = middle - 0.05 * face.mouth * hump
        upper.append((x, top))
        lower.append((x, middle + 0.11 * face.mouth * hump))
        teeth.append((x, top + 0.045 * hump))
    shapes = []
    if face.mouth > 0.05:
        shapes.append(_Shape(45, upper + lower[::-1]))
        if face.smile > 0.5:
            shapes.append(_Shape(245, upper + teeth[::-1]))
    return [*shapes, _Shape(95, upper, 0.025), _Shape(95, lower, 0.025)]


def _paint(picture: np.ndarray, x: np.ndarray, y: np.ndarray, shape: _Shape) -> None:
    """Put a shape onto a picture.

    Args:
        picture: float (n, n), changed.
        x: places of its columns, (1, n).
        y: places of its rows, (n, 1).
        shape: to paint.
    """
    if shape.round:
        (middle_x, middle_y), (wide, high) = shape.points
        far = ((x - middle_x) / wide) ** 2 + ((y - middle_y) / high) ** 2
        picture[far <= 1] = (shape.tone - shape.fade * far)[far <= 1]
        return
    inside = np.zeros(picture.shape, bool)
    pairs = list(zip(shape.points, shape.points[1:] + shape.points[:1], strict=True))
    if shape.width:
        for (x0, y0), (x1, y1) in pairs[:-1]:
            along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
            share = np.clip(along, 0, 1)
            inside |= (x - x0 - share * (x1 - x0)) ** 2 + (y - y0 - share * (y1 - y0)) ** 2 <= (shape.width / 2) ** 2
    else:
        for (x0, y0), (x1, y1) in pairs:
            # A place is inside if a ray to the right crosses an odd number of sides.
            if y0 != y1:
                inside ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    picture[inside] = shape.tone
