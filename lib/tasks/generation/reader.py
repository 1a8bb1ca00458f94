"""The network that reads what was drawn: the judge of a generator."""

from __future__ import annotations

import numpy as np

from lib import litert
from lib.bundles import Bundle

FILE = "reader.tflite"
FEATURES = "hidden"
"""Its last hidden layer."""
_BATCH = 256


class Reader:
    """A classifier of the same kind of pictures.

    Args:
        bundle: with its file. That of the digits is a copy of `digits_cnn`'s, so that scores stay what they are when that is trained anew.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._model = litert.Model(bundle, FILE)

    def read(self, images: np.ndarray) -> np.ndarray:
        """Index of the class of each image (uint8, n x 28 x 28)."""
        return self._model.run_in_batches(images, "logits", _BATCH).argmax(axis=1)

    def features(self, images: np.ndarray) -> np.ndarray:
        """What its last hidden layer says about each image (uint8, n x 28 x 28): float32 (n, units)."""
        return np.concatenate([self._model.run(image[None], "inside")[FEATURES] for image in images])
