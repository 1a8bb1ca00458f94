"""Faces and the emotions that people saw in them: FER2013, read, cleaned, and split as its authors split it.

FER2013 (Goodfellow et al., 2013, "Challenges in representation learning") holds 35,887 faces from a search engine's
pictures, cut out by a program and reduced to 48 x 48 grey pixels. One person or another chose one of seven words for each.
It may be used for research; the faces themselves are not passed on here, and no page or notebook shows one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lib import metrics
from lib.datasets import DatasetError, load_arrays

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""The classes, in the order of the labels."""
INPUT_SIDE = 48
"""Height and width of what the networks take, in pixels."""
STRIPS, TABLE = "fer2013/fer2013.npz", "fer2013/fer2013.csv"
"""The data as JPEGs in an ``.npz``, and as the table that Kaggle gives to whoever has an account there."""
USAGES = ("Training", "PublicTest", "PrivateTest")
"""What the authors call the three sets: to learn from, to choose by, to be scored on."""
PEOPLE = 0.65
"""About the share of the labels with which people agreed who were asked to label such faces (Goodfellow et al., 2013: 65 % +- 5 %)."""
ALIKE = 0.99
"""Correlation of two thumbnails from which on the pictures count as the same one, cut out a little differently."""
_THUMBNAIL = 12
"""Height and width of the thumbnails, in pixels."""
_EMPTY = 1.0
"""Standard deviation of the brightness, of 255, below which there is nothing in a picture."""


@dataclass(frozen=True)
class Faces:
    """Faces.

    Attributes:
        images: uint8 (n, 48, 48), grey.
        labels: int64 (n), see `EMOTIONS`.
    """

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: np.ndarray | slice) -> Faces:
        """Some of them, by index, mask or slice."""
        return Faces(self.images[chosen], self.labels[chosen])

    @property
    def counts(self) -> np.ndarray:
        """How many there are of each emotion: int64 (7)."""
        return np.bincount(self.labels, minlength=len(EMOTIONS))


@dataclass(frozen=True)
class Cleaning:
    """How many training pictures were left out, and why. Each counts once, for the first reason that fits.

    Attributes:
        before: pictures before.
        empty: of one brightness all over.
        held_out: identical to a picture for validation or testing.
        nearly_held_out: nearly identical to one, see `ALIKE`.
        disputed: copies of one picture under different labels.
        repeated: further copies of a picture under the same label.
        after: pictures that are left.
    """

    before: int
    empty: int
    held_out: int
    nearly_held_out: int
    disputed: int
    repeated: int
    after: int


@dataclass(frozen=True)
class EmotionData:
    """FER2013 in its three official sets.

    Attributes:
        train: to learn from, cleaned; see `clean`.
        raw: the same before it was cleaned.
        validation: to choose by (PublicTest).
        test: to be scored on (PrivateTest).
        cleaning: what cleaning left out.
    """

    train: Faces
    raw: Faces
    validation: Faces
    test: Faces
    cleaning: Cleaning


def load_emotions() -> EmotionData:
    """28,709 faces to learn from, fewer once they are cleaned, 3,589 to choose by and 3,589 to be scored on.

    Validation and test set stay as they are, so that scores can be compared with those of others.

    Raises:
        DatasetError: ``ML_DATA_DIR`` is not set, or lacks the data.
    """
    faces, split = _load()
    raw, validation, test = (faces[split == number] for number in range(len(USAGES)))
    train, cleaning = clean(raw, [validation, test])
    return EmotionData(train, raw, validation, test, cleaning)


def load_test() -> Faces:
    """The 3,589 faces to be scored on.

    Raises:
        DatasetError: see `load_emotions`.
    """
    faces, split = _load()
    return faces[split == USAGES.index("PrivateTest")]


def _load() -> tuple[Faces, np.ndarray]:
    folder = os.environ.get("ML_DATA_DIR")
    strips, table = (Path(folder or ".").expanduser() / name for name in (STRIPS, TABLE))
    if not folder or not (strips.is_file() or table.is_file()):
        raise DatasetError(
            f"FER2013 has no public download without an account: get `fer2013.csv` from Kaggle's challenge in representation "
            f"learning, and set ML_DATA_DIR to a folder that holds it as {TABLE}."
        )
    return load_strips(strips) if strips.is_file() else load_table(table)


