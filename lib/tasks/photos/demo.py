"""The demo in the visitor's browser."""

from __future__ import annotations

from lib import photos
from lib.bundles import Bundle
from lib.demo import Demo
from lib.photos import EXAMPLES


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("classify", photos.demo_data(EXAMPLES), (544, 1108))
