"""The networks that were trained here: each paints in the style of one painting (Johnson et al., 2016)."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lib import litert, photos
from lib.bundles import Bundle

SIDE = 256
"""Height and width of what they paint, in pixels."""
WAYS = ("low", "good", "high")
"""With too little, about the right, and too much weight on style."""


class OneStyle:
    """A network that knows one style. Safe to share between threads.

    Args:
        bundle: where it is.
        file: its name without the ending: ``"low"``, ``"high"``, or ``"moment_0"`` and so on, of which the last one is the good network.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle, file: str) -> None:
        self._model = litert.Model(bundle, f"{file}.tflite", threads=2)

    def paint(self, picture: Image.Image) -> np.ndarray:
        """The middle of an RGB picture, painted: uint8 (256, 256, 3)."""
        painted = self._model.run(square(picture)[None])["painted"][0]
        return painted.clip(0, 255).round().astype(np.uint8)


def square(picture: Image.Image) -> np.ndarray:
    """The middle of an RGB picture as the networks take it: uint8 (256, 256, 3)."""
    return photos.to_square(picture, SIDE, share=1.0)


def moment_file(moment: int) -> str:
    """Name of the network at that moment of its training, counted from 0."""
    return f"moment_{moment}"


def way_file(bundle: Bundle, way: str) -> str:
    """Name of the network of one of the three weights."""
    return moment_file(len(bundle.facts["learnt"]["moments"]) - 1) if way == "good" else way
