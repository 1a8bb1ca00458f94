"""The demo in the visitor's browser."""

from __future__ import annotations

from typing import Any

from lib.bundles import Bundle


def demo(bundle: Bundle) -> tuple[str, dict[str, Any]]:
    """The module of ``static/browser`` that shows it, and what that needs to begin with."""
    return "text", {"start": bundle.facts["start"], "examples": bundle.facts["examples"]}
