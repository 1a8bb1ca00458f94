"""Reads the emotion that people would see in a face: the classifier over a bundle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib import litert
from lib.bundles import Bundle
from lib.metrics import Guess, ranked, softmax
from lib.tasks.emotions.faces import LEVELS, Face, FaceFinder, cut_out, square

BATCH = 64
"""Faces that go through a network at once, which bounds the memory of an evaluation."""


DARK = 16.0
"""Mean brightness, of 255, below which a picture counts as black."""
CUT_OFF = 0.2
"""Share of what is cut out from which on a face counts as cut off by the picture's edge."""
NO_FACE = "I see no face. Use a picture in which a face looks at the camera, in good light, and is not tiny."
BLACK = "The picture is almost black. Switch on a light, or uncover the camera."
AT_THE_EDGE = "Part of this face is outside of the picture, so the answer is worse. Move it into the middle."


@dataclass(frozen=True)
class ReadFace:
    """A face and what the network says about it.

    Attributes:
        face: where it is.
        image: as the network takes it, uint8 (48, 48).
        probabilities: float32 (7), see `lib.tasks.emotions.data.EMOTIONS`.
    """

    face: Face
    image: np.ndarray
    probabilities: np.ndarray


class EmotionReader:
    """A network that picks one of seven words for a face. Each face is seen together with its mirror image.

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
        self._model = litert.Model(bundle, f"{variant}.tflite", threads=2)

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Raw scores, the mean of those of a face and of its mirror image: float32 (n, 7), see `probabilities`."""
        return np.concatenate([self._look(images[i : i + BATCH])[0] for i in range(0, len(images), BATCH)])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Probabilities of the emotions.

        Args:
            images: uint8 (n, 48, 48), grey.

        Returns:
            float32 (n, 7).
        """
        if not len(images):
            return np.zeros((0, len(self.classes)), np.float32)
        return softmax(self.logits(images))

    def ranked(self, probabilities: np.ndarray, top: int | None = None) -> list[Guess]:
        """The emotions of one face by their probabilities (7), most probable first, `top` of them or all."""
        return ranked(self.classes, probabilities, top)

    def evidence(self, image: np.ndarray) -> np.ndarray:
        """Where in a face (uint8, 48 x 48) the network finds what speaks for each emotion: float32 (6, 6, 7).

        The network ends with a mean over all places and one dense layer, so that its scores are means of these maps: the class
        activation maps of Zhou et al. (2016).
        """
        return self._look(image[None])[1][0]

    def _look(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        both = np.concatenate([images, images[:, :, ::-1]])[..., None]
        given, n = self._model.run(both), len(images)
        logits, maps = given["logits"], given["maps"]
        return (logits[:n] + logits[n:]) / 2, (maps[:n] + maps[n:, :, ::-1]) / 2


def read_faces(
    finder: FaceFinder,
    reader: EmotionReader,
    picture: Image.Image,
    levels: tuple[int, ...] = LEVELS,
    most: int | None = None,
) -> list[ReadFace]:
    """All faces of an RGB picture, or the `most` largest ones, the largest first."""
    found = sorted(finder.find(picture, levels), key=lambda one: one.box[0] - one.box[2])[:most]
    if not found:
        return []
    images = np.stack([cut_out(picture, one) for one in found])
    return [ReadFace(*one) for one in zip(found, images, reader.probabilities(images), strict=True)]


def advice(picture: Image.Image, found: list[ReadFace]) -> str:
    """What to do about a picture, in one sentence or two; nothing where all is well."""
    if not found:
        # Enough of the pixels to tell a black picture.
        return BLACK if np.asarray(picture.resize((32, 32))).mean() < DARK else NO_FACE
    left, top, side = square(found[0].face)
    wide = min(left + side, picture.width) - max(left, 0)
    high = min(top + side, picture.height) - max(top, 0)
    return AT_THE_EDGE if wide * high < (1 - CUT_OFF) * side * side else ""