def load_strips(path: str | Path) -> tuple[Faces, np.ndarray]:
    """All faces of an ``.npz`` that holds them as JPEGs, each a strip of many faces one below the other.

    Its arrays are ``jpeg_strips`` (uint8, one file after the other), ``offsets`` (strips + 1), ``labels`` (n) and ``split``
    (n, an index of `USAGES`).

    Returns:
        The faces, and their split.

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    arrays = load_arrays(path, ("jpeg_strips", "offsets", "labels", "split"))
    data, offsets = arrays["jpeg_strips"], arrays["offsets"]
    try:
        strips = [
            np.asarray(Image.open(io.BytesIO(data[start:end].tobytes())).convert("L")).reshape(
                -1, INPUT_SIDE, INPUT_SIDE
            )
            for start, end in itertools.pairwise(offsets)
        ]
    except (OSError, ValueError):
        raise DatasetError(f"{path}: its strips of faces cannot be read, please get the file again.") from None
    return _checked(path, np.concatenate(strips), arrays["labels"], arrays["split"])


def load_table(path: str | Path) -> tuple[Faces, np.ndarray]:
    """All faces of Kaggle's table with the columns ``emotion``, ``pixels`` (2,304 numbers) and ``Usage`` (see `USAGES`).

    Returns:
        The faces, and their split.

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    try:
        with Path(path).open(newline="") as file:
            rows = [(int(row["emotion"]), row["pixels"], USAGES.index(row["Usage"])) for row in csv.DictReader(file)]
        images = np.stack([np.array(pixels.split(), np.uint8).reshape(INPUT_SIDE, INPUT_SIDE) for _, pixels, _ in rows])
    except (OSError, KeyError, ValueError, TypeError, OverflowError):
        raise DatasetError(
            f"{path}: it needs the columns `emotion`, `pixels` (2,304 numbers from 0 to 255) and `Usage`, as Kaggle's file has them."
        ) from None
    return _checked(path, images, np.array([row[0] for row in rows]), np.array([row[2] for row in rows]))


def load_faces(path: str | Path) -> Faces:
    """Faces of one's own: an ``.npz`` with ``images`` (uint8, n x 48 x 48) and ``labels`` (n, see `EMOTIONS`).

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    arrays = load_arrays(path, ("images", "labels"))
    return _checked(path, arrays["images"], arrays["labels"], np.zeros(len(arrays["labels"]), np.int64))[0]


def _checked(path: str | Path, images: np.ndarray, labels: np.ndarray, split: np.ndarray) -> tuple[Faces, np.ndarray]:
    if images.dtype != np.uint8 or images.shape[1:] != (INPUT_SIDE, INPUT_SIDE):
        raise DatasetError(
            f"{path}: faces must be uint8 of 48 x 48 pixels, but they are {images.dtype}, {images.shape}."
        )
    if not len(labels) == len(split) == len(images) or not np.issubdtype(labels.dtype, np.integer):
        raise DatasetError(f"{path}: each of the {len(images)} faces needs a label that is a whole number.")
    if not len(labels) or labels.min() < 0 or labels.max() >= len(EMOTIONS):
        meaning = ", ".join(f"{i} {name}" for i, name in enumerate(EMOTIONS))
        raise DatasetError(f"{path}: labels must be {meaning}, and there must be at least one.")
    return Faces(images, labels.astype(np.int64)), split.astype(np.int64)


def copies(images: np.ndarray) -> np.ndarray:
    """A number for each picture that identical pictures share: int64 (n), counted from 0.

    Args:
        images: uint8 (n, height, width).
    """
    seen: dict[bytes, int] = {}
    return np.array(
        [seen.setdefault(hashlib.sha256(image.tobytes()).digest(), len(seen)) for image in images], np.int64
    )


def clean(train: Faces, held_out: Sequence[Faces]) -> tuple[Faces, Cleaning]:
    """Training pictures without those that teach nothing, teach two things at once, or give the test away.

    Args:
        train: to be cleaned.
        held_out: sets of which no picture may be learnt from.

    Returns:
        What is left, in its order, and what was left out.
    """
    reserved = np.concatenate([faces.images for faces in held_out])
    number = copies(np.concatenate([reserved, train.images]))
    known, number = number[: len(reserved)], number[len(reserved) :]
    empty = train.images.reshape(len(train), -1).std(axis=1) < _EMPTY
    identical = np.isin(number, known)
    alike = _alike(train.images, reserved)
    labels_of: dict[int, set[int]] = {}
    for one, label in zip(number.tolist(), train.labels.tolist(), strict=True):
        labels_of.setdefault(one, set()).add(label)
    disputed = np.array([len(labels_of[one]) > 1 for one in number.tolist()])
    repeated = np.ones(len(train), bool)
    repeated[np.unique(number, return_index=True)[1]] = False
    left, counts = np.ones(len(train), bool), []
    for reason in (empty, identical, alike, disputed, repeated):
        counts.append(int((left & reason).sum()))
        left &= ~reason
    return train[left], Cleaning(len(train), counts[0], counts[1], counts[2], counts[3], counts[4], int(left.sum()))


def _alike(images: np.ndarray, others: np.ndarray, at_once: int = 2048) -> np.ndarray:
    """Whether each picture's thumbnail correlates with that of any other one by `ALIKE` or more: bool (n)."""
    one, two = _thumbnails(images), _thumbnails(others).T
    parts = [(one[start : start + at_once] @ two).max(axis=1) >= ALIKE for start in range(0, len(one), at_once)]
    return np.concatenate(parts) if parts else np.zeros(0, bool)


