"""Reads a hand from a picture: the classifier of both hand experiments, over a bundle."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib import litert
from lib.bundles import Bundle
from lib.metrics import Guess, ranked, softmax
from lib.tasks.hands.data import NOTHING, balanced, to_input

SURER = 0.6
"""By how much the probability of a hand must be higher upside down for that view to count: as much as still reads 60 of 100
validation photos upside down."""
BATCH = 32
"""Pictures that go through a network at once, which bounds the memory of an evaluation."""


@dataclass(frozen=True)
class Sight:
    """What a network sees in one picture.

    Attributes:
        probabilities: float32 (4), see `lib.tasks.hands.data.HANDS`.
        maps: where it finds evidence for each class, float32 (height, width, 4).
        milliseconds: that it took.
    """

    probabilities: np.ndarray
    maps: np.ndarray
    milliseconds: float


class HandReader:
    """A network that tells rock, paper, scissors and nothing apart.

    The colour of a lamp is taken out of each picture, and it is seen together with its mirror image. A network that reads
    hands poorly when they are upside down also sees it turned over, and answers by that view if it is much surer of a hand then.

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
        self.side: int = bundle.facts["input_shape"][0]
        self.turned: bool = bundle.facts["turned"]
        self._model = litert.Model(bundle, f"{variant}.tflite", threads=2)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Raw scores, the mean of those of a picture and of its mirror image, of the better view.

        Args:
            images: uint8 (n, side, side, 3), RGB.

        Returns:
            float32 (n, 4).
        """
        return np.concatenate([self._look(images[i : i + BATCH])[0] for i in range(0, len(images), BATCH)])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Probabilities of all classes; see `logits` for the shapes."""
        return softmax(self.logits(images))

    def classify(self, picture: Image.Image, top: int | None = None) -> list[Guess]:
        """The classes of one picture of any size, most probable first, `top` of them or all."""
        probabilities = self.probabilities(to_input(picture, self.side)[None])[0]
        return ranked(self.classes, probabilities, top)

    def see(self, image: np.ndarray) -> Sight:
        """Probabilities of one image (uint8, side x side x 3), and where they come from.

        The networks end with a mean over the picture and one dense layer, so that the gradient of a class's score by the last feature
        maps is the same everywhere: Grad-CAM (Selvaraju et al., 2017) is then the weighted sum of the maps itself, which is
        the class activation mapping of Zhou et al. (2016).
        """
        start = time.perf_counter()
        logits, maps = self._look(image[None])
        return Sight(softmax(logits)[0], maps[0], 1000 * (time.perf_counter() - start))

    def _look(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        images = balanced(images)
        logits, maps = self._mirrored(images)
        if not self.turned:
            return logits, maps
        turned_logits, turned_maps = self._mirrored(images[:, ::-1, ::-1])
        sure, turned_sure = (softmax(one)[:, :NOTHING].max(axis=1) for one in (logits, turned_logits))
        surer = turned_sure > sure + SURER
        return (
            np.where(surer[:, None], turned_logits, logits),
            np.where(surer[:, None, None, None], turned_maps[:, ::-1, ::-1], maps),
        )

    def _mirrored(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        given = self._model.run(np.concatenate([images, images[:, :, ::-1]]))
        logits, maps, n = given["logits"], given["maps"], len(images)
        return (logits[:n] + logits[n:]) / 2, (maps[:n] + maps[n:, :, ::-1]) / 2


def views(picture: Image.Image, side: int) -> np.ndarray:
    """Several looks at one still picture, in place of several frames: whole, and a little nearer in five places.

    Returns:
        uint8 (6, side, side, 3).
    """
    width, height = picture.size
    crops = [picture]
    for x, y in ((0.5, 0.5), (0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)):
        left, top = 0.08 * width * x, 0.08 * height * y
        crops.append(picture.crop((round(left), round(top), round(left + 0.92 * width), round(top + 0.92 * height))))
    return np.stack([to_input(crop, side) for crop in crops])
