"""Faces drawn by a few lines and ellipses, which may be shown, since they are nobody's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from lib.tasks.emotions.data import INPUT_SIDE

_SCALE = 8
"""Faces are drawn so many times larger than they are used, so that their lines are smooth."""


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
    eyes: float = 0.5
    wrinkles: float = 0.0


EXPRESSIONS = {
    "angry": Expression(smile=-0.5, mouth=0.1, brows=-0.8, frown=1.0, eyes=0.45),
    "disgust": Expression(smile=-0.7, mouth=0.2, brows=-0.5, frown=0.5, eyes=0.2, wrinkles=1.0),
    "fear": Expression(smile=-0.3, mouth=0.6, brows=0.7, frown=-0.7, eyes=1.0),
    "happy": Expression(smile=1.0, mouth=0.5, brows=0.2, eyes=0.35),
    "sad": Expression(smile=-0.8, brows=0.1, frown=-0.9, eyes=0.3),
    "surprise": Expression(mouth=1.0, brows=1.0, eyes=1.0),
    "neutral": Expression(),
}
"""One drawn face for each emotion, in the order of `lib.tasks.emotions.data.EMOTIONS`."""


def drawn_faces() -> np.ndarray:
    """All of `EXPRESSIONS`: uint8 (7, 48, 48), grey, cut out as closely as the training pictures."""
    return np.stack([draw_face(expression) for expression in EXPRESSIONS.values()])


def draw_face(expression: Expression, side: int = INPUT_SIDE) -> np.ndarray:
    """A face with this expression: uint8 (side, side), grey."""
    full = side * _SCALE
    picture = Image.new("L", (full, full), 70)
    pen = ImageDraw.Draw(picture)

    def at(*places: float) -> list[float]:
        return [place * full for place in places]

    def line(points: list[tuple[float, float]], tone: int, width: float) -> None:
        pen.line([(x * full, y * full) for x, y in points], fill=tone, width=round(width * full), joint="curve")

    pen.ellipse(at(0.04, -0.12, 0.96, 1.04), fill=60)  # hair
    pen.ellipse(at(0.1, 0.02, 0.9, 1.0), fill=185)
    for mirror in (-1, 1):

        def x(from_middle: float, mirror: int = mirror) -> float:
            return 0.5 + mirror * from_middle

        high = 0.015 + 0.05 * expression.eyes
        pen.ellipse(
            at(x(0.17) - 0.085, 0.42 - high, x(0.17) + 0.085, 0.42 + high), fill=240, outline=70, width=full // 90
        )
        iris = min(0.04, high)
        pen.ellipse(at(x(0.17) - iris, 0.42 - iris, x(0.17) + iris, 0.42 + iris), fill=40)
        brow = 0.31 - 0.05 * expression.brows
        inner, outer = brow + 0.05 * expression.frown, brow - 0.03 * expression.frown
        line([(x(0.07), inner), (x(0.18), min(inner, outer) - 0.005), (x(0.29), outer + 0.015)], 60, 0.035)
        if expression.wrinkles:
            line([(x(0.05), 0.52), (x(0.09), 0.58), (x(0.16), 0.61)], 110, 0.018 * expression.wrinkles)
    line([(0.48, 0.45), (0.45, 0.59), (0.5, 0.62), (0.55, 0.59)], 130, 0.018)
    wide = 0.17 + 0.05 * max(0.0, expression.smile) - 0.06 * expression.mouth * (expression.smile <= 0)
    share = np.linspace(-1, 1, 25)
    middle, bend = 0.77, 0.07 * expression.smile
    upper = [(0.5 + wide * s, middle - bend * (s**2 - 0.4) - 0.05 * expression.mouth * (1 - s**2)) for s in share]
    lower = [(0.5 + wide * s, middle - bend * (s**2 - 0.4) + 0.11 * expression.mouth * (1 - s**2)) for s in share]
    if expression.mouth > 0.05:
        pen.polygon([(x_ * full, y * full) for x_, y in upper + lower[::-1]], fill=45)
        if expression.smile > 0.5:
            teeth = [(x_, y + 0.045 * (1 - s**2)) for (x_, y), s in zip(upper, share, strict=True)]
            pen.polygon([(x_ * full, y * full) for x_, y in upper + teeth[::-1]], fill=245)
    line(upper, 95, 0.025)
    line(lower, 95, 0.025)
    return np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS))
