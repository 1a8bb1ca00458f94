"""What the notebook of the emotions calls besides `lib.training`: faces that look a little different each time, and batches.

Everything here works with each backend of Keras.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from lib import metrics
from lib.tasks.emotions.data import EMOTIONS, Faces
from lib.training.fit import smoke

_AT_ONCE = 2048
"""Pictures that are changed together: few calls on a GPU, and no more than some 200 MB."""


def augment(images: np.ndarray, generator: keras.random.SeedGenerator, strength: float = 1.0) -> np.ndarray:
    """Each face mirrored or not, turned, moved, resized, in another light, and with a piece of it hidden or not.

    All moves are one map of coordinates, so that a picture is interpolated once. A piece of half of the pictures is
    hidden, as in Zhong et al. (2020), "Random erasing data augmentation".

    Args:
        images: uint8 or float (n, height, width), 0 to 255.
        generator: of the random draws.
        strength: 0 changes nothing but mirrors, 1 is the usual.

    Returns:
        float32 (n, height, width), 0 to 255.
    """
    if not len(images):
        return images.astype(np.float32)
    parts = [images[start : start + _AT_ONCE] for start in range(0, len(images), _AT_ONCE)]
    return np.concatenate([ops.convert_to_numpy(_augment(part, generator, strength)) for part in parts])


def _augment(images: np.ndarray, generator: keras.random.SeedGenerator, strength: float) -> Any:
    n, high, wide = images.shape
    # One call for all numbers between -1 and 1 that the pictures need.
    drawn = keras.random.uniform((20, n, 1, 1), -1.0, 1.0, seed=generator)
    turn, slant, zoom, stretch, down, right, mirror, light, contrast, curve = (drawn[i] for i in range(10))
    moved = _moved(
        ops.convert_to_tensor(images, dtype="float32"),
        angle=strength * 0.26 * turn,
        slant=strength * 0.12 * slant,
        size=ops.exp(strength * 0.18 * zoom),
        stretch=ops.exp(strength * 0.07 * stretch),
        mirror=ops.sign(mirror),
        down=strength * 0.1 * high * down,
        right=strength * 0.1 * wide * right,
    )
    mean = ops.mean(moved, axis=(1, 2), keepdims=True)
    lit = mean + ops.exp(strength * 0.35 * contrast) * (moved - mean) + strength * 30.0 * light
    lit = ops.power(ops.clip(lit / 255.0, 1e-4, 1.0), ops.exp(strength * 0.3 * curve)) * 255.0
    hidden = _rectangles(drawn[10:15], high, wide, 0.5 * strength)
    # Half of what is hidden is of one grey, half is noise.
    grey = 127.5 * (1.0 + drawn[15])
    noise = keras.random.uniform((n, high, wide), 0.0, 255.0, seed=generator)
    return ops.where(hidden, ops.where(drawn[16] > 0, grey, noise), lit)


def _moved(images: Any, *, angle: Any, slant: Any, size: Any, stretch: Any, mirror: Any, down: Any, right: Any) -> Any:
    """Pictures read elsewhere, bilinearly; beyond their edge, the edge goes on. Arguments (n, 1, 1), in radians and pixels."""
    n, high, wide = images.shape
    y, x = (np.arange(length, dtype=np.float32) - (length - 1) / 2 for length in (high, wide))
    y, x = ops.convert_to_tensor(y[None, :, None]), ops.convert_to_tensor(x[None, None, :])
    cos, sin = ops.cos(angle), ops.sin(angle)
    rows = size * stretch * (sin * x + cos * y) + down + (high - 1) / 2
    columns = mirror * size / stretch * (cos * x - (sin - slant) * y) + right + (wide - 1) / 2
    rows, columns = ops.clip(rows, 0.0, high - 1.0), ops.clip(columns, 0.0, wide - 1.0)
    top, left = ops.clip(ops.floor(rows), 0.0, high - 2.0), ops.clip(ops.floor(columns), 0.0, wide - 2.0)
    first = ops.convert_to_tensor((np.arange(n) * high * wide)[:, None, None].astype(np.int32))
    corner = first + ops.cast(top, "int32") * wide + ops.cast(left, "int32")
    flat = ops.reshape(images, (-1,))
    lower, later = rows - top, columns - left
    above = (1.0 - later) * ops.take(flat, corner) + later * ops.take(flat, corner + 1)
    below = (1.0 - later) * ops.take(flat, corner + wide) + later * ops.take(flat, corner + wide + 1)
    return (1.0 - lower) * above + lower * below


def _rectangles(drawn: Any, high: int, wide: int, share: float) -> Any:
    """Masks of a rectangle in such a `share` of the pictures: bool (n, high, wide), from numbers (5, n, 1, 1) in -1..1."""
    rows, columns = (np.arange(length, dtype=np.float32) for length in (high, wide))
    rows, columns = ops.convert_to_tensor(rows[None, :, None]), ops.convert_to_tensor(columns[None, None, :])
    half = [length * (0.12 + 0.07 * drawn[i]) for i, length in ((0, high), (1, wide))]
    middle = [length * (0.5 + 0.5 * drawn[i]) for i, length in ((2, high), (3, wide))]
    inside = ops.logical_and(ops.abs(rows - middle[0]) < half[0], ops.abs(columns - middle[1]) < half[1])
    return ops.logical_and(inside, drawn[4] < 2.0 * share - 1.0)


class FaceBatches(keras.utils.PyDataset):
    """Batches of faces, in a new order and changed anew in each epoch: images (n, 48, 48, 1), targets (n, 7), and weights (n).

    Args:
        faces: what to learn from.
        batch_size: faces in a batch.
        strength: of the changes, see `augment`; None leaves the faces as they are.
        smoothing: share of the target that is spread over all emotions (Szegedy et al., 2016).
        mixing: shares by which two faces of a batch are laid over each other are drawn from a beta distribution with this
            parameter (Zhang et al., 2018, "mixup"); 0 mixes none.
        class_weights: how much a face of each emotion counts, float (7); None counts all faces alike.
        seed: of all draws.
    """

    def __init__(
        self,
        faces: Faces,
        batch_size: int = 256,
        *,
        strength: float | None = 1.0,
        smoothing: float = 0.0,
        mixing: float = 0.0,
        class_weights: np.ndarray | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.faces, self.strength, self.mixing = faces, strength, mixing
        self.batch_size = min(smoke(batch_size, 8), len(faces))
        self.targets = smoothed(faces.labels, smoothing)
        self.class_weights = class_weights
        self.rng, self.generator = np.random.default_rng(seed), keras.random.SeedGenerator(seed)
        self._images: np.ndarray | None = None
        self._order = np.arange(len(faces))

    def __len__(self) -> int:
        """Batches in an epoch. The few faces that are left over wait for the next epoch."""
        return len(self.faces) // self.batch_size

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        if self._images is None:
            self._draw()
        assert self._images is not None
        chosen = slice(index * self.batch_size, (index + 1) * self.batch_size)
        images, rows = self._images[chosen], self._order[chosen]
        targets = self.targets[rows]
        if self.mixing:
            share = self.rng.beta(self.mixing, self.mixing, len(rows)).astype(np.float32)
            other = self.rng.permutation(len(rows))
            images = share[:, None, None] * images + (1 - share[:, None, None]) * images[other]
            targets = share[:, None] * targets + (1 - share[:, None]) * targets[other]
        if self.class_weights is None:
            return images[..., None], targets
        return images[..., None], targets, self.class_weights[self.faces.labels[rows]].astype(np.float32)

    def _draw(self) -> None:
        """Shuffle all faces, and change them, for one epoch."""
        self._order = self.rng.permutation(len(self.faces))
        images = self.faces.images[self._order]
        self._images = (
            images.astype(np.float32) if self.strength is None else augment(images, self.generator, self.strength)
        )

    def on_epoch_end(self) -> None:
        self._images = None


def smoothed(labels: np.ndarray, smoothing: float = 0.0) -> np.ndarray:
    """Targets of labels (n): float32 (n, 7), one minus the smoothing at the label, and the smoothing spread over all."""
    return (np.eye(len(EMOTIONS))[labels] * (1 - smoothing) + smoothing / len(EMOTIONS)).astype(np.float32)


def for_validation(faces: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Images float32 (n, 48, 48, 1) and targets (n, 7), of the form that `FaceBatches` gives, but as they are."""
    return faces.images[..., None].astype(np.float32), smoothed(faces.labels)


