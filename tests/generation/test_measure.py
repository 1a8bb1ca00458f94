"""Figures of drawn pictures: known answers for known sets."""

from __future__ import annotations

import numpy as np
import pytest

from lib.tasks.generation import measure


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_frechet_distance_of_known_distributions(rng):
    a = rng.normal(size=(20_000, 3))
    # Moved by 2 along one axis, and three times as wide along another: 2² + (3 - 1)².
    b = rng.normal(size=(20_000, 3)) * [1, 3, 1] + [2, 0, 0]
    assert measure.frechet_distance(a, b) == pytest.approx(8, rel=0.03)
    assert measure.frechet_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_alike_pictures_lose_recall_and_wrong_ones_precision(rng):
    real = rng.normal(size=(300, 8))
    precision, recall = measure.precision_and_recall(rng.normal(size=(300, 8)), real)
    assert min(precision, recall) > 0.6
    alike = real[:1] + 0.01 * rng.normal(size=(300, 8))
    precision, recall = measure.precision_and_recall(alike, real)
    assert precision > 0.9
    assert recall < 0.1
    precision, recall = measure.precision_and_recall(real + 20, real)
    assert (precision, recall) == (0, 0)


def test_nearest_finds_the_copy(rng):
    others = rng.integers(0, 256, (50, 28, 28), np.uint8)
    copy = others[[7, 3]].copy()
    copy[1, 0, 0] ^= 128
    index, distance = measure.nearest(copy, others)
    assert index.tolist() == [7, 3]
    assert distance == pytest.approx([0, 128 / 28], abs=0.05)
