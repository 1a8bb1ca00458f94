"""What the notebooks of the hand experiments call besides `lib.training`: rendered hands in front of scenes, the feed, the bundle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import tensorflow as tf
from scipy import ndimage

from lib.hands import HANDS, NOTHING, Photos, balance

RENDERED_SOURCE, SCENE_SOURCE, ARM_SOURCE = 100, 101, 102
"""Numbers of the sources that are made here: rendered hands before scenes, scenes alone, arms without a hand."""


def cut_out(rendered: np.ndarray) -> np.ndarray:
    """How far each pixel belongs to the hand: what is nearly white and grey, and hangs together with the edge, does not.

    Args:
        rendered: uint8 (height, width, 3), a hand on white.

    Returns:
        float32 (height, width), 0 to 1, soft at its edges.
    """
    low, high = rendered.min(axis=-1).astype(int), rendered.max(axis=-1).astype(int)
    pale = (low > 200) & (high - low < 16)
    regions, _ = ndimage.label(pale)
    edges = np.concatenate([regions[0], regions[:, 0], regions[:, -1]])
    hand = ~np.isin(regions, np.unique(edges[edges > 0]))
    hand = ndimage.binary_opening(hand)
    return ndimage.gaussian_filter(ndimage.binary_erosion(hand, border_value=1).astype(np.float32), 0.7)


def _affine(rng: np.random.Generator, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A random place for a hand: matrix and offset of `scipy.ndimage.affine_transform`, from output to input pixels."""
    angle = rng.uniform(-0.9, 0.9) + rng.choice([0.0, 0.0, np.pi / 2, -np.pi / 2])
    scale, mirror = np.exp(rng.uniform(-0.15, 0.75)), rng.choice([-1.0, 1.0])
    matrix = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = np.diag([1.0, mirror]) @ matrix
    middle = np.full(2, (side - 1) / 2)
    return matrix, middle - matrix @ (middle + rng.uniform(-0.16, 0.16, 2) * side)


def before_scenes(rendered: Photos, scenes: np.ndarray, seed: int, arms: int = 0) -> Photos:
    """Each rendered hand anywhere in front of a scene, its arm reaching out of the picture, in another skin and light.

    Args:
        rendered: hands on white.
        scenes: uint8 (n, side, side, 3).
        seed: of the random draws.
        arms: so many wrists without a hand are added, as `nothing`.
    """
    rng, side = np.random.default_rng(seed), rendered.images.shape[1]
    picked = [(i, False) for i in range(len(rendered))]
    picked += [(int(i), True) for i in rng.integers(0, len(rendered), arms)]
    images, labels = np.empty((len(picked), side, side, 3), np.uint8), []
    for k, (i, arm) in enumerate(picked):
        hand = rendered.images[i]
        alpha = cut_out(hand)
        if arm:
            # The lowest rows show the wrist; nothing of the hand above them is left.
            alpha = alpha * (np.arange(side) > side * 0.84)[:, None]
        # The arm goes on below the picture.
        layers = np.dstack([hand.astype(np.float32), alpha * 255])
        layers = np.pad(layers, ((0, side), (0, 0), (0, 0)), mode="edge")
        matrix, offset = _affine(rng, side)
        moved = np.stack(
            [ndimage.affine_transform(layers[..., c], matrix, offset, (side, side), order=1) for c in range(4)], axis=-1
        )
        skin = moved[..., :3] * np.exp(rng.normal(0, 0.35) + rng.normal(0, 0.1, 3))
        cover = moved[..., 3:] / 255
        scene = scenes[rng.integers(len(scenes))].astype(np.float32)
        images[k] = np.clip(cover * skin + (1 - cover) * scene, 0, 255)
        labels.append(NOTHING if arm else rendered.labels[i])
    source = np.array([ARM_SOURCE if arm else RENDERED_SOURCE for _, arm in picked])
    return Photos(images, np.array(labels, np.int64), source)


