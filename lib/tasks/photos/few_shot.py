"""Teaches new classes from a handful of photos: a linear head on features that stay as they are. No Streamlit here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lib.images import InputError
from lib.metrics import Guess, accuracy, cross_entropy, ranked, softmax

FEATURES = 1280
"""What MobileNetV2 says about a photo, in numbers."""
STEPS = 60
"""Steps of gradient descent; the loss has all but stopped falling by then."""
RATE, MOMENTUM, DECAY = 0.5, 0.9, 1e-3
CLASSES = (2, 5)
"""How many classes there may be."""
FORMAT = 1
"""Of the file that a head is kept in."""


@dataclass(frozen=True)
class Head:
    """A linear classifier of features.

    Attributes:
        classes: their names.
        kernel: float32 (features, classes).
        bias: float32 (classes).
    """

    classes: tuple[str, ...]
    kernel: np.ndarray
    bias: np.ndarray

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Of all classes, for features (n, 1280); float32 (n, classes)."""
        return softmax(_unit(features) @ self.kernel + self.bias)

    def guesses(self, features: np.ndarray) -> list[Guess]:
        """What one photo shows, by its features (1280), most probable first."""
        return ranked(self.classes, self.probabilities(features[None])[0])

    def to_bytes(self) -> bytes:
        """The head as a file of NumPy's, to be read by `read_head`."""
        file = io.BytesIO()
        np.savez(file, format=FORMAT, classes=np.array(self.classes), kernel=self.kernel, bias=self.bias)
        return file.getvalue()


@dataclass(frozen=True)
class Moment:
    """How far a training has come.

    Attributes:
        step: of `STEPS`, from 1.
        loss: mean cross-entropy on the photos that it learns from, in nats.
        accuracy: share of them that it gets right.
        left_out_loss: the same on each photo for a head that learns from all others.
        left_out_accuracy: share of photos that such heads get right: what to expect of new ones.
        head: as it is now.
    """

    step: int
    loss: float
    accuracy: float
    left_out_loss: float
    left_out_accuracy: float
    head: Head


def read_head(data: bytes) -> Head:
    """A head from a file.

    Raises:
        InputError: the file is not one that `Head.to_bytes` has written.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            if int(file["format"]) != FORMAT:
                raise ValueError("another format")
            classes = tuple(str(name) for name in file["classes"])
            kernel, bias = file["kernel"].astype(np.float32), file["bias"].astype(np.float32)
        if kernel.shape != (FEATURES, len(classes)) or bias.shape != (len(classes),) or len(classes) < CLASSES[0]:
            raise ValueError("other shapes")
        if not (np.isfinite(kernel).all() and np.isfinite(bias).all()):
            raise ValueError("not finite")
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile):
        raise InputError(
            "This file does not hold a trained head: please bring back one that was downloaded from this page (head.npz)."
        ) from None
    return Head(classes, kernel, bias)


def check(photos_of_each: dict[str, int]) -> None:
    """See that there is something to learn.

    Args:
        photos_of_each: how many photos each class has, by its name.

    Raises:
        InputError: there are too few classes or photos; the message says what to add.
    """
    least, most = CLASSES
    if not least <= len(photos_of_each) <= most:
        raise InputError(f"It learns to tell {least} to {most} classes apart: please give each a name of its own.")
    poor = [name for name, count in photos_of_each.items() if count < 2]
    if poor:
        raise InputError(
            f"Please give {' and '.join(poor)} at least two photos: it has to see what they have in common."
        )


def _unit(features: np.ndarray) -> np.ndarray:
    """Features of length 1, so that dark and bright photos weigh the same."""
    return (features / np.maximum(np.linalg.norm(features, axis=-1, keepdims=True), 1e-9)).astype(np.float32)


def train(features: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Iterator[Moment]:
    """Learn step by step, and with it the heads that each leave one photo out.

    A head is a weighted sum of the photos that it learnt from (the representer theorem; Kimeldorf and Wahba, 1970), so that instead of
    1,280 weights for each class, one weight for each photo is learnt: as many heads as there are photos cost next to
    nothing.

    Args:
        features: float32 (n, 1280).
        labels: int (n), numbers of the classes.
        classes: their names.

    Yields:
        How far it has come, after each step.
    """
    unit, n = _unit(features), len(labels)
    mean = unit.mean(axis=0)
    centred = unit - mean
    # Scaled so that steps of one size suit photos that are alike and photos that are not.
    scale = 1 / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-6)
    centred = centred * scale
    kernel = centred @ centred.T
    targets = np.eye(len(classes), dtype=np.float32)[labels]
    # Head 0 learns from all photos, head i + 1 from all but photo i; classes count alike, however many photos they have.
    weight = 1 / (len(classes) * targets.sum(axis=0))[labels]
    seen = np.vstack([np.ones(n), 1 - np.eye(n)]).astype(np.float32) * weight
    seen /= seen.sum(axis=1, keepdims=True)
    shares, bias = np.zeros((n + 1, n, len(classes)), np.float32), np.zeros((n + 1, 1, len(classes)), np.float32)
    speed, bias_speed = np.zeros_like(shares), np.zeros_like(bias)
    for step in range(1, STEPS + 1):
        error = seen[..., None] * (softmax(kernel @ shares + bias) - targets)
        speed = MOMENTUM * speed - RATE * (error + DECAY * shares)
        bias_speed = MOMENTUM * bias_speed - RATE * error.sum(axis=1, keepdims=True)
        shares, bias = shares + speed, bias + bias_speed
        probabilities = softmax(kernel @ shares + bias)
        own, left_out = probabilities[0], probabilities[np.arange(1, n + 1), np.arange(n)]
        weights = scale * centred.T @ shares[0]
        yield Moment(
            step,
            *_score(own, labels),
            *_score(left_out, labels),
            Head(tuple(classes), weights, bias[0, 0] - mean @ weights),
        )


def _score(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Cross-entropy and accuracy."""
    return cross_entropy(probabilities, labels), accuracy(probabilities, labels)
