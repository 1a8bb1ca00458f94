"""The demo in the visitor's browser."""

from __future__ import annotations

from lib import photos
from lib.bundles import Bundle
from lib.demo import Demo

EXAMPLES = tuple(
    photos.example(name)
    for name in ("espresso", "cat", "macaw", "polar bear", "panda", "moose", "flower", "crocodile", "rocket")
)
"""Things that it knows, things that it takes for others, and things that it has no word for."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("detect", photos.demo_data(EXAMPLES), (528, 722))
