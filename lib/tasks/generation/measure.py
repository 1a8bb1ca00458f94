"""How good drawn pictures are: are they what was asked for, as varied as real ones, and no copies? NumPy only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lib.bundles import Bundle
from lib.datasets import Split
from lib.tasks.generation.flow import GUIDANCE, STEPS, noise
from lib.tasks.generation.generator import Generator
from lib.tasks.generation.reader import Reader

SEED = 2_026
"""Of the noise of all pictures that are measured."""
FEW = 2_000
"""Pictures by which the variants are scored that are not for use, to save time."""
NEIGHBOURS = 3
"""The radius of a picture is its distance to the neighbour of this rank (Kynkaanniemi et al., 2019)."""
_ROWS = 1_000


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """How far two sets of features are apart, if both were normally distributed (Heusel et al., 2017).

    Zero for sets of equal mean and covariance. Small sets come out too far apart, so compare only sets of one size.

    Args:
        first: float (n, features).
        second: float (m, features).
    """
    a, b = first.astype(np.float64), second.astype(np.float64)
    one, other = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(one)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    # The trace of the root of `one @ other`, by way of a symmetric matrix with the same eigenvalues.
    shared = np.sqrt(np.linalg.eigvalsh(root @ other @ root).clip(0)).sum()
    apart = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    return float(apart + np.trace(one) + np.trace(other) - 2 * shared)


def precision_and_recall(drawn: np.ndarray, real: np.ndarray) -> tuple[float, float]:
    """Which share of drawn pictures lies among the real ones, and which share of real ones among those that are drawn.

    A picture lies among others if it is nearer to one of them than that one's own third neighbour (Kynkaanniemi et al., 2019,
    "Improved precision and recall metric for assessing generative models").

    Args:
        drawn: features float (n, features).
        real: features float (m, features).

    Returns:
        Precision: low if pictures look wrong. Recall: low if they look alike.
    """
    return _among(drawn, real), _among(real, drawn)


def _among(pictures: np.ndarray, others: np.ndarray) -> float:
    rank = min(NEIGHBOURS, len(others) - 1)
    radius = np.concatenate([np.partition(rows, rank, axis=1)[:, rank] for rows in _squared(others, others)])
    return float(np.concatenate([(rows <= radius).any(axis=1) for rows in _squared(pictures, others)]).mean())


def _squared(first: np.ndarray, second: np.ndarray) -> Iterator[np.ndarray]:
    """Squared distances of rows from all rows of another table, some rows at a time."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    lengths = np.square(b).sum(axis=1)
    for start in range(0, len(a), _ROWS):
        rows = a[start : start + _ROWS]
        yield (np.square(rows).sum(axis=1)[:, None] + lengths - 2 * rows @ b.T).clip(0)


def nearest(pictures: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The most similar of other pictures, for each picture, by all pixels.

    Args:
        pictures: uint8 (n, 28, 28).
        others: uint8 (m, 28, 28).

    Returns:
        Its index, and the root of the mean squared difference of pixels, of 255.
    """
    found, distances = [], []
    for rows in _squared(pictures.reshape(len(pictures), -1), others.reshape(len(others), -1)):
        best = rows.argmin(axis=1)
        found.append(best)
        distances.append(np.sqrt(rows[np.arange(len(rows)), best] / pictures[0].size))
    return np.concatenate(found), np.concatenate(distances)


def judged(drawn: np.ndarray, asked: np.ndarray, real: np.ndarray, reader: Reader) -> dict[str, Any]:
    """All figures of drawn pictures.

    Args:
        drawn: uint8 (n, 28, 28).
        asked: class of each.
        real: features of real pictures, of the same classes.
        reader: that judges.

    Returns:
        ``read_as_asked``, the share of pictures that the reader reads as what was asked for; ``frechet_distance``, ``precision`` and
        ``recall`` in the reader's features; and ``n`` pictures.
    """
    features = reader.features(drawn)
    precision, recall = precision_and_recall(features, real)
    return {
        "read_as_asked": round(float((reader.read(drawn) == asked).mean()), 4),
        "frechet_distance": round(frechet_distance(features, real), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "n": len(drawn),
    }


def scores(
    bundle: Bundle,
    variant: str,
    real: Split,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
) -> dict[str, Any]:
    """Figures of as many drawn pictures as there are real ones, of the same classes; see `judged`.

    Of other variants than the good one, the first `FEW`.
    """
    reader = Reader(bundle)
    if variant != "good":
        real = real.head(FEW)
    start = noise(SEED, len(real))
    drawn = Generator(bundle, variant).finish(real.labels.tolist(), start, steps, guidance)
    return judged(drawn, real.labels, reader.features(real.images), reader)
