"""The demo in the visitor's browser."""

from __future__ import annotations

from lib.bundles import Bundle
from lib.demo import Demo

EXAMPLES = ("17+38", "999+1", "0+0", "586+749", "1234+1")


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("sum", {"typed": EXAMPLES[0], "examples": EXAMPLES}, (422, 733))
