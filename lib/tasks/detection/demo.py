"""The demo in the visitor's browser."""

from __future__ import annotations

from typing import Any

from lib import photos
from lib.bundles import Bundle

EXAMPLES = tuple(
    photos.example(name)
    for name in ("espresso", "cat", "macaw", "polar bear", "panda", "moose", "flower", "crocodile", "rocket")
)
"""Things that it knows, things that it takes for others, and things that it has no word for."""


def demo(bundle: Bundle) -> tuple[str, dict[str, Any]]:
    """The module of ``static/browser`` that shows it, and what that needs to begin with."""
    return "detect", photos.demo_data(EXAMPLES)
