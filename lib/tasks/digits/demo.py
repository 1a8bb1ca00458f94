"""The demo in the visitor's browser."""

from __future__ import annotations

from lib.bundles import Bundle
from lib.demo import Demo
from lib.drawing_demo import drawing_demo

KNOWS = "ten digits"
"""What the network has learnt from."""
PEN = 18
"""Width of the pen to begin with, in pixels."""
SHARE = 0.8
"""Of the canvas' side that an example takes."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return drawing_demo(bundle, "digit", KNOWS, PEN, SHARE)