def logits(model: keras.Model, images: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """What a network says to each face and to its mirror image, in the mean: float32 (n, 7).

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).
        batch_size: faces at once.
    """
    parts = []
    for start in range(0, len(images), batch_size):
        batch = images[start : start + batch_size, :, :, None].astype(np.float32)
        mirrored = np.ascontiguousarray(batch[:, :, ::-1])
        parts.append((model.predict_on_batch(batch) + model.predict_on_batch(mirrored)) / 2)
    return np.concatenate(parts)


def evidence(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Where in each face a network sees what speaks for each emotion: class activation maps (Zhou et al., 2016).

    The network ends in a mean over all places (``mean``) and a dense layer (``logits``). The same dense layer applied to each
    place gives maps of which the logits, without their bias, are the means.

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, rows, columns, 7).
    """
    features = keras.Model(model.inputs, model.get_layer("mean").input)
    kernel, _ = model.get_layer("logits").get_weights()
    return features.predict_on_batch(images[..., None].astype(np.float32)) @ kernel


def saliency(model: keras.Model, images: np.ndarray, emotion: int, size: int = 8, step: int = 4) -> np.ndarray:
    """How much less sure a network is of an emotion when a grey square hides a piece of the face (Zeiler and Fergus, 2014).

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).
        emotion: index of `EMOTIONS`.
        size: side of the square, in pixels.
        step: pixels from one place of the square to the next.

    Returns:
        float32 (n, places, places): probability without the square minus probability with it.
    """
    side = images.shape[1]
    starts = range(0, side - size + 1, step)
    maps = []
    for image in images:
        hidden = np.repeat(image[None], len(starts) ** 2, axis=0)
        for i, (top, left) in enumerate((top, left) for top in starts for left in starts):
            hidden[i, top : top + size, left : left + size] = image.mean()
        said = metrics.softmax(logits(model, np.concatenate([image[None], hidden])))[:, emotion]
        maps.append((said[0] - said[1:]).reshape(len(starts), len(starts)))
    return np.stack(maps).astype(np.float32)
