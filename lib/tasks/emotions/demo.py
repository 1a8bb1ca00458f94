"""The demo in the visitor's browser."""

from __future__ import annotations

from dataclasses import asdict

from lib.bundles import Bundle
from lib.demo import Demo
from lib.tasks.emotions.drawn import EXPRESSIONS, RANGES

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
