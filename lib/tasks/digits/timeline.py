"""A multilayer perceptron at several moments of its training."""

from __future__ import annotations

import numpy as np

from lib.bundles import Bundle
from lib.metrics import softmax


class Timeline:
    """A multilayer perceptron at several moments of its training.

    The weights of each moment are stored as 8-bit numbers in ``timeline.npz``; a forward pass of so small a
    network is a few matrix products, so that NumPy runs it.

    Raises:
        BundleError: the file is missing or damaged.
    """

    def __init__(self, bundle: Bundle) -> None:
        arrays = bundle.arrays("timeline.npz")
        self.epochs: np.ndarray = arrays["epoch"]
        """Moment of each set of weights, in epochs from the start; fractions lie inside an epoch."""
        self.val_accuracy: np.ndarray = arrays["val_accuracy"]
        self.val_loss: np.ndarray = arrays["val_loss"]
        self._weights = [
            [(arrays[f"weights_{moment}_{i}"], arrays[f"scale_{moment}_{i}"]) for i in range(int(arrays["arrays"]))]
            for moment in range(len(self.epochs))
        ]

    def __len__(self) -> int:
        return len(self.epochs)

    def moment_of(self, epoch: int) -> int:
        """Index of the moment that lies nearest to an epoch."""
        return int(np.abs(self.epochs - epoch).argmin())

    def first_layer(self, moment: int) -> np.ndarray:
        """Weights of the first layer: float32 (28, 28, units)."""
        return unpack_weights(*self._weights[moment][0]).reshape(28, 28, -1)

    def probabilities(self, moment: int, images: np.ndarray) -> np.ndarray:
        """Probabilities by the weights of that moment, for images uint8 (n, 28, 28); float32 (n, classes)."""
        return dense_probabilities([unpack_weights(*value) for value in self._weights[moment]], images)


def pack_weights(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers from -127 to 127, and what one of them is worth in each column.

    Args:
        value: a kernel (inputs, units) or a bias (units), any float type.

    Returns:
        int8, of the same shape, and float32 (units) or, for a bias, ().
    """
    value = value.astype(np.float32)
    scale = np.maximum(np.abs(value).max(axis=0), np.finfo(np.float32).tiny) / 127
    return np.round(value / scale).astype(np.int8), scale.astype(np.float32)


def unpack_weights(whole: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Float32 weights from what `pack_weights` gave."""
    return whole * scale


def dense_probabilities(weights: list[np.ndarray], images: np.ndarray) -> np.ndarray:
    """Forward pass of a multilayer perceptron with ReLU between its layers.

    Args:
        weights: kernel and bias of each layer in turn, any float type.
        images: uint8 (n, 28, 28).

    Returns:
        float32 (n, classes).
    """
    values = images.reshape(len(images), -1).astype(np.float32) / 255
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    for i, (kernel, bias) in enumerate(layers):
        values = values @ kernel.astype(np.float32) + bias.astype(np.float32)
        if i < len(layers) - 1:
            values = np.maximum(values, 0)
    return softmax(values)
