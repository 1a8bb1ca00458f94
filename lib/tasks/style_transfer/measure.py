"""How far a painted photo is from the photo and from the painting, as VGG16 sees them. NumPy only, so that the scores need no TensorFlow.

Gatys et al. (2016), "Image style transfer using convolutional neural networks", and Johnson et al. (2016), "Perceptual losses for
real-time style transfer and super-resolution". `lib.tasks.style_transfer.training` does the same sums where networks learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lib.bundles import Bundle
from lib.tasks.style_transfer.data import MEAN, VGG_LAYERS, load_painting, middle
from lib.tasks.style_transfer.painter import Painter
from lib.tasks.style_transfer.paintings import PAINTINGS, Painting

SIDE = 192
"""Height and width in which photos are compared, in pixels."""
PAINTING_SIDE = 288
"""The shorter side of a painting, in pixels, when its style is measured: the size in which its strokes are learnt."""
CONTENT_BLOCK = 2
"""Index of VGG16's block in which content is compared."""

Weights = Sequence[tuple[np.ndarray, np.ndarray]]


def features(picture: np.ndarray, weights: Weights) -> list[np.ndarray]:
    """What the last layer of each of VGG16's first four blocks says about a picture (height, width, 3), 0 to 255.

    Args:
        picture: RGB.
        weights: see `lib.tasks.style_transfer.data.load_vgg`.

    Returns:
        float32 (height / 2^i, width / 2^i, filters) with i = 0, 1, 2, 3.
    """
    x = picture.astype(np.float32) - MEAN.astype(np.float32)
    found, layers = [], iter(weights)
    for block, count in enumerate(VGG_LAYERS):
        if block:
            high, wide = x.shape[0] // 2, x.shape[1] // 2
            x = x[: 2 * high, : 2 * wide].reshape(high, 2, wide, 2, -1).max(axis=(1, 3))
        for _ in range(count):
            x = _convolved(x, *next(layers))
        found.append(x)
    return found


def _convolved(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A convolution of 3 x 3 and a ReLU."""
    high, wide, channels = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    total = np.tile(bias, (high * wide, 1))
    for row in range(3):
        for column in range(3):
            shifted = padded[row : row + high, column : column + wide].reshape(-1, channels)
            total += shifted @ kernel[row, column]
    return np.maximum(total, 0).reshape(high, wide, -1)


def gram(one: np.ndarray) -> np.ndarray:
    """How often pairs of filters answer in the same places: (filters, filters), of features (height, width, filters)."""
    flat = one.reshape(-1, one.shape[-1])
    return flat.T @ flat / flat.size


def content_loss(found: Sequence[np.ndarray], photo: Sequence[np.ndarray]) -> float:
    """Mean squared difference of two pictures' features."""
    return float(np.square(found[CONTENT_BLOCK] - photo[CONTENT_BLOCK]).mean())


def style_loss(found: Sequence[np.ndarray], wanted: Sequence[np.ndarray]) -> float:
    """Squared distance of Gram matrices from those of a painting, relative to these, in the mean over blocks."""
    apart = [np.square(gram(one) - goal).sum() / np.square(goal).sum() for one, goal in zip(found, wanted, strict=True)]
    return float(np.mean(apart))


def painting_grams(name: str, weights: Weights) -> list[np.ndarray]:
    """Gram matrices of a painting, of all four blocks."""
    return [gram(one) for one in features(load_painting(name, PAINTING_SIDE), weights)]


def scores(
    bundle: Bundle, pictures: Sequence[np.ndarray], weights: Weights, paintings: Sequence[Painting] = PAINTINGS
) -> dict[str, Any]:
    """How well the network for any style paints photos in the styles of paintings.

    Args:
        bundle: with the network.
        pictures: uint8 (height, width, 3), of which the middle is painted.
        weights: of VGG16.
        paintings: all of ours, unless a few are given.

    Returns:
        ``style_reached``: the part of the style loss of the photo that is gone, 1 at best; ``style_loss`` and ``content_loss``; all are
        means over photos and paintings. And ``n`` photos.
    """
    painter = Painter(bundle)
    styles = [painter.style(one.open()) for one in paintings]
    wanted = [painting_grams(one.name, weights) for one in paintings]
    reached, style_losses, content_losses = [], [], []
    for picture in pictures:
        photo = middle(picture, SIDE)
        seen = features(photo, weights)
        for style, goal in zip(styles, wanted, strict=True):
            found = features(painter.paint(photo, style), weights)
            style_losses.append(style_loss(found, goal))
            content_losses.append(content_loss(found, seen))
            reached.append(1 - style_losses[-1] / style_loss(seen, goal))
    return {
        "style_reached": round(float(np.mean(reached)), 4),
        "style_loss": round(float(np.mean(style_losses)), 4),
        "content_loss": round(float(np.mean(content_losses)), 3),
        "n": len(pictures),
    }
