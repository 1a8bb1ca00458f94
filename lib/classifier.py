"""One predictor per task over a bundle: the same for pages, command line, notebooks and tests.

The models run in LiteRT: one prediction takes well under a millisecond and the whole runtime some
tens of megabytes, where TensorFlow takes seconds to import and hundreds of megabytes
(`benchmarks/speed.py` prints the comparison).
"""

from __future__ import annotations

import io
import zipfile

import h5py
import numpy as np

from lib import litert
from lib.bundles import Bundle, BundleError
from lib.metrics import Guess, familiarity, ranked, softmax

BATCH = 256
"""Images that go through a network at once, which bounds the memory of an evaluation."""


class Classifier:
    """An image classifier of a bundle.

    Safe to share between threads.

    Args:
        bundle: where the model is.
        variant: ``"good"``, ``"underfit"`` or ``"overfit"``.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """

    def __init__(self, bundle: Bundle, variant: str = "good") -> None:
        self.facts = bundle.variant(variant)
        self.classes = bundle.classes
        # Chosen for the good network alone.
        limit = bundle.facts.get("strangers", {}).get("threshold") if variant == "good" else None
        self.strange_below: float | None = limit
        self._model = litert.Model(bundle, f"{variant}.tflite")

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Raw scores.

        Args:
            images: uint8 (n, 28, 28), light on dark.

        Returns:
            float32 (n, classes).
        """
        return self._model.run_in_batches(images, "logits", BATCH)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Probabilities of all classes; see `logits` for the shapes."""
        return softmax(self.logits(images))

    def classify(self, image: np.ndarray, top: int | None = None) -> list[Guess]:
        """The classes of one image (uint8, 28 x 28), most probable first, `top` of them or all."""
        probabilities = self.probabilities(image[None])[0]
        return ranked(self.classes, probabilities, top)

    def is_strange(self, image: np.ndarray) -> bool:
        """Whether an image (uint8, 28 x 28) is like nothing that the network learnt from (see `lib.metrics.familiarity`)."""
        if self.strange_below is None:
            return False
        return bool(familiarity(self.logits(image[None]))[0] < self.strange_below)

    def activations(self, image: np.ndarray) -> dict[str, np.ndarray]:
        """What each hidden layer makes of one image, in the order of the layers.

        Returns:
            float32 (height, width, channels) for a convolutional layer, (units,) for a dense one.
        """
        outputs = self._model.run(image[None], "inside")
        return {name: outputs[name][0] for name in self.facts["inside"]}

    def saliency(self, image: np.ndarray) -> np.ndarray:
        """How strongly each pixel moves the score of the winning class.

        The gradient of the largest logit by the pixels (Simonyan, Vedaldi and Zisserman, 2014,
        "Deep inside convolutional networks").

        Returns:
            float32 (28, 28): positive where more ink would raise the score, negative where it would lower it.
        """
        return self._model.run(image[None], "saliency")["gradient"][0]


def first_layer_weights(bundle: Bundle, variant: str = "good") -> np.ndarray:
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
