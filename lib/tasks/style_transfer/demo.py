"""The demo in the visitor's browser."""

from __future__ import annotations

from lib import photos
from lib.bundles import Bundle
from lib.demo import Demo
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS


def demo(bundle: Bundle) -> Demo:
    """Of the network for any style."""
    styles = bundle.evaluation["styles"].tolist()
    paintings = [
        one.for_browser() | {"title": one.title, "style": [round(number, 5) for number in style]}
        for one, style in zip(PAINTINGS, styles, strict=True)
    ]
    return Demo("repaint", photos.demo_data(PHOTOS) | {"paintings": paintings}, (615, 1104))
