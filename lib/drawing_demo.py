"""What the demo of a network that reads drawings needs in the visitor's browser."""

from __future__ import annotations

import numpy as np

from lib import strangers
from lib.bundles import Bundle
from lib.demo import Demo
from lib.pictures import CANVAS_SIDE, as_drawn, ink_png


def examples(bundle: Bundle) -> tuple[np.ndarray, list[str]]:
    """Test drawings that can be put on a canvas, uint8 (n, 28, 28), and what they are."""
    evaluation = bundle.evaluation
    return evaluation["examples_images"], [bundle.classes[i] for i in evaluation["examples_labels"]]


def drawing_demo(bundle: Bundle, kind: str, knows: str, pen: int, share: float) -> Demo:
    """A demo that reads what one draws.

    Args:
        bundle: of the network.
        kind: ``"digit"`` or ``"sketch"``.
        knows: what it learnt from, in words.
        pen: width of the strokes to begin with, in pixels.
        share: of the pad's side that an example takes.
    """
    rows = [
        {"label": label, "drawn": as_drawn(ink_png(image, int(share * CANVAS_SIDE), "#808080"))}
        for image, label in zip(*examples(bundle), strict=True)
    ]
    data = {"kind": kind, "pen": pen, "name": kind, "drawing": [], "examples": rows}
    return Demo("draw", data | {"strange": strangers.limit(bundle, knows)}, (528, 1137))