def walls(n: int, side: int, seed: int) -> np.ndarray:
    """Plain walls in uneven light: uint8 (n, side, side, 3), a gradient between two colours that are mostly grey."""
    rng = np.random.default_rng(seed)
    grid = np.linspace(-0.5, 0.5, side)
    angle = rng.uniform(0, 2 * np.pi, (n, 1, 1, 1))
    along = np.cos(angle) * grid[None, :, None, None] + np.sin(angle) * grid[None, None, :, None] + 0.5
    tone = rng.uniform(20, 245, (n, 1, 1, 1)) + rng.normal(0, 14, (n, 1, 1, 3))
    other = tone * np.exp(rng.normal(0, 0.3, (n, 1, 1, 1)))
    grain = rng.normal(0, 3, (n, side, side, 1))
    return np.clip(tone * along + other * (1 - along) + grain, 0, 255).astype(np.uint8)


def _transforms(n: tf.Tensor, side: int, strength: float) -> tf.Tensor:
    """Random moves, turns, sizes and mirrorings, from output to input pixels: float32 (n, 8)."""

    def draw(low: float, high: float) -> tf.Tensor:
        return tf.random.uniform((n,), low, high)

    quarter = tf.where(draw(0, 1) < 0.2 * strength, tf.sign(draw(-1, 1)) * np.pi / 2, 0.0)
    angle = strength * draw(-0.6, 0.6) + quarter
    size = tf.exp(-strength * draw(-0.5, 0.35))
    stretch = tf.exp(strength * draw(-0.15, 0.15))
    mirror = tf.sign(draw(-1, 1))
    cos, sin = tf.cos(angle) * size, tf.sin(angle) * size
    # x' = mirror * stretch * (cos x - sin y), y' = (sin x + cos y) / stretch, both from the middle.
    a, b, d, e = mirror * stretch * cos, -mirror * stretch * sin, sin / stretch, cos / stretch
    middle = (side - 1) / 2
    x, y = middle + strength * draw(-0.18, 0.18) * side, middle + strength * draw(-0.18, 0.18) * side
    zero = tf.zeros_like(a)
    return tf.stack([a, b, middle - a * x - b * y, d, e, middle - d * x - e * y, zero, zero], axis=1)


def augment(photos: tf.Tensor, scenes: tf.Tensor | None, strength: float = 1.0) -> tf.Tensor:
    """Other places, other light, other skin: each photo moved, turned, resized and mirrored before a scene, and recoloured.

    Args:
        photos: uint8 (n, side, side, 3).
        scenes: as many, to stand where a photo ends and before a small piece of it; None repeats the photo's edge.
        strength: of the moves, 0 to 1.

    Returns:
        float32 (n, side, side, 3) in 0..255.
    """
    n, side = tf.shape(photos)[0], int(photos.shape[1])
    images = tf.cast(photos, tf.float32) / 255.0
    fill = "NEAREST" if scenes is None else "CONSTANT"
    if scenes is not None:
        images = tf.concat([images, tf.ones((n, side, side, 1))], axis=-1)
    images = tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=_transforms(n, side, strength),
        output_shape=(side, side),
        interpolation="BILINEAR",
        fill_mode=fill,
        fill_value=0.0,
    )

    def each(low: float, high: float, channels: int = 1) -> tf.Tensor:
        return tf.random.uniform((n, 1, 1, channels), low, high)

    if scenes is not None:
        cover = images[..., 3:] * (1.0 - _patches(n, side, 0.25))
        images = images[..., :3] * cover + tf.cast(scenes, tf.float32) / 255.0 * (1.0 - cover)
    # A hand that moves: the photo and two shifted copies of it.
    along = tf.random.uniform((2,), -3, 4, tf.int32)
    blurred = (images + tf.roll(images, along, (1, 2)) + tf.roll(images, -along, (1, 2))) / 3.0
    images = tf.where(each(0, 1) < 0.25, blurred, images)
    grey = tf.reduce_mean(images, axis=-1, keepdims=True)
    saturation = tf.where(each(0, 1) < 0.12, 0.0, each(0.4, 1.4))
    images = grey + saturation * (images - grey)
    mean = tf.reduce_mean(images, axis=(1, 2, 3), keepdims=True)
    images = mean + each(0.6, 1.35) * (images - mean)
    images = images * tf.exp(each(-0.45, 0.45) + each(-0.15, 0.15, 3))
    images = tf.pow(tf.clip_by_value(images, 0.0, 1.0) + 1e-4, tf.exp(each(-0.4, 0.4)))
    images = images + each(0.0, 0.05) * tf.random.normal(tf.shape(images))
    return 255.0 * tf.clip_by_value(images, 0.0, 1.0)


