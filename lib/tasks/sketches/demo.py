"""The demo in the visitor's browser."""

from __future__ import annotations

from lib.bundles import Bundle
from lib.demo import Demo
from lib.drawing_demo import drawing_demo

KNOWS = "345 kinds of drawings"
"""What the network has learnt from."""
PEN = 6
"""Width of the pen to begin with, in pixels: about what it becomes in the network's picture."""
SHARE = 0.9
"""Of the canvas' side that an example takes."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return drawing_demo(bundle, "sketch", KNOWS, PEN, SHARE)
