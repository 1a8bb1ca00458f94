"""Training data: shuffled, and written a little differently each time."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from lib.datasets import Split


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

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Distort a batch: (n, height, width), any range of brightness."""
        n, side = ops.shape(images)[0], images.shape[1]

        def draw(limit: float) -> tf.Tensor:
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
) -> tf.data.Dataset:
    """Training data: shuffled, augmented anew in every epoch, in batches of float32 images and labels.

    Args:
        split: what to learn from.
        batch_size: images in a batch.
        redrawn: the same digits written with other pens (`lib.freehand.redraw_all`).
        redrawn_share: how many of the images are replaced by their redrawn twin, 0 to 1.
        distortion: applied to each batch of images.
        seed: of the shuffling and of the choice between twins.
    """
    twins = split.images if redrawn is None else redrawn
    generator = tf.random.Generator.from_seed(seed)

    def prepare(originals: tf.Tensor, twins: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # One draw for each image of the batch.
        swap = generator.uniform((tf.shape(labels)[0], 1, 1)) < redrawn_share
        images = tf.cast(tf.where(swap, twins, originals), tf.float32)
        return (distortion(images) if distortion else images), labels

    data = tf.data.Dataset.from_tensor_slices((split.images, twins, split.labels))
    # A distortion needs to know the size of its batch, so that the few images left over wait for the next epoch.
    data = data.shuffle(len(split), seed=seed).batch(batch_size, drop_remainder=distortion is not None)
    return data.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
