"""The demo in the visitor's browser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lib import photos
from lib.bundles import Bundle
from lib.demo import Demo
from lib.tasks.hands.pictures import EXAMPLES
from lib.tasks.hands.reader import HandReader


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    return Demo("hands", photos.demo_data(EXAMPLES), (452, 915))


def server(bundle: Bundle) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """What the server does with a picture, which includes balancing its light and turning it over."""
    reader = HandReader(bundle)
    return lambda images: {"logits": reader.logits(images)}
