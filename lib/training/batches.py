"""Training data in batches, for whichever of Keras' backends runs the training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

Arrays = tuple[np.ndarray, ...]


class Batches(keras.utils.PyDataset):
    """Batches that are drawn with NumPy and prepared with `keras.ops`, each anew in every epoch.

    Args:
        draw: gives the arrays of the next batch.
        prepare: from those arrays to what `fit` takes: inputs and targets.
        steps: batches in an epoch; None for batches without an end, of which `fit` takes ``steps_per_epoch``.
    """

    def __init__(self, draw: Callable[[], Arrays], prepare: Callable[..., tuple[Any, Any]], steps: int | None) -> None:
        super().__init__()
        self.draw, self.prepare, self.steps = draw, prepare, steps

    @property
    def num_batches(self) -> int | None:
        """See `keras.utils.PyDataset`."""
        return self.steps

    def __len__(self) -> int:
        if self.steps is None:
            raise TypeError("These batches have no end.")
        return self.steps

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if self.steps is not None and index >= self.steps:
            raise IndexError(index)
        return self.prepare(*self.draw())


def shuffled(n: int, batch_size: int, seed: int) -> Callable[[], np.ndarray]:
    """A function that gives the indices of the next batch: each of `n` samples once, in random order, then all again.

    The few that are left over at the end of a round wait for the next one.
    """
    rng, order = np.random.default_rng(seed), np.empty(0, np.int64)

    def draw() -> np.ndarray:
        nonlocal order
        if len(order) < batch_size:
            order = rng.permutation(n)
        index, order = order[:batch_size], order[batch_size:]
        return index

    return draw