def _thumbnails(images: np.ndarray) -> np.ndarray:
    """Reduced pictures of mean 0 and length 1: float32 (n, 144)."""
    step = INPUT_SIDE // _THUMBNAIL
    small = images.reshape(len(images), _THUMBNAIL, step, _THUMBNAIL, step).mean(axis=(2, 4), dtype=np.float32)
    small = small.reshape(len(images), -1)
    small -= small.mean(axis=1, keepdims=True)
    return small / (np.linalg.norm(small, axis=1, keepdims=True) + 1e-6)


def disagreements(faces: Faces) -> np.ndarray:
    """How often people gave copies of one picture different labels: int64 (7, 7), symmetric, one for each pair of labels."""
    number = copies(faces.images)
    found = np.zeros((len(EMOTIONS), len(EMOTIONS)), np.int64)
    order = np.argsort(number, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        labels = np.unique(faces.labels[group])
        for i, first in enumerate(labels):
            for second in labels[i + 1 :]:
                found[first, second] += 1
                found[second, first] += 1
    return found


def class_weights(labels: np.ndarray) -> np.ndarray:
    """How much a face of each emotion counts, so that all emotions count alike: float32 (7), 1 in the mean over `labels`."""
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    present = (counts > 0).sum()
    return (len(labels) / (present * np.maximum(counts, 1))).astype(np.float32)


def recalls(probabilities: np.ndarray, labels: np.ndarray) -> list[float | None]:
    """The share of each emotion that is recognised; None where there is none of it.

    Args:
        probabilities: or logits, float (n, 7).
        labels: the truth (n).
    """
    right = probabilities.argmax(axis=1) == labels
    return [
        round(float(right[labels == label].mean()), 4) if (labels == label).any() else None
        for label in range(len(EMOTIONS))
    ]


def scores(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Test metrics: ``n``, ``accuracy``, ``macro_recall`` over emotions, ``loss`` (nats), ``calibration_error``.

    Args:
        probabilities: float (n, 7), see `EMOTIONS`.
        labels: the truth (n).
    """
    found = {
        "n": len(labels),
        "accuracy": metrics.accuracy(probabilities, labels),
        "macro_recall": float(np.mean([share for share in recalls(probabilities, labels) if share is not None])),
        "loss": metrics.cross_entropy(probabilities, labels),
        "calibration_error": metrics.calibration_error(probabilities, labels),
    }
    return {name: round(value, 6) for name, value in found.items()}
