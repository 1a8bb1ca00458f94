"""Files of the form of COCO's extracts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib import photos


def write(data: Path, evaluation: Path) -> None:
    """The same photos to have learnt from and to be scored on."""
    (data / "coco").mkdir(exist_ok=True)
    for path in (evaluation / "coco_val128.npz", data / "coco" / "coco_train128.npz"):
        write_labelled_photos(path)


def write_labelled_photos(path: Path) -> None:
    """A file of the form of COCO's extract: the project's own photos, on each of which a large cat and a small cup are said to be."""
    files = [photos.example(name).path.read_bytes() for name in ("cat", "espresso", "macaw", "panda")]
    sizes = [photos.example(name).open().size for name in ("cat", "espresso", "macaw", "panda")]
    n = len(files)
    boxes = [[i, label, 0.5, 0.5, side, side] for i in range(n) for label, side in ((0, 0.6), (1, 0.05))]
    np.savez(
        path,
        jpeg=np.frombuffer(b"".join(files), np.uint8),
        offsets=np.cumsum([0, *map(len, files)]),
        image_id=np.arange(n),
        size=np.array(sizes),
        boxes=np.array(boxes, np.float32),
        class_names=np.array(["cat", "cup"]),
    )
