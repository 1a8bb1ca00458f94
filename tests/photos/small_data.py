"""Files of the form of ImageNet's extracts; Fashion-MNIST comes from another task."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from lib import bundles
from lib.tasks.photos.data import EVALUATION
from tests import files


def write(data: Path, evaluation: Path) -> None:
    """Photos of one colour for all of ImageNet's classes, half of them in each of the two files."""
    known = bundles.load("image_classification")
    (data / "imagenet_samples").mkdir(exist_ok=True)
    for start, path in ((0, data / "imagenet_samples" / "imagenet_samples.npz"), (1, evaluation / EVALUATION)):
        np.savez(path, **plain_photos(known.facts["wnids"][start::2]), name=np.array(known.classes[start::2]))


def plain_photos(wnids: list[str]) -> dict[str, np.ndarray]:
    """A red photo for each of ImageNet's classes that are named, packed as `lib.tasks.photos.data` reads them."""
    jpegs = [files.encode(Image.new("RGB", (32, 32), "red"), "JPEG") for _ in wnids]
    offsets = np.cumsum([0, *map(len, jpegs)])
    return {"jpeg": np.frombuffer(b"".join(jpegs), np.uint8), "offsets": offsets, "wnid": np.array(wnids)}
