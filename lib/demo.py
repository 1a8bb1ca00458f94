"""A demo that runs in the visitor's browser: what pages, with a server or without, need to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Demo:
    """A demo.

    Attributes:
        module: of ``static/browser``, which has a function ``mount``; see ``static/browser/view.js``.
        data: what it needs to begin with, besides the model and the classes; as JSON can hold it.
        height: that it takes at least, on a wide screen and on a phone, in pixels: it is kept free, so that nothing jumps when the demo comes.
    """

    module: str
    data: dict[str, Any]
    height: tuple[int, int]
