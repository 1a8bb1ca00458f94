"""Files of the form of FER2013, with drawn faces: nobody's."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from lib.tasks.emotions.drawn import EXPRESSIONS, draw_face


def write(data: Path, evaluation: Path) -> None:
    """Faces to learn from, to choose by and to be scored on."""
    (data / "fer2013").mkdir(exist_ok=True)
    images, labels = faces(12)
    write_strips(data / "fer2013" / "fer2013.npz", images, labels, np.repeat([0, 1, 2], len(labels) // 3))


def faces(of_each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """So many different drawn faces of each emotion: uint8 (n, 48, 48), and their labels."""
    rng = np.random.default_rng(seed)
    images, labels = [], []
    for _ in range(of_each):
        for label, expression in enumerate(EXPRESSIONS.values()):
            face = draw_face(replace(expression, eyes=float(rng.uniform(0, 1))))
            # Spots of light, so that no two are nearly the same picture.
            spots = rng.normal(0, 30, (12, 12)).repeat(4, axis=0).repeat(4, axis=1)
            images.append(np.clip(face + spots, 0, 255).astype(np.uint8))
            labels.append(label)
    return np.stack(images), np.array(labels)


def write_strips(path: Path, images: np.ndarray, labels: np.ndarray, split: np.ndarray, of_each: int = 10) -> None:
    """A file of faces as JPEGs, several in each, one below the other."""
    content = []
    for start in range(0, len(images), of_each):
        file = io.BytesIO()
        Image.fromarray(images[start : start + of_each].reshape(-1, images.shape[2])).save(file, "PNG")
        content.append(file.getvalue())
    np.savez(
        path,
        jpeg_strips=np.frombuffer(b"".join(content), np.uint8),
        offsets=np.cumsum([0, *map(len, content)]),
        labels=labels,
        split=split,
    )
