"""A small file of labelled photos."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tests.files import encode


def arrays(**changes) -> dict[str, np.ndarray]:
    """Two photos with three things."""
    files = [encode(Image.new("RGB", (100, 80), shade), "JPEG") for shade in ("white", "black")]
    return {
        "jpeg": np.frombuffer(b"".join(files), np.uint8),
        "offsets": np.cumsum([0, *map(len, files)]),
        "image_id": np.array([1, 2]),
        "size": np.array([[100, 80], [100, 80]]),
        "boxes": np.array(
            [[0, 0, 0.5, 0.5, 0.2, 0.5], [1, 1, 0.2, 0.2, 0.2, 0.2], [1, 1, 0.8, 0.8, 0.2, 0.2]], np.float32
        ),
        "class_names": np.array(["cat", "person"]),
    } | changes
