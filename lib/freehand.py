"""Digits as people draw them: any place, any size, any pen, any slant.

MNIST's digits are all cropped, scaled and centred; what a person draws on a canvas is not. These
functions turn a digit of the dataset into such a drawing, to measure what a person really meets
(`benchmarks/freehand.py`) and to show the networks other pens while they learn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.morphology import skeletonize

from lib.ink import crop_to_ink, normalise_digit, scale_to, shrink

CANVAS = 280
"""Side of the canvas on the pages, in pixels."""
SIZES = (0.3, 0.9)
"""Longer side of a drawing, as a share of the canvas."""
PENS = (2.0, 40.0)
"""Width of a pen, in pixels of the canvas."""
MAX_SLANT = 20.0
"""Largest slant to either side, in degrees."""


def paste(digit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Crop a digit to its ink, scale it, and paste it anywhere on a canvas.

    Args:
        digit: uint8 (28, 28), light on dark.
        rng: draws the size (longer side uniform in 30-90 % of the canvas) and the place.

    Returns:
        float32 (280, 280) in 0..1.
    """
    side = rng.uniform(*SIZES) * CANVAS
    ink = crop_to_ink(digit.astype(np.float32) / 255)
    return _place(scale_to(ink, side, Image.Resampling.BICUBIC), rng)


def redraw(
    digit: np.ndarray,
    rng: np.random.Generator,
    pen: float | None = None,
    slant: float | None = None,
    side: float | None = None,
) -> np.ndarray:
    """Follow the middle of a digit's strokes with another pen, slanted, anywhere on a canvas.

    Args:
        digit: uint8 (28, 28), light on dark.
        rng: draws whatever is not given, and the place.
        pen: width in pixels of the canvas, else uniform in 2-40.
        slant: degrees, positive to the right, else uniform in -20..20.
        side: length of the longer side of the strokes' middle lines in pixels of the canvas,
            else uniform in 30-90 % of it. The pen's own width comes on top, as with a real pen;
            a digit that would not fit is shrunk until it does.

    Returns:
        float32 (280, 280) in 0..1.
    """
    pen = rng.uniform(*PENS) if pen is None else pen
    slant = rng.uniform(-MAX_SLANT, MAX_SLANT) if slant is None else slant
    side = rng.uniform(*SIZES) * CANVAS if side is None else side
    side = min(side, CANVAS - pen - 2)
    ink = np.pad(_sheared(crop_to_ink(digit.astype(np.float32) / 255), slant), 1)
    # Strokes are thinned at the resolution of the drawing, so that their middle lines are smooth.
    solid = scale_to(ink, side, Image.Resampling.BICUBIC) > 0.45
    lines = skeletonize(solid)
    if not lines.any():
        lines = solid
    margin = int(np.ceil(pen / 2)) + 1
    distance = ndimage.distance_transform_edt(~np.pad(lines, margin))
    return _place(crop_to_ink(np.clip(pen / 2 + 0.5 - distance, 0, 1).astype(np.float32)), rng)


def _sheared(ink: np.ndarray, degrees: float) -> np.ndarray:
    slope = np.tan(np.radians(degrees))
    margin = int(np.ceil(abs(slope) * ink.shape[0] / 2))
    padded = np.pad(ink, ((0, 0), (margin, margin)))
    middle = (padded.shape[0] - 1) / 2
    matrix = np.array([[1, 0], [slope, 1]])
    return ndimage.affine_transform(padded, matrix, offset=[0, -slope * middle], order=1)


def _place(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    canvas = np.zeros((CANVAS, CANVAS), np.float32)
    ink = ink[:CANVAS, :CANVAS]
    top, left = (int(rng.integers(0, CANVAS - n + 1)) for n in ink.shape)
    canvas[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return canvas


def redraw_all(images: np.ndarray, seed: int) -> np.ndarray:
    """Redraw each digit with a random pen, size and slant, then bring it into MNIST's form again.

    Args:
        images: uint8 (n, 28, 28).
        seed: of the random draws; the same seed gives the same pictures.

    Returns:
        uint8 (n, 28, 28).
    """
    rng = np.random.default_rng(seed)
    return np.stack([normalise_digit(redraw(image, rng)) for image in images])


PEN_EDGES = (2, 5, 10, 15, 20, 25, 30, 35, 40)
"""Bounds of the pen widths, in pixels of the canvas, whose accuracy is reported apart."""


def measure(
    predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray, seed: int = 2000
) -> dict[str, Any]:
    """Accuracy on drawings made from digits of a dataset.

    Args:
        predict: from images (uint8, n x 28 x 28) to predicted labels (n).
        images: digits that the network has not learnt from, uint8 (n, 28, 28).
        labels: what they are (n).
        seed: of sizes, places, pens and slants.

    Returns:
        ``n``; accuracy on ``pasted`` digits (cropped, scaled, anywhere on the canvas) through the
        preprocessing, and ``pasted_naive`` without it; ``pens``, the accuracy on digits redrawn with pens
        of 2-40 px and slants of up to 20 degrees, which ``by_pen`` splits by width.
    """
    rng = np.random.default_rng(seed)
    canvases = [paste(image, rng) for image in images]
    widths = rng.uniform(*PENS, size=len(images))
    redrawn = [redraw(image, rng, pen=width) for image, width in zip(images, widths, strict=True)]

    def right(form: Callable[[np.ndarray], np.ndarray], drawings: list[np.ndarray]) -> np.ndarray:
        return predict(np.stack([form(drawing) for drawing in drawings])) == labels

    pens = right(normalise_digit, redrawn)
    bounds = pairwise(PEN_EDGES)
    groups = [(low, high, (widths >= low) & (widths < high)) for low, high in bounds]
    return {
        "n": len(images),
        "pasted": round(float(right(normalise_digit, canvases).mean()), 4),
        "pasted_naive": round(float(right(shrink, canvases).mean()), 4),
        "pens": round(float(pens.mean()), 4),
        "by_pen": [
            {"from": low, "to": high, "n": int(group.sum()), "accuracy": round(float(pens[group].mean()), 4)}
            for low, high, group in groups
            if group.any()
        ],
    }
