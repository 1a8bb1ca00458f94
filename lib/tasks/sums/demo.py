"""The demo in the visitor's browser."""

from __future__ import annotations

from typing import Any

from lib.bundles import Bundle

EXAMPLES = ("17+38", "999+1", "0+0", "586+749", "1234+1")


def demo(bundle: Bundle) -> tuple[str, dict[str, Any]]:
    """The module of ``static/browser`` that shows it, and what that needs to begin with."""
    return "sum", {"typed": EXAMPLES[0], "examples": EXAMPLES}