def _patches(n: tf.Tensor, side: int, share: float) -> tf.Tensor:
    """Masks of a small rectangle in so many of the pictures (Zhong et al., 2020): float32 (n, side, side, 1)."""
    grid = tf.range(side, dtype=tf.float32)
    half = tf.random.uniform((2, n, 1), 0.06, 0.18) * side
    middle = tf.random.uniform((2, n, 1), 0.0, 1.0) * side
    rows, columns = tf.unstack(tf.cast(tf.abs(grid - middle) < half, tf.float32))
    there = tf.cast(tf.random.uniform((n, 1, 1)) < share, tf.float32)
    return (there * rows[:, :, None] * columns[:, None, :])[..., None]


def feed(
    photos: Photos,
    *,
    batch_size: int = 32,
    weights: np.ndarray | None = None,
    scenes: np.ndarray | None = None,
    augmented: bool = True,
    strength: float = 1.0,
    smoothing: float = 0.1,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches without an end: float32 images (n, side, side, 3) in 0..255 and targets (n, classes).

    Args:
        photos: what to learn from.
        batch_size: photos in a batch.
        weights: how often to draw each; classes and sources in balance if not given (`lib.hands.balance`).
        scenes: to stand behind the hands; see `augment`.
        augmented: False gives the photos as they are.
        strength: see `augment`.
        smoothing: share of the target that is spread over all classes (Szegedy et al., 2016).
        seed: of the choice.
    """
    weights = balance(photos) if weights is None else weights
    behind = photos.images[:1] if scenes is None else scenes

    def draws() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        rng = np.random.default_rng(seed)
        while True:
            index = rng.choice(len(photos), batch_size, p=weights)
            yield photos.images[index], behind[rng.integers(len(behind), size=batch_size)], photos.labels[index]

    def prepare(images: tf.Tensor, scenes_: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        target = tf.one_hot(labels, len(HANDS)) * (1 - smoothing) + smoothing / len(HANDS)
        if not augmented:
            return tf.cast(images, tf.float32), target
        return augment(images, None if scenes is None else scenes_, strength), target

    shape = (batch_size, *photos.images.shape[1:])
    picture = tf.TensorSpec(shape, tf.uint8)
    signature = (picture, picture, tf.TensorSpec((batch_size,), tf.int64))
    data = tf.data.Dataset.from_generator(draws, output_signature=signature)
    return data.map(prepare, num_parallel_calls=2).prefetch(4)


def one_hot(photos: Photos, batch_size: int = 64) -> tf.data.Dataset:
    """Validation data with targets of the same form as `feed` gives."""
    targets = np.eye(len(HANDS), dtype=np.float32)[photos.labels]
    data = tf.data.Dataset.from_tensor_slices((photos.images, targets)).batch(batch_size)
    return data.map(lambda images, target: (tf.cast(images, tf.float32), target))


def pool(photos: Photos, rendered: Photos, scenes: np.ndarray, behind: np.ndarray, arms: int, seed: int) -> Photos:
    """Everything there is to learn from: photos, rendered hands before `behind`, arms without a hand, and `scenes` as `nothing`."""
    nothing = Photos(scenes, np.full(len(scenes), NOTHING), np.full(len(scenes), SCENE_SOURCE))
    return photos + before_scenes(rendered, behind, seed, arms) + nothing
