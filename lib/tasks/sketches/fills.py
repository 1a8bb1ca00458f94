"""Filled drawings: the outline is what counts.

Quick, Draw!'s players drew lines. A drawing that is filled with a colour, or a silhouette, becomes its outline again, and the lines inside
that are darker than the fill. ``static/browser/strokes.js`` does the same with what is drawn on its pad.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

THICK = 20.0
"""Half the width from which on ink is a filled area and no line, in units of Quick, Draw!'s coordinates: no pen is so wide."""
SHARE = 0.5
"""Filled areas hold at least this share of all ink; where a thick pen's lines meet, they hold less."""
DARKER = 0.12
"""A line inside a fill differs from it by at least this share of the ink's strength."""


def outlined(ink: np.ndarray, line: float, levels: np.ndarray | None = None) -> np.ndarray | None:
    """Filled areas replaced by their outline; lines stay as they are.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink, its longer side about 255.
        line: width of the outline.
        levels: of the same shape, how dark each place is, where that is more than `ink` says; lines inside a fill come from it.

    Returns:
        float32 of the same shape; None if nothing is filled.
    """
    solid = np.pad(ink > 0.5, 1)
    depth = ndimage.distance_transform_edt(solid)
    core = depth > THICK
    if not core.any():
        return None
    fill = (ndimage.distance_transform_edt(~core) <= THICK + 1)[1:-1, 1:-1]
    if (fill & (ink > 0.5)).sum() < SHARE * solid.sum():
        return None
    hollow = np.where(fill, np.minimum(ink, np.clip(line + 0.5 - depth[1:-1, 1:-1], 0, 1)), ink)
    if levels is not None:
        inner = _lines_inside(levels, fill, line)
        hollow = np.maximum(hollow, inner)
    return hollow.astype(np.float32)


def _lines_inside(levels: np.ndarray, fill: np.ndarray, line: float) -> np.ndarray:
    """What is narrow and darker than the fill around it."""
    inside = ndimage.binary_erosion(fill & (levels > 0.3), iterations=int(line) // 2)
    if not inside.any():
        return np.zeros_like(levels)
    # Beyond the edge as dark as can be, so that the edge is no line inside.
    smooth = np.where(inside, ndimage.gaussian_filter(levels, 1), 1)
    darker = np.where(inside, smooth - ndimage.grey_opening(smooth, 2 * int(line) + 1), 0)
    most = float(np.percentile(darker[inside], 98))
    if most < DARKER:
        return np.zeros_like(levels)
    return np.clip(1.5 * darker / most, 0, 1) * (darker > 0.4 * most)
