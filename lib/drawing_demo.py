"""What the demo of a network that reads drawings needs in the visitor's browser."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.demo import Demo
from lib.pictures import CANVAS_SIDE, as_drawn, ink_png


def drawing_demo(kind: str, pen: int, examples: np.ndarray, labels: Sequence[str], share: float) -> Demo:
    """A demo that reads what one draws.

    Args:
        kind: ``"digit"`` or ``"sketch"``.
        pen: width of the strokes to begin with, in pixels.
        examples: uint8 (n, 28, 28).
        labels: what they are, (n).
        share: of the pad's side that an example takes.
    """
    drawn = [as_drawn(ink_png(image, int(share * CANVAS_SIDE), "#808080")) for image in examples]
    rows = [{"label": label, "drawn": one} for label, one in zip(labels, drawn, strict=True)]
    return Demo("draw", {"kind": kind, "pen": pen, "name": kind, "drawing": [], "examples": rows}, (528, 1137))
