"""The demos in the visitor's browser."""

from __future__ import annotations

from lib import photos, strangers
from lib.bundles import Bundle
from lib.demo import Demo
from lib.photos import EXAMPLES
from lib.tasks.photos import pieces

KNOWS = "1,000 things"
"""What the network has learnt from."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("classify", photos.demo_data(EXAMPLES) | {"strange": strangers.limit(bundle, KNOWS)}, (544, 1108))


def teaching_demo(bundle: Bundle) -> Demo:
    """Of the head that learns classes of one's own, on what the good network says."""
    parts = [photos.example(name).for_browser() | {"boxes": boxes} for name, boxes in pieces.boxes().items()]
    return Demo("teach", photos.demo_data(EXAMPLES) | {"pieces": parts}, (490, 805))
