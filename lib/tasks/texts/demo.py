"""The demo in the visitor's browser."""

from __future__ import annotations

from lib.bundles import Bundle
from lib.demo import Demo


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("text", {"start": bundle.facts["start"], "examples": bundle.facts["examples"]}, (380, 708))
