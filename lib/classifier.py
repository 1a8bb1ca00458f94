"""One predictor per task over a bundle: the same for pages, command line, notebooks and tests.

The models run in LiteRT: one prediction takes well under a millisecond and the whole runtime some
tens of megabytes, where TensorFlow takes seconds to import and hundreds of megabytes
(`benchmarks/speed.py` prints the comparison).
"""

from __future__ import annotations

import io
import threading
import zipfile

import h5py
import numpy as np

from lib import litert
from lib.bundles import Bundle, BundleError
from lib.metrics import Guess, ranked, softmax

BATCH = 256
"""Images that go through a network at once, which bounds the memory of an evaluation."""


class Classifier:
    """An image classifier of a bundle.

    Safe to share between threads: an interpreter has one set of buffers, so that calls take turns.

    Args:
        bundle: where the model is.
        variant: ``"good"``, ``"underfit"`` or ``"overfit"``.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """

    def __init__(self, bundle: Bundle, variant: str = "good") -> None:
        self.facts = bundle.variant(variant)
        self.classes = bundle.classes
        self._interpreter, self._runners = litert.load(bundle, f"{variant}.tflite")
        self._lock = threading.Lock()

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Raw scores.

        Args:
            images: uint8 (n, 28, 28), light on dark.

        Returns:
            float32 (n, classes).
        """
        parts = []
        with self._lock:
            for start in range(0, len(images), BATCH):
                batch = images[start : start + BATCH].astype(np.float32)
                parts.append(self._runners["predict"](images=batch)["logits"])
        return np.concatenate(parts)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Probabilities of all classes; see `logits` for the shapes."""
        return softmax(self.logits(images))

    def classify(self, image: np.ndarray, top: int | None = None) -> list[Guess]:
        """The classes of one image (uint8, 28 x 28), most probable first, `top` of them or all."""
        probabilities = self.probabilities(image[None])[0]
        return ranked(self.classes, probabilities, top)

    def activations(self, image: np.ndarray) -> dict[str, np.ndarray]:
        """What each hidden layer makes of one image, in the order of the layers.

        Returns:
            float32 (height, width, channels) for a convolutional layer, (units,) for a dense one.
        """
        with self._lock:
            outputs = self._runners["inside"](images=image[None].astype(np.float32))
        return {name: outputs[name][0].copy() for name in self.facts["inside"]}

    def saliency(self, image: np.ndarray) -> np.ndarray:
        """How strongly each pixel moves the score of the winning class.

        The gradient of the largest logit by the pixels (Simonyan, Vedaldi and Zisserman, 2014,
        "Deep inside convolutional networks").

        Returns:
            float32 (28, 28): positive where more ink would raise the score, negative where it would lower it.
        """
        with self._lock:
            return self._runners["saliency"](images=image[None].astype(np.float32))["gradient"][0].copy()


def first_layer(bundle: Bundle, variant: str = "good") -> np.ndarray:
    """What each unit of a multilayer perceptron's first layer looks for: float32 (28, 28, units).

    Raises:
        BundleError: the Keras model is missing or damaged.
    """
    name = f"{variant}.keras"
    try:
        with (
            zipfile.ZipFile(io.BytesIO(bundle.read(name))) as archive,
            h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file,
        ):
            # A network that votes with its own mirror image holds the perceptron as a model of its own.
            layers = file["layers/functional/layers" if "functional" in file["layers"] else "layers"]
            return layers["dense/vars/0"][()].astype(np.float32).reshape(28, 28, -1)
    except (zipfile.BadZipFile, OSError, KeyError, ValueError) as error:
        raise BundleError(f"{bundle.folder / name} cannot be loaded ({error}).") from None


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
