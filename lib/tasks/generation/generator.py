"""The network that draws, over a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lib import litert
from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.generation.flow import (
    GUIDANCE,
    MOST_GUIDANCE,
    MOST_STEPS,
    STEPS,
    noise,
    pixels,
    steps_from_noise,
    wishes_for,
)

MOST_PICTURES = 100
"""Pictures that one may ask for at once."""
MOST_SEED = 2**31 - 1
BATCH = 100
"""Pictures that are on their way together, which bounds the memory."""


class Generator:
    """Draws pictures out of noise. Safe to share between threads, and it remembers nothing between two drawings.

    Args:
        bundle: where the model is.
        variant: ``"good"``, ``"underfit"`` or ``"overfit"``.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """

    def __init__(self, bundle: Bundle, variant: str = "good") -> None:
        bundle.variant(variant)
        self.classes = bundle.classes
        self._model = litert.Model(bundle, f"{variant}.tflite", threads=2)

    def velocity(self, x: np.ndarray, time: np.ndarray, wishes: np.ndarray) -> np.ndarray:
        """See `lib.tasks.generation.flow.Velocity`."""
        return self._model.run(x, time=time, wish=wishes)["velocity"]

    def draw(
        self, labels: Sequence[int], seed: int, steps: int = STEPS, guidance: float = GUIDANCE
    ) -> Iterator[np.ndarray]:
        """One picture of each label, out of the noise of a seed.

        Args:
            labels: indices of classes.
            seed: of the noise.
            steps: from noise to picture.
            guidance: see `steps_from_noise`.

        Yields:
            uint8 (n, 28, 28) after each step.
        """
        asked = self.wishes(labels)
        for x in steps_from_noise(self.velocity, noise(seed, len(labels)), asked, steps=steps, guidance=guidance):
            yield pixels(x)

    def finish(
        self, labels: Sequence[int], start: np.ndarray, steps: int = STEPS, guidance: float = GUIDANCE
    ) -> np.ndarray:
        """One finished picture of each label, out of given noise: uint8 (n, 28, 28), any number of them.

        Args:
            labels: indices of classes.
            start: noise, float32 (n, 28, 28).
            steps: from noise to picture.
            guidance: see `steps_from_noise`.
        """
        asked, parts = self.wishes(labels), []
        for first in range(0, len(labels), BATCH):
            some = slice(first, first + BATCH)
            *_, last = steps_from_noise(self.velocity, start[some], asked[some], steps=steps, guidance=guidance)
            parts.append(pixels(last))
        return np.concatenate(parts)

    def wishes(self, labels: Sequence[int]) -> np.ndarray:
        """One wish for each label, float32 (n, classes + 1)."""
        return wishes_for(labels, len(self.classes))

    def features(self, x: np.ndarray, time: float, wishes: np.ndarray) -> dict[str, np.ndarray]:
        """What three places of the U-Net make of one picture on its way.

        Args:
            x: float32 (1, 28, 28).
            time: 0 to 1.
            wishes: float32 (1, classes + 1).

        Returns:
            float32 (height, width, filters) under ``fine`` (14 x 14), ``coarse`` (7 x 7) and ``joined`` (14 x 14).
        """
        at = np.full((1, 1), time, np.float32)
        return {name: value[0] for name, value in self._model.run(x, "inside", time=at, wish=wishes).items()}


def checked(pictures: int = 1, seed: int = 0, steps: int = STEPS, guidance: float = GUIDANCE) -> None:
    """Whether all of this can be asked for.

    Raises:
        InputError: it cannot; the message says what can.
    """
    if not 1 <= pictures <= MOST_PICTURES:
        raise InputError(f"Please ask for 1 to {MOST_PICTURES} pictures at once.")
    if not 0 <= seed <= MOST_SEED:
        raise InputError(f"The seed must be a whole number from 0 to {MOST_SEED}.")
    if not 1 <= steps <= MOST_STEPS:
        raise InputError(f"Please choose 1 to {MOST_STEPS} steps.")
    if not 0 <= guidance <= MOST_GUIDANCE:
        raise InputError(f"The guidance must be from 0 to {MOST_GUIDANCE:g}.")


def class_of(text: str, classes: tuple[str, ...]) -> int:
    """Index of the class that a person means: its name in any case, or its number.

    Raises:
        InputError: there is none; the message lists those that there are.
    """
    wanted = text.strip().lower()
    for i, name in enumerate(classes):
        if wanted in (name.lower(), name.lower().replace(" ", "-"), str(i)):
            return i
    raise InputError(f"The network cannot draw {text!r}. It knows: {', '.join(classes)}.")
