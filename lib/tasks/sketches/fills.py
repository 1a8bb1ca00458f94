"""Filled drawings: the outline is what counts.

Quick, Draw!'s players drew lines. A drawing that is filled with a colour, or a silhouette, becomes its outline again, and the lines inside
that are darker than the fill. ``static/browser/strokes.js`` does the same with what is drawn on its pad.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

THICK = 20.0
"""Half the width from which on ink is a filled area and no line, in units of Quick, Draw!'s coordinates: no pen is so wide."""
DARKER = 0.12
"""A line inside a fill differs from it by at least this share of the ink's strength."""


def is_filled(ink: np.ndarray, half: float = THICK) -> bool:
    """Whether there is an area that no pen of this half width draws; `ink` as for `outlined`."""
    return bool((ndimage.distance_transform_edt(np.pad(ink > 0.5, 1)) > half).any())


def outlined(ink: np.ndarray, line: float, levels: np.ndarray | None = None) -> np.ndarray:
    """Filled areas replaced by their outline; lines stay as they are.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink, its longer side about 255.
        line: width of the outline.
        levels: of the same shape, how dark each place is, where that is more than `ink` says; lines inside a fill come from it.

    Returns:
        float32 of the same shape.
    """
    solid = np.pad(ink > 0.5, 1)
    depth = ndimage.distance_transform_edt(solid)
    core = depth > THICK
    if not core.any():
        return ink
    fill = (ndimage.distance_transform_edt(~core) <= THICK + 1)[1:-1, 1:-1]
    hollow = np.where(fill, np.minimum(ink, np.clip(line + 0.5 - depth[1:-1, 1:-1], 0, 1)), ink)
    if levels is not None:
        inner = _lines_inside(levels, fill, line)
        hollow = np.maximum(hollow, inner)
    return hollow.astype(np.float32)


def _lines_inside(levels: np.ndarray, fill: np.ndarray, line: float) -> np.ndarray:
    """What is narrow and darker than the fill around it."""
    smooth = ndimage.gaussian_filter(levels, 1)
    darker = smooth - ndimage.grey_opening(smooth, 2 * int(line) + 1)
    darker[~fill] = 0
    most = float(np.percentile(darker[fill], 99)) if fill.any() else 0.0
    if most < DARKER:
        return np.zeros_like(levels)
    return np.clip(darker / most, 0, 1) * (darker > 0.5 * most)
