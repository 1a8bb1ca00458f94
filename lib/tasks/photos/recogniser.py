"""Recognises photos with MobileNetV2: what it sees, how sure it is, and where it looked. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from lib import litert
from lib.bundles import Bundle, BundleError
from lib.metrics import Guess, familiarity, ranked, softmax
from lib.photos import PAD_GREY

INPUT_SIDE = 224
"""Height and width of the photos that the network takes, in pixels."""
BATCH = 8
"""Photos that go through it at once: more are hardly faster and take much more memory."""


@dataclass(frozen=True)
class Look:
    """What the network makes of one photo.

    Attributes:
        probabilities: float32 (classes).
        features: float32 (1280), the means of the last maps: all that the answer depends on.
        maps: float32 (7, 7, 1280), the last maps.
        strange: whether the photo is like nothing that the network learnt from.
        inside: maps of earlier layers by name, float32 (height, width, channels), first layer first.
    """

    probabilities: np.ndarray
    features: np.ndarray
    maps: np.ndarray
    inside: dict[str, np.ndarray]
    strange: bool = False


class Recogniser:
    """The classifier of a bundle of the task ``photo``. Safe to share between threads.

    Args:
        bundle: where the model is.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle, variant: str = "good") -> None:
        bundle.variant(variant)
        self.classes = bundle.classes
        limit = bundle.facts.get("strangers", {}).get("threshold")
        self.strange_below = -np.inf if limit is None else float(limit)
        name = f"{variant}.tflite"
        self._model = litert.Model(bundle, name, threads=2)
        # Weights of the last layer: float16 (classes, features).
        head = self._model.constant((len(self.classes), 1280))
        if head is None:
            raise BundleError(f"{bundle.folder / name} has no last layer for {len(self.classes)} classes.")
        self.head = head.astype(np.float16)

    def logits(self, squares: np.ndarray) -> np.ndarray:
        """Raw scores of photos, uint8 (n, 224, 224, 3); float32 (n, classes)."""
        return self._model.run_in_batches(squares, "logits", BATCH)

    def probabilities(self, squares: np.ndarray) -> np.ndarray:
        """Probabilities of all classes for photos, uint8 (n, 224, 224, 3); float32 (n, classes)."""
        return softmax(self.logits(squares))

    def features(self, squares: np.ndarray) -> np.ndarray:
        """What the last layer is given, for photos, uint8 (n, 224, 224, 3); float32 (n, 1280)."""
        return self._model.run_in_batches(squares, "features", BATCH)

    def look(self, square: np.ndarray) -> Look:
        """Everything about one photo, uint8 (224, 224, 3)."""
        outputs = {name: value[0] for name, value in self._model.run(square[None]).items()}
        logits, features, maps = (outputs.pop(name) for name in ("logits", "features", "maps"))
        inside = dict(sorted(outputs.items(), key=lambda layer: -layer[1].shape[0]))
        return Look(softmax(logits), features, maps, inside, bool(familiarity(logits) < self.strange_below))

    def guesses(self, probabilities: np.ndarray, top: int | None = None) -> list[Guess]:
        """Classes by their probabilities (classes), most probable first, `top` of them or all."""
        return ranked(self.classes, probabilities, top)

    def grad_cam(self, look: Look, label: int) -> np.ndarray:
        """Where on the photo what speaks for a class was found: float32 (7, 7), nothing is below zero.

        Selvaraju et al. (2017), "Grad-CAM": the last maps, each weighted by how much the class' logit grows with it. Behind these
        maps come only a mean and one dense layer, so that this gradient is that layer's weight, for every photo the same
        (as Zhou et al., 2016, had it).
        """
        return np.maximum(look.maps @ self.head[label].astype(np.float32), 0) / look.maps[..., 0].size

    def occlusion(self, square: np.ndarray, label: int, patch: int = 56, stride: int = 28) -> np.ndarray:
        """How much of a class' probability is lost when a grey patch covers a part of the photo.

        Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks".

        Args:
            square: uint8 (224, 224, 3).
            label: number of the class.
            patch: side of the patch, in pixels.
            stride: from one place of it to the next.

        Returns:
            float32 (places, places): the probability without the patch minus the one with it there, at its middle.
        """
        corners = range(-(patch - stride) // 2, INPUT_SIDE - (patch + stride) // 2 + 1, stride)
        covered = np.repeat(square[None], len(corners) ** 2, axis=0)
        for i, (top, left) in enumerate((top, left) for top in corners for left in corners):
            covered[i, max(0, top) : top + patch, max(0, left) : left + patch] = PAD_GREY
        whole = self.probabilities(square[None])[0, label]
        return (whole - self.probabilities(covered)[:, label]).reshape(len(corners), -1)


def change(
    square: np.ndarray, *, blur: float = 0, turn: float = 0, grey: float = 0, brightness: float = 1
) -> np.ndarray:
    """A photo as it would be under other circumstances.

    Args:
        square: uint8 (side, side, 3).
        blur: radius of a Gaussian blur, in pixels.
        turn: angle in degrees, against the clock; the corners become grey.
        grey: how much of the colour is taken away, 0 to 1.
        brightness: factor.

    Returns:
        uint8 (side, side, 3).
    """
    image = Image.fromarray(square)
    if turn:
        image = image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(PAD_GREY,) * 3)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    if grey:
        image = ImageEnhance.Color(image).enhance(1 - grey)
    if brightness != 1:
        image = ImageEnhance.Brightness(image).enhance(brightness)
    return np.asarray(image)


def cover(square: np.ndarray, covered: np.ndarray | None) -> np.ndarray:
    """A photo with parts painted grey: those where `covered`, uint8 (height, width, 4) of any size, is not transparent."""
    if covered is None or not covered[..., 3].any():
        return square
    alpha = np.asarray(Image.fromarray(covered[..., 3]).resize(square.shape[1::-1], Image.Resampling.BOX))
    return np.where(alpha[..., None] > 127, np.uint8(PAD_GREY), square)
