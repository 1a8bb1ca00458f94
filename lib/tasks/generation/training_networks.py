"""The networks that draw, and what they learn from: a flow, a variational autoencoder and a pair of adversaries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from lib.datasets import Split
from lib.tasks.generation.flow import GUIDANCE, SIDE, STEPS, noise, pixels, scaled, steps_from_noise, wishes_for
from lib.training.batches import Batches, shuffled
from lib.training.fit import smoke

CLASSES = 10
DROPPED = 0.1
"""Share of training pictures whose class the network is not told: without it, guidance has nothing to compare with."""
SHOWN = 2
"""Pictures of each class that are drawn after each epoch."""


def velocity_network(wide: int = 40, deep: int = 80, blocks: int = 2, name: str = "flow") -> keras.Model:
    """A small U-Net (Ronneberger, Fischer and Brox, 2015) of residual blocks (He et al., 2016).

    It takes ``images`` (28, 28), ``time`` (1), from 0 to 1, and ``wish`` (11), the class or "any", and gives velocities (28, 28).

    Args:
        wide: filters where pictures have 14 x 14 places.
        deep: filters where they have 7 x 7.
        blocks: residual blocks there.
        name: of the model.
    """
    images, time, asked = (keras.Input(shape, name=what) for shape, what in (((SIDE, SIDE), "images"), ((1,), "time"), ((CLASSES + 1,), "wish")))  # fmt: skip
    told = layers.Dense(deep, activation="silu")(layers.Concatenate()([time, asked]))
    told = layers.Dense(deep, activation="silu", name="told")(told)
    x = layers.Reshape((SIDE, SIDE, 1))(images)
    fine = _block(layers.Conv2D(wide, 4, 2, padding="same")(x), told, wide, "fine")
    x = layers.Conv2D(deep, 3, 2, padding="same")(fine)
    for i in range(blocks):
        x = _block(x, told, deep, f"coarse_{i + 1}")
    x = layers.UpSampling2D(2)(layers.Conv2D(wide, 1)(x))
    x = _block(layers.Concatenate()([x, fine]), told, wide, "joined")
    x = layers.Activation("silu")(layers.LayerNormalization()(x))
    # Four values for each of 14 x 14 places, which are then its four pixels.
    x = layers.Conv2D(4, 3, padding="same", kernel_initializer="zeros")(x)
    x = layers.Permute((1, 3, 2, 4))(layers.Reshape((SIDE // 2, SIDE // 2, 2, 2))(x))
    return keras.Model([images, time, asked], layers.Reshape((SIDE, SIDE), name="velocity")(x), name=name)


def _block(x: Any, told: Any, filters: int, name: str) -> Any:
    """Two convolutions and a way past them. Time and class scale and shift what is between the two (Perez et al., 2018)."""
    y = layers.Activation("silu")(layers.LayerNormalization()(x))
    y = layers.LayerNormalization(center=False, scale=False)(layers.Conv2D(filters, 3, padding="same")(y))
    scale, shift = (layers.Reshape((1, 1, filters))(layers.Dense(filters)(told)) for _ in range(2))
    y = layers.Activation("silu")(layers.Add()([y, layers.Multiply()([y, scale]), shift]))
    y = layers.Conv2D(filters, 3, padding="same")(y)
    past = x if x.shape[-1] == filters else layers.Conv2D(filters, 1)(x)
    return layers.Add(name=name)([past, y])


def on_their_way(data: Split, batch_size: int, steps: int | None, seed: int) -> Batches:
    """What the network learns from: pictures on their way from noise, and which way that is.

    Args:
        data: images and labels.
        batch_size: pictures in a batch.
        steps: batches in an epoch.
        seed: of all draws.
    """
    rng, index = np.random.default_rng(seed), shuffled(len(data), batch_size, seed)

    def draw() -> tuple[np.ndarray, ...]:
        chosen = index()
        return _way(data.images[chosen], data.labels[chosen], rng)

    return Batches(
        draw, lambda *arrays: (dict(zip(("images", "time", "wish"), arrays[:3], strict=True)), arrays[3]), steps
    )


def for_validation(data: Split, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The same of validation images, drawn once, so that epochs can be compared."""
    images, time, asked, velocity = _way(data.images, data.labels, np.random.default_rng(seed))
    return {"images": images, "time": time, "wish": asked}, velocity


def _way(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Pictures at random times of their way, the times, the wishes, and the velocities."""
    goal = scaled(images)
    start = rng.standard_normal(goal.shape, np.float32)
    # Spread evenly, so that each batch has all times.
    time = ((rng.permutation(len(goal)) + rng.random(len(goal))) / len(goal)).astype(np.float32)[:, None]
    asked = np.eye(CLASSES + 1, dtype=np.float32)[np.where(rng.random(len(goal)) < DROPPED, CLASSES, labels)]
    at = time[..., None]
    return (1 - at) * start + at * goal, time, asked, goal - start


def velocity_of(
    model: keras.Model, batch_size: int = 256
) -> Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """The velocity that a Keras model gives, for `lib.tasks.generation.flow`."""

    def velocity(x: np.ndarray, time: np.ndarray, asked: np.ndarray) -> np.ndarray:
        return model.predict({"images": x, "time": time, "wish": asked}, batch_size=batch_size, verbose=0)

    return velocity


class Drawings(keras.callbacks.Callback):
    """Draws after each epoch, always from the same noise, and keeps the weights: what the time machine of the page shows.

    Args:
        folder: for a file ``drawn-<epoch>.npz`` with ``pictures`` (uint8), and the weights as float16 under ``w0``, ``w1`` and so on.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def on_train_begin(self, logs: dict | None = None) -> None:
        if not (self.folder / "drawn-0000.npz").exists():
            self._keep(0)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self._keep(epoch + 1)

    def _keep(self, epoch: int) -> None:
        weights = {f"w{i}": value.astype(np.float16) for i, value in enumerate(self.model.get_weights())}
        np.savez_compressed(
            self.folder / f"drawn-{epoch:04}.npz", allow_pickle=False, pictures=draw_shown(self.model), **weights
        )


def draw_shown(model: keras.Model) -> np.ndarray:
    """`SHOWN` pictures of each class, class by class: uint8 (20, 28, 28)."""
    labels = np.repeat(np.arange(CLASSES), SHOWN)
    asked = wishes_for(labels, CLASSES)
    start, steps = noise(0, len(labels)), smoke(STEPS, 2)
    *_, drawn = steps_from_noise(velocity_of(model), start, asked, steps=steps, guidance=GUIDANCE)
    return pixels(drawn)
