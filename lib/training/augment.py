"""Training data: shuffled, and written a little differently each time."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from lib.datasets import Split
from lib.training.batches import Batches, shuffled


class RandomDistortion(keras.layers.Layer):
    """Write each digit a little differently: turned, slanted, resized, moved and bent.

    All changes are composed into one map of coordinates, so that a picture is interpolated once
    and keeps its sharpness. The bending is a smooth random field, as in the elastic distortions of
    Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied to
    visual document analysis", but drawn on a coarse grid and enlarged, which is many times faster.

    Args:
        rotation: largest angle, in degrees.
        slant: largest slant, in degrees.
        zoom: largest relative change of size, of each axis on its own.
        shift: largest move along each axis, in pixels.
        elastic: standard deviation of the bending, in pixels.
        seed: of the random draws.
    """

    def __init__(
        self,
        rotation: float = 12.0,
        slant: float = 15.0,
        zoom: float = 0.12,
        shift: float = 2.0,
        elastic: float = 0.9,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self.rotation, self.slant, self.zoom, self.shift, self.elastic = rotation, slant, zoom, shift, elastic
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, images: Any) -> Any:
        """Distort a batch: (n, height, width), any range of brightness."""
        n, side = ops.shape(images)[0], images.shape[1]

        def draw(limit: float) -> Any:
            return keras.random.uniform((n, 1, 1), -limit, limit, seed=self.generator)

        angle, slope = draw(self.rotation * np.pi / 180), ops.tan(draw(self.slant * np.pi / 180))
        wide, high = ops.exp(draw(self.zoom)), ops.exp(draw(self.zoom))
        cos, sin = ops.cos(angle), ops.sin(angle)
        # Each output pixel, measured from the middle: where in the input it is read.
        grid = ops.arange(side, dtype="float32") - (side - 1) / 2
        y, x = ops.meshgrid(grid, grid, indexing="ij")
        coarse = self.elastic * keras.random.normal((n, 5, 5, 2), seed=self.generator)
        bend = ops.image.resize(coarse, (side, side), interpolation="bicubic")
        rows = high * (sin * x + cos * y) + draw(self.shift) + (side - 1) / 2 + bend[..., 0]
        columns = wide * ((cos + slope * sin) * x + (slope * cos - sin) * y) + draw(self.shift)
        columns = columns + (side - 1) / 2 + bend[..., 1]
        which = ops.broadcast_to(ops.arange(n, dtype="float32")[:, None, None], ops.shape(rows))
        return ops.image.map_coordinates(images, ops.stack([which, rows, columns]), order=1, fill_mode="constant")


def batches(
    split: Split,
    batch_size: int = 128,
    redrawn: np.ndarray | None = None,
    redrawn_share: float = 0.0,
    distortion: keras.layers.Layer | None = None,
    seed: int = 0,
) -> Batches:
    """Training data: shuffled, augmented anew in every epoch, in batches of float32 images and labels.

    Args:
        split: what to learn from.
        batch_size: images in a batch.
        redrawn: the same digits written with other pens (`lib.freehand.redraw_all`).
        redrawn_share: how many of the images are replaced by their redrawn twin, 0 to 1.
        distortion: applied to each batch of images.
        seed: of the shuffling and of the choice between twins.
    """
    batch_size = min(batch_size, len(split))
    following, choice = shuffled(len(split), batch_size, seed), np.random.default_rng(seed)

    def draw() -> tuple[np.ndarray, np.ndarray]:
        index = following()
        images = split.images[index]
        if redrawn is not None:
            swap = choice.random((len(index), 1, 1)) < redrawn_share
            images = np.where(swap, redrawn[index], images)
        return images.astype(np.float32), split.labels[index]

    def prepare(images: np.ndarray, labels: np.ndarray) -> tuple[Any, np.ndarray]:
        return (distortion(images) if distortion else images), labels

    return Batches(draw, prepare, len(split) // batch_size)
