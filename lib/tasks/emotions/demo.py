"""The demo in the visitor's browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from lib.bundles import Bundle
from lib.demo import Demo
from lib.tasks.emotions.drawn import EXPRESSIONS, RANGES
from lib.tasks.emotions.reader import EmotionReader

FIRST = "neutral"
"""The drawn face that comes first."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network, and of the one that finds faces."""
    data = {
        "expressions": {name: asdict(one) for name, one in EXPRESSIONS.items()},
        "ranges": {name: list(ends) for name, ends in RANGES.items()},
        "example": FIRST,
        "own": False,
    }
    return Demo("emotions", data, (452, 1011))


def server(bundle: Bundle) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """What the server does with a face, which includes looking at its mirror image."""
    reader = EmotionReader(bundle)
    return lambda images: {"logits": reader.logits(images[..., 0])}
