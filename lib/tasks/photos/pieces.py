"""What whoever has no photos at hand may teach: pieces of three examples. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from lib import photos

EXAMPLES = ("cat", "espresso", "panda")
PIECES = 6
"""Of each example."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


@cache
def boxes() -> Mapping[str, Sequence[Box]]:
    """Where the pieces are, by the names of the examples; always the same ones."""
    rng = np.random.default_rng(0)
    found: dict[str, list[Box]] = {}
    for name in EXAMPLES:
        size = photos.upright_size(photos.example(name).path)
        found[name] = []
        for _ in range(PIECES):
            side = int(rng.uniform(0.6, 0.95) * min(size))
            left, top = (int(rng.integers(0, length - side + 1)) for length in size)
            found[name].append((left, top, left + side, top + side))
    return found
