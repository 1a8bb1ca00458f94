"""A sheet of paper, or a screen, on a photo: its four corners, and how it looks from above."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

DARK = 0.4
"""What is darker than this share of the paper is no shadow on it, but something else."""
SMALLEST_SHEET = 0.12
"""A sheet takes at least this share of the picture."""
LARGEST_SHEET = 0.92
"""One that takes more than this share fills the picture."""


def homography(to: np.ndarray, source: np.ndarray) -> np.ndarray:
    """The eight coefficients by which Pillow's ``Image.transform`` takes a picture in perspective.

    Args:
        to: float (4, 2), where four points come to lie in the result.
        source: float (4, 2), the same points in the picture that is given.
    """
    rows = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.linalg.solve(np.array(rows, float), np.asarray(source, float).reshape(-1))


def apply(matrix: np.ndarray, points: np.ndarray | list[tuple[float, float]]) -> np.ndarray:
    """Points (n, 2) taken through a homography (3, 3)."""
    there = np.column_stack([np.asarray(points, float), np.ones(len(points))]) @ matrix.T
    return there[:, :2] / there[:, 2:]


def warped(grey: np.ndarray, coefficients: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    picture = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    return np.asarray(
        picture.transform(size, Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BILINEAR)
    )


def lengths(corners: np.ndarray) -> tuple[float, float]:
    """Width and height of a sheet seen from above, from its corners clockwise."""
    sides = np.linalg.norm(np.roll(corners, -1, 0) - corners, axis=1)
    return float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))


def corners_of_sheet(small: np.ndarray, soft: np.ndarray, step: int, sides: int = 1) -> np.ndarray | None:
    """Corners of the sheet, float (4, 2), clockwise from the upper left; None if there is none, or if it fills the picture.

    Args:
        small: the brightness of the paper without ink, every `step`-th pixel of the picture.
        soft: the picture.
        step: see `small`.
        sides: so many of its sides must be in the picture.
    """
    low, high = np.percentile(small, [2, 98])
    if high - low < 0.1:
        return None
    best, area = None, SMALLEST_SHEET * small.size
    for threshold in low + (high - low) * np.linspace(0.1, 0.9, 7):
        labels, count = ndimage.label(small > threshold)
        if not count:
            continue
        sizes = np.bincount(labels.reshape(-1))[1:]
        mask = labels == 1 + int(sizes.argmax())
        if sizes.max() < SMALLEST_SHEET * small.size or sizes.max() > LARGEST_SHEET * small.size:
            continue
        mask = ndimage.binary_fill_holes(mask)
        four = quad(mask)
        if four is None or mask.sum() <= area or not _stands_out(four, small, sides):
            continue
        best, area = four, float(mask.sum())
    if best is None:
        return None
    corners = (best + 0.5) * step - 0.5
    return _refined(corners, soft, step)


def quad(mask: np.ndarray, least: float = 0.94) -> np.ndarray | None:
    """Four corners around a region, if it has four straight sides."""
    edge = mask & ~ndimage.binary_erosion(mask)
    points = np.argwhere(edge)[:, ::-1].astype(float)
    if len(points) < 8:
        return None
    try:
        hull = points[ConvexHull(points).vertices]
    except QhullError:
        return None
    polygon = [tuple(point) for point in hull]
    while len(polygon) > 4:
        # Take away the side whose neighbours, prolonged, meet with the least new area.
        choices = []
        for i in range(len(polygon)):
            a, b, c, d = (np.array(polygon[(i + k) % len(polygon)]) for k in range(-1, 3))
            meet = _crossing(a, b, d, c)
            if meet is not None:
                choices.append((abs(_cross(b - c, meet - c)) / 2, i, tuple(meet)))
        if not choices:
            return None
        _, i, point = min(choices)
        after = (i + 1) % len(polygon)
        polygon[i] = point
        del polygon[after]
    result = np.array(polygon)
    height, width = mask.shape
    if result.min() < -0.2 * max(mask.shape) or (result > 1.2 * np.array([width, height])).any():
        return None
    full = inside(result, mask.shape)
    both = float((mask & full).sum())
    if both < least * full.sum() or both < 0.97 * mask.sum():
        return None
    return _in_order(result)


def _cross(a: np.ndarray, b: np.ndarray) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _crossing(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray | None:
    """Where the ray from a through b meets the ray from c through d, beyond b and d."""
    u, v = b - a, d - c
    det = _cross(u, v)
    if abs(det) < 1e-9:
        return None
    s, t = _cross(c - a, v) / det, _cross(c - a, u) / det
    return a + s * u if s >= 1 - 1e-9 and t >= 1 - 1e-9 else None


def inside(quad: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Which pixels lie inside a convex polygon: bool, `shape`."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    turn = np.sign(sum(_cross(a, b) for a, b in zip(quad, np.roll(quad, -1, 0), strict=True)))
    inside = np.ones(shape, bool)
    for (ax, ay), (bx, by) in zip(quad, np.roll(quad, -1, 0), strict=True):
        inside &= turn * ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) >= -0.5 * np.hypot(bx - ax, by - ay)
    return inside


def _in_order(quad: np.ndarray) -> np.ndarray:
    """Corners clockwise on the screen, from the upper left one."""
    middle = quad.mean(0)
    quad = quad[np.argsort(np.arctan2(*(quad - middle).T[::-1]))]
    return np.roll(quad, -int(quad.sum(1).argmin()), 0)


def _stands_out(quad: np.ndarray, small: np.ndarray, sides: int) -> bool:
    """Whether a sheet is brighter than what is around it, and not only the part of a sheet that no shadow covers."""
    height, width = small.shape
    inner = float(np.median(small[inside(quad, small.shape)]))
    seen, middle = [], quad.mean(0)
    for a, b in zip(quad, np.roll(quad, -1, 0), strict=True):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(1e-9, np.hypot(*(b - a)))
        normal *= np.sign(normal @ ((a + b) / 2 - middle)) or 1
        along = a + np.linspace(0.1, 0.9, 25)[:, None] * (b - a)
        pairs = []
        for point in along:
            (x, y), (u, v) = point + 4 * normal, point - 4 * normal
            if 0 <= x < width - 0.5 and 0 <= y < height - 0.5 and 0 <= u < width - 0.5 and 0 <= v < height - 0.5:
                pairs.append((small[round(y), round(x)], small[round(v), round(u)]))
        if len(pairs) >= 8:
            beyond, within = np.array(pairs).T
            seen.append(float(np.median(beyond / np.maximum(within, 0.02))))
    if len(seen) < sides or max(seen) > 0.88 or inner < 0.1:
        return False
    return len(seen) >= 3 or max(seen) < DARK + 0.05


def _refined(corners: np.ndarray, soft: np.ndarray, step: int) -> np.ndarray:
    """Corners moved to where the brightness changes most, at full resolution."""
    if step == 1:
        return corners
    height, width = soft.shape
    reach = 2 * step + 1
    lines = []
    for a, b in zip(corners, np.roll(corners, -1, 0), strict=True):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(1e-9, np.hypot(*(b - a)))
        along = a + np.linspace(0.05, 0.95, 60)[:, None] * (b - a)
        offsets = np.arange(-reach, reach + 1)
        where = along[:, None] + offsets[:, None] * normal
        within = (where >= 0).all(2) & (where[..., 0] < width) & (where[..., 1] < height)
        values = ndimage.map_coordinates(soft, where[..., ::-1].reshape(-1, 2).T, order=1, mode="nearest")
        slope = np.abs(np.gradient(values.reshape(where.shape[:2]), axis=1)) * within
        good = slope.max(1) > 0.5 * np.median(slope.max(1))
        if good.sum() < 10:
            lines.append((a, b))
            continue
        shift, at = offsets[slope.argmax(1)][good], np.linspace(0.05, 0.95, 60)[good]
        # Twice, the second time without what lies far from the first line.
        fit = np.polyfit(at, shift, 1)
        close = np.abs(np.polyval(fit, at) - shift) <= 1.5
        if close.sum() > 8:
            fit = np.polyfit(at[close], shift[close], 1)
        lines.append((a + normal * fit[1], b + normal * (fit[0] + fit[1])))
    moved = []
    for (a, b), (c, d) in zip(np.roll(np.array(lines), 1, 0), np.array(lines), strict=True):
        u, v = b - a, d - c
        det = _cross(u, v)
        if abs(det) < 1e-9:
            return corners
        moved.append(a + u * _cross(c - a, v) / det)
    result = np.array(moved)
    return result if np.abs(result - corners).max() < 4 * step else corners
