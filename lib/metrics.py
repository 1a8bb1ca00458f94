"""Scores of classifiers, in plain NumPy, so that notebooks, command line and pages agree on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Guess:
    """A class and how probable the network finds it, 0 to 1."""

    label: str
    probability: float


def ranked(labels: Sequence[str], probabilities: np.ndarray, top: int | None = None) -> list[Guess]:
    """Classes by their probabilities (classes), most probable first, `top` of them or all."""
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [Guess(labels[i], float(probabilities[i])) for i in best]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities from logits along the last axis; float32, same shape."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)


def familiarity(logits: np.ndarray) -> np.ndarray:
    """How high the scores are altogether, the logarithm of the sum of their exponentials.

    It is high for what a network knows and low for what it has never seen; its negative is the *energy* of Liu et al.
    (2020), "Energy-based out-of-distribution detection".

    Args:
        logits: (n, classes).

    Returns:
        (n).
    """
    highest = logits.max(axis=-1)
    return highest + np.log(np.exp(logits - highest[..., None]).sum(axis=-1))


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log likelihood of the true classes, in nats."""
    chosen = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(chosen, 1e-12, None)).mean())


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Share of samples whose most probable class is the true one."""
    return float((probabilities.argmax(axis=1) == labels).mean())


def top_k_accuracy(probabilities: np.ndarray, labels: np.ndarray, k: int = 5) -> float:
    """Share of samples whose true class is among the `k` most probable ones."""
    true = probabilities[np.arange(len(labels)), labels]
    return float(((probabilities > true[:, None]).sum(axis=1) < k).mean())


def best_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The number by which to divide logits so that the probabilities are as sure as they should be (Guo et al., 2017).

    Args:
        logits: float (n, classes), of samples that were not learnt from.
        labels: true classes (n).
    """
    # Imported where it is needed: pages have no use for it, and it is large.
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: cross_entropy(softmax(logits / np.exp(log)), labels), bounds=(-2.3, 2.3), method="bounded"
    )
    return float(np.exp(found.x))


def confusion_counts(predicted: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Counts of (true class, predicted class); int64 (classes, classes), rows are true classes."""
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def calibration_bins(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> dict[str, np.ndarray]:
    """`calibration` of a classifier's probabilities, float32 (n, classes)."""
    return calibration(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels, bins)


def calibration(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> dict[str, np.ndarray]:
    """How often a model is right when it says that it is this sure (Guo et al., 2017).

    Args:
        confidence: of each of its guesses, 0 to 1.
        right: whether it was right.
        bins: number of equal ranges of confidence.

    Returns:
        For each range: ``count``, mean ``confidence`` and ``accuracy`` (nan where it is empty).
    """
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        return {
            "count": count,
            "confidence": np.bincount(which, confidence, bins) / count,
            "accuracy": np.bincount(which, right, bins) / count,
        }


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """How far sureness and accuracy lie apart, on average over the samples (Guo et al., 2017: expected calibration error)."""
    groups = calibration_bins(probabilities, labels, bins)
    gaps = np.nan_to_num(np.abs(groups["confidence"] - groups["accuracy"]))
    return float((gaps * groups["count"]).sum() / groups["count"].sum())


def photo_scores(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Test metrics: ``n``, ``accuracy``, ``top_5_accuracy``, ``loss`` (nats) and ``calibration_error``."""
    scores = {
        "n": len(labels),
        "accuracy": accuracy(probabilities, labels),
        "top_5_accuracy": top_k_accuracy(probabilities, labels),
        "loss": cross_entropy(probabilities, labels),
        "calibration_error": calibration_error(probabilities, labels),
    }
    return {name: round(value, 6) for name, value in scores.items()}
