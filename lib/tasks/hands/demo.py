"""The demo in the visitor's browser."""

from __future__ import annotations

from typing import Any

from lib import photos
from lib.bundles import Bundle
from lib.tasks.hands.pictures import EXAMPLES


def demo(bundle: Bundle) -> tuple[str, dict[str, Any]]:
    """The module of ``static/browser`` that shows it, and what that needs to begin with."""
    return "hands", photos.demo_data(EXAMPLES)
