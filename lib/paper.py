"""Paper: find the sheet on a photo first, and then the ink on it.

A photo of a drawing shows more than the drawing: a desk, a frame, the shadow of a hand, printed lines. All these differ from
strokes of a pen in a way that can be measured:

- a *desk*, a *bar* or a *shadow* is wider than any stroke. A morphological closing takes away what is narrower than a window and keeps
  all else, edges included. What it leaves is the paper as it would look without ink, and ink is what is darker than that.
- a *sheet* is a large bright area with four straight sides. It is cut out, and seen from above.
- *printed lines* are thin, straight, and run across the whole sheet. They are found by a Hough transform.
- a *frame* is a closed line with four straight sides around all else.

NumPy, SciPy and Pillow do the work.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

Point = tuple[float, float]
"""x to the right and y downwards, in pixels of the picture."""

WINDOW = 0.22
"""Strokes are narrower than this share of the picture's shorter side; shadows and desks are wider."""
MIN_CONTRAST = 0.12
"""Ink and paper must differ by this share of the paper's brightness."""
TINY = 60
"""A picture with a side shorter than this shows nothing but a drawing."""
DARK = 0.4
"""What is darker than this share of the paper is no shadow on it, but something else."""
MAX_TURN = 17.0
"""Printed lines are turned by at most so many degrees."""
MAX_UNEVEN_PAPER = 0.03
"""Clean paper varies by less than this (standard deviation, as a share of the ink's contrast)."""
MAX_UNEVEN_INK = 0.2
"""So does clean ink by less than this."""
LEVELS = 2
"""A sheet on a sheet on a desk: so often a sheet is looked for on a sheet."""


@dataclass(frozen=True)
class Reading:
    """What was found on a picture.

    Attributes:
        ink: float32 (height, width), 0 where there is paper, up to 1 where there is ink; of the sheet seen from above where one was
            found, else of the whole picture.
        size: width and height of the picture, in pixels.
        corners: of the sheet in the picture, clockwise from the upper left; None if it fills the picture.
        lines: printed lines that were taken away, each from a point to a point of the picture.
        frame: whether a printed frame was taken away.
        shadow: whether the paper is much darker in some places than in others.
        to_picture: 3 x 3, from the pixels of `ink` to those of the picture (homogeneous coordinates).
    """

    ink: np.ndarray
    size: tuple[int, int]
    corners: tuple[Point, ...] | None = None
    lines: tuple[tuple[Point, Point], ...] = ()
    frame: bool = False
    shadow: bool = False
    to_picture: np.ndarray = field(default_factory=lambda: np.eye(3))

    def box_in_picture(self, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
        """A rectangle of `ink` in pixels of the picture: left, top, right, bottom."""
        corners = apply(self.to_picture, [(left, top), (right, top), (right, bottom), (left, bottom)])
        low, high = np.floor(corners.min(0)), np.ceil(corners.max(0))
        return (int(low[0]), int(low[1]), int(high[0]), int(high[1]))

    def ink_in_picture(self) -> np.ndarray:
        """The ink where it lies in the picture: float32 (height, width)."""
        if self.ink.shape == self.size[::-1] and np.array_equal(self.to_picture, np.eye(3)):
            return self.ink
        back = np.linalg.inv(self.to_picture)
        return _warped(self.ink, (back / back[2, 2]).reshape(-1)[:8], self.size)

    def sentences(self) -> list[str]:
        """One short sentence for each thing that was done; none for a clean picture."""
        said = []
        if self.corners is not None:
            said.append("I found a sheet of paper and cut it out.")
        if self.frame:
            said.append("I took away a printed frame.")
        if self.lines:
            n = len(self.lines)
            said.append(f"I took away {n} printed line{'s' if n > 1 else ''}.")
        if self.shadow:
            said.append("I evened out a shadow.")
        return said


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


def apply(matrix: np.ndarray, points: np.ndarray | list[Point]) -> np.ndarray:
    """Points (n, 2) taken through a homography (3, 3)."""
    there = np.column_stack([np.asarray(points, float), np.ones(len(points))]) @ matrix.T
    return there[:, :2] / there[:, 2:]


def _warped(grey: np.ndarray, coefficients: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    picture = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    return np.asarray(
        picture.transform(size, Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BILINEAR)
    )


def read(grey: np.ndarray, levels: int = LEVELS) -> Reading | None:
    """Find the sheet on a photo and the ink on it, dark on light or light on dark.

    Args:
        grey: brightness, float32 (height, width) in 0..1.
        levels: so often a sheet may be found on a sheet.

    Returns:
        None if nothing stands off from the paper.
    """
    size = (grey.shape[1], grey.shape[0])
    plain = _on_plain_paper(grey)
    if plain is None and float(np.ptp(grey)) < 2 * MIN_CONTRAST:
        return None
    if plain is not None and (plain[1] or min(grey.shape) < TINY):
        ink, frame = without_frame(plain[0])
        return Reading(ink, size, frame=frame)
    soft = ndimage.gaussian_filter(grey, 0.7)
    for bright in (soft, 1 - soft) if levels else ():
        found = _sheet(_closing(bright, _window(bright)), bright)
        if found is not None:
            reading = _on_sheet(grey, found, levels - 1)
            if reading is not None:
                return reading
    reading = _uneven(1 - soft if is_light_on_dark(soft) else soft)
    if reading is None and plain is not None:
        reading = Reading(plain[0], size)
    return reading


def _on_sheet(grey: np.ndarray, corners: np.ndarray, levels: int) -> Reading | None:
    """What is on a sheet, seen from above."""
    inset, (across, down) = 2.0, _lengths(corners)
    w, h = max(8, round(across)), max(8, round(down))
    square = np.array([(-inset, -inset), (w + inset, -inset), (w + inset, h + inset), (-inset, h + inset)])
    there = homography(square, corners)
    inner = read(_warped(grey, there, (w, h)), levels)
    if inner is None:
        return None
    matrix = np.append(there, 1).reshape(3, 3)
    points = lambda some: tuple((float(x), float(y)) for x, y in apply(matrix, list(some)))
    return replace(
        inner,
        size=(grey.shape[1], grey.shape[0]),
        corners=points(inner.corners if inner.corners is not None else [(0, 0), (w, 0), (w, h), (0, h)]),
        lines=tuple(points(line) for line in inner.lines),
        to_picture=matrix @ inner.to_picture,
    )


def _on_plain_paper(grey: np.ndarray) -> tuple[np.ndarray, bool] | None:
    """Ink on even paper, and whether the paper and the ink are as even as that takes; None if there is no ink.

    The paper's brightness may change slowly over the picture: a quadratic surface is fitted to it and taken away.
    """
    threshold = otsu(grey)
    edge = _border(grey)
    paper_is_light = np.mean(edge > threshold) > 0.5
    sheet = (grey > threshold) == paper_is_light
    difference = np.abs(grey - np.median(grey[sheet]))
    if float(np.std(grey[sheet])) > 0.01:
        # Twice, since the first split of an unevenly lit sheet takes its shadow for ink.
        for _ in range(2):
            signed = grey - _smooth_surface(grey, sheet)
            difference = np.clip(-signed if paper_is_light else signed, 0, None)
            sheet = difference <= otsu(difference)
    if sheet.all() or not sheet.any():
        return None
    full = float(np.percentile(difference[~sheet], 75))
    noise = 3 * float(np.std(difference[sheet]))
    if full < max(MIN_CONTRAST, noise):
        return None
    ink = np.clip(difference / full, 0, 1).astype(np.float32)
    clean = _is_clean(ink, difference / full)
    ink[ink < np.clip(noise / full, 0.05, 0.5)] = 0
    return ink, clean


def _is_clean(ink: np.ndarray, difference: np.ndarray) -> bool:
    """Whether there is nothing but even ink on even paper."""
    solid = ink > 0.5
    core = ndimage.binary_erosion(solid)
    away = ~ndimage.binary_dilation(solid, iterations=3)
    if core.sum() > 20 and float(np.std(difference[core])) > MAX_UNEVEN_INK:
        return False
    if away.any() and float(np.std(difference[away])) > MAX_UNEVEN_PAPER:
        return False
    sides = (solid[0], solid[-1], solid[:, 0], solid[:, -1])
    if max(side.mean() for side in sides) > 0.9 or (any(side.any() for side in sides) and has_lines(1 - ink)):
        return False
    # A bright sheet on a dark desk is no ink, and a line around all is a frame.
    labels, count = ndimage.label(solid)
    for i, box in enumerate(ndimage.find_objects(labels), 1):
        tall, wide = (part.stop - part.start for part in box)
        if tall * wide < 0.1 * solid.size:
            continue
        part = labels[box] == i
        whole = ndimage.binary_fill_holes(part)
        if not (whole & ~part).any():
            continue
        # Without the grain of the desk that hangs on to it.
        smooth = ndimage.binary_opening(np.pad(whole, 3), iterations=2)
        if smooth.any() and quad(smooth, 0.9) is not None:
            return False
    return True


def _border(grey: np.ndarray) -> np.ndarray:
    ring = max(1, round(0.03 * min(grey.shape)))
    inner = np.zeros(grey.shape, bool)
    inner[ring:-ring, ring:-ring] = True
    return grey[~inner]


def _smooth_surface(grey: np.ndarray, paper: np.ndarray) -> np.ndarray:
    y, x = np.linspace(-1, 1, grey.shape[0]), np.linspace(-1, 1, grey.shape[1])
    # A few thousand points fix six numbers well enough.
    points = np.flatnonzero(paper)
    points = points[:: max(1, len(points) // 4000)]
    rows, columns = np.unravel_index(points, grey.shape)
    v, u = y[rows], x[columns]
    terms = np.stack([np.ones_like(u), u, v, u * v, u * u, v * v], axis=-1)
    weights, *_ = np.linalg.lstsq(terms, grey.reshape(-1)[points], rcond=None)
    across, down = weights[0] + weights[1] * x + weights[4] * x * x, weights[2] * y + weights[5] * y * y
    return (across + down[:, None] + weights[3] * y[:, None] * x).astype(np.float32)


def is_light_on_dark(grey: np.ndarray) -> bool:
    """Whether the strokes are lighter than what they are drawn on.

    What is narrow and dark is either strokes, or the gaps between light strokes. Around strokes there is paper; the gaps touch nothing
    but strokes.
    """
    step = max(1, min(grey.shape) // 300)
    small = grey[::step, ::step]
    # Narrow windows first, for which a gap between a stroke and the edge of the sheet, or between printed lines, is no stroke.
    for share, least in ((0.025, 0.08), (0.06, 0.12), (0.12, 0.18), (WINDOW, 0.18)):
        window = _window(small, share)
        dark = _closing(small, window) - small
        light = small - (1 - _closing(1 - small, window))
        most = max(float(np.percentile(dark, 99.5)), float(np.percentile(light, 99.5)))
        neutral = (dark < 0.4 * most) & (light < 0.4 * most)
        near = ndimage.binary_dilation(neutral, iterations=2)
        weight = [float(one[(one >= 0.4 * most) & near].sum()) for one in (dark, light)]
        if most > least and max(weight) > 3 * min(weight):
            break
    # In doubt it is dark on light, as most drawings are.
    return weight[1] > 2 * weight[0]


def otsu(grey: np.ndarray) -> float:
    """Threshold that separates two brightness classes best (Otsu, 1979)."""
    counts, edges = np.histogram(grey, bins=128)
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between[:-1])
    # Between two clean classes every threshold is equally good: take the middle one.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[1 + int(best[len(best) // 2])])


def _window(grey: np.ndarray, share: float = WINDOW) -> int:
    # Odd, so that a closing moves nothing.
    return 2 * max(1, round(share * min(grey.shape) / 2)) + 1


def _closing(grey: np.ndarray, size: int) -> np.ndarray:
    """Grey closing by a square. Beyond the border the picture goes on as it ends, so that a desk there stays wide."""
    padded = np.pad(grey, size, mode="edge")
    closed = ndimage.minimum_filter(ndimage.maximum_filter(padded, size), size)
    return closed[size:-size, size:-size]


def _uneven(soft: np.ndarray) -> Reading | None:
    """Dark ink on paper that is darker in some places than in others, or has something dark beside it."""
    height, width = soft.shape
    bright = _closing(soft, _window(soft))
    dark = np.clip(1 - soft / np.maximum(bright, 0.02), 0, 1)
    paper = float(np.percentile(bright, 90))
    on_paper = bright > DARK * paper
    dark[~on_paper] = 0
    lines, dark = _without_lines(dark, soft)
    ink = _ink(dark, on_paper)
    if ink is None:
        return None
    ink, frame = without_frame(ink)
    ink = _without_border(ink)
    shadow = float(np.percentile(bright[on_paper], 5)) < 0.85 * paper
    return Reading(ink, (width, height), None, lines, frame, shadow)


def _ink(dark: np.ndarray, on_paper: np.ndarray) -> np.ndarray | None:
    """Ink from 0 to 1; None if there is none."""
    values = dark[on_paper]
    noise = 1.4826 * float(np.median(np.abs(values - np.median(values)))) + float(np.median(values))
    some = values[values > max(0.5 * MIN_CONTRAST, 3 * noise)]
    if len(some) < 4:
        return None
    threshold = max(otsu(some) if np.ptp(some) > 0.2 else 0.0, 0.5 * float(np.percentile(some, 90)))
    strong = some[some > threshold]
    if len(strong) < 4:
        return None
    full = float(np.percentile(strong, 60))
    if full < max(MIN_CONTRAST, 4 * noise):
        return None
    ink = np.clip(dark / full, 0, 1).astype(np.float32)
    # The soft edge of a stroke is ink; what is as faint elsewhere is paper.
    reach = max(2, round(0.01 * min(dark.shape)))
    near = ndimage.maximum_filter(ink > 0.5, 2 * reach + 1)
    floor = float(np.clip(3 * noise / full, 0.08, 0.4))
    ink[~near | (ink < floor)] = 0
    return ink


def _without_border(ink: np.ndarray) -> np.ndarray:
    """Drop what touches the picture's border if there is enough elsewhere."""
    labels, count = ndimage.label(ink > 0, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    mass = ndimage.sum_labels(ink, labels, np.arange(1, count + 1))
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    touches = np.isin(np.arange(1, count + 1), edge)
    rest = mass[~touches].sum()
    if not touches.any() or rest < 0.15 * mass.sum():
        return ink
    keep = np.concatenate([[False], ~touches])
    return np.where(keep[labels], ink, 0).astype(np.float32)


# --- the sheet ---


def _lengths(corners: np.ndarray) -> tuple[float, float]:
    """Width and height of a sheet seen from above, from its corners clockwise."""
    sides = np.linalg.norm(np.roll(corners, -1, 0) - corners, axis=1)
    return float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))


def _sheet(bright: np.ndarray, soft: np.ndarray) -> np.ndarray | None:
    """Corners of the sheet, float (4, 2), clockwise from the upper left; None if it fills the picture or is not to be seen."""
    step = max(1, round(max(bright.shape) / 200))
    small = bright[::step, ::step]
    low, high = np.percentile(small, [2, 98])
    if high - low < 0.1:
        return None
    best, area = None, 0.12 * small.size
    for threshold in low + (high - low) * np.linspace(0.1, 0.9, 9):
        labels, count = ndimage.label(small > threshold)
        if not count:
            continue
        sizes = np.bincount(labels.reshape(-1))[1:]
        mask = labels == 1 + int(sizes.argmax())
        if sizes.max() < 0.12 * small.size or sizes.max() > 0.97 * small.size:
            continue
        mask = ndimage.binary_fill_holes(mask)
        four = quad(mask)
        if four is None or mask.sum() <= area or not _stands_out(four, small):
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
    inside = _inside(result, mask.shape)
    both = float((mask & inside).sum())
    if both < least * inside.sum() or both < 0.97 * mask.sum():
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


def _inside(quad: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
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


def _stands_out(quad: np.ndarray, small: np.ndarray) -> bool:
    """Whether a sheet is brighter than what is around it, and not only the part of a sheet that no shadow covers."""
    height, width = small.shape
    inner = float(np.median(small[_inside(quad, small.shape)]))
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
            outside, inside = np.array(pairs).T
            seen.append(float(np.median(outside / np.maximum(inside, 0.02))))
    if not seen or max(seen) > 0.88 or inner < 0.1:
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
        inside = (where >= 0).all(2) & (where[..., 0] < width) & (where[..., 1] < height)
        values = ndimage.map_coordinates(soft, where[..., ::-1].reshape(-1, 2).T, order=1, mode="nearest")
        slope = np.abs(np.gradient(values.reshape(where.shape[:2]), axis=1)) * inside
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


# --- printed lines ---


def _without_lines(dark: np.ndarray, soft: np.ndarray) -> tuple[tuple[tuple[Point, Point], ...], np.ndarray]:
    """Take away printed lines: where they were, and `dark` without them."""
    level, gone = dark, []
    families = []
    for turn in (False, True):
        families.append(_find_lines(soft.T if turn else soft))
    strong = _strength(dark)
    for turn, lines in zip((False, True), families, strict=True):
        if not lines:
            continue
        view = level.T if turn else level
        view = _erased(view, lines, strong)
        level = view.T if turn else view
        last = view.shape[1] - 1
        for start, slope in lines:
            ends = ((0.0, start), (float(last), start + slope * last))
            gone.append(tuple((y, x) if turn else (x, y) for x, y in ends))
    return tuple(gone), level


def _strength(dark: np.ndarray) -> float:
    """How dark ink is."""
    some = dark[dark > MIN_CONTRAST]
    return float(np.percentile(some, 95)) if len(some) else 1.0


def has_lines(grey: np.ndarray) -> bool:
    """Whether there are printed lines on a sheet."""
    return any(_find_lines(view) for view in (grey, grey.T))


def _find_lines(soft: np.ndarray) -> list[tuple[float, float]]:
    """Thin straight lines from the left to the right edge: where each begins, and its slope (pixels down per pixel across)."""
    height, width = soft.shape
    if min(height, width) < 60:
        return []
    thick = max(3, round(0.016 * min(height, width)))
    size = 2 * thick + 1
    padded = np.pad(soft, ((size, size), (0, 0)), mode="edge")
    closed = ndimage.minimum_filter1d(ndimage.maximum_filter1d(padded, size, axis=0), size, axis=0)[size:-size]
    dark = np.clip(1 - soft / np.maximum(closed, 0.02), 0, 1)
    # Along a line, noise averages out and the line does not.
    dark = ndimage.uniform_filter1d(dark, 5, axis=1)
    least = max(0.04, 2.5 * float(np.median(dark)))
    ridge = (dark > least) & (dark >= ndimage.maximum_filter1d(dark, 5, axis=0))
    y, x = np.nonzero(ridge)
    if len(x) < 0.5 * width:
        return []
    slopes = np.tan(np.radians(np.arange(-MAX_TURN, MAX_TURN + 0.1, 0.4)))
    middle, wide = (width - 1) / 2, 3.0
    reach = int(np.ceil(np.abs(slopes).max() * middle)) + 2
    bins = int((height + 2 * reach) / wide) + 2
    # Half of the columns are enough to find them.
    some = x % 2 == 0
    v, u = ((y[some] + reach) / wide).astype(np.float32), ((x[some] - middle) / wide).astype(np.float32)
    votes = 2 * np.stack([np.bincount((v - np.float32(slope) * u).astype(np.int32), minlength=bins) for slope in slopes])
    # Two neighbouring bins, for lines between them.
    votes = votes[:, :-1] + votes[:, 1:]
    family = int((votes.astype(float) ** 3).sum(1).argmax())
    near = slice(max(0, family - 8), family + 9)
    lines: list[tuple[float, float]] = []
    left = np.ones(len(x), bool)
    candidates = np.argwhere(votes[near] > 0.45 * width)
    strength = votes[near][tuple(candidates.T)]
    for a, at in candidates[np.argsort(-strength, kind="stable")][:600]:
        slope = slopes[near][a]
        centre = (at + 1) * wide - reach
        close = left & (np.abs(y - slope * (x - middle) - centre) <= wide)
        if np.count_nonzero(close) < 0.35 * width:
            continue
        start = centre - slope * middle
        first, last = _span(start, slope, width, height)
        columns = np.flatnonzero(np.bincount(x[close], minlength=width))
        if last - first < 0.6 * width or len(columns) < 0.6 * (last - first):
            continue
        # It reaches both edges.
        tenth = 0.12 * (last - first)
        if (columns < first + tenth).sum() < 0.4 * tenth or (columns > last - tenth).sum() < 0.4 * tenth:
            continue
        fit = np.polyfit(x[close], y[close], 1)
        left &= np.abs(y - np.polyval(fit, x)) > wide + 1
        lines.append((float(fit[1]), float(fit[0])))
    return lines if len(lines) >= 3 else []


def _span(start: float, slope: float, width: int, height: int) -> tuple[float, float]:
    """Between which columns a line lies inside the picture."""
    if abs(slope) < 1e-9:
        return (0.0, float(width)) if 0 <= start < height else (0.0, 0.0)
    a, b = sorted((-start / slope, (height - 1 - start) / slope))
    return max(0.0, a), max(0.0, a, min(float(width), b))


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel, how many pixels of the mask follow upwards and downwards, itself included."""
    up, down = np.zeros(mask.shape, np.int32), np.zeros(mask.shape, np.int32)
    above = np.zeros(mask.shape[1], np.int32)
    for i in range(len(mask)):
        above = np.where(mask[i], above + 1, 0)
        up[i] = above
    below = np.zeros(mask.shape[1], np.int32)
    for i in range(len(mask) - 1, -1, -1):
        below = np.where(mask[i], below + 1, 0)
        down[i] = below
    return up, down


def _erased(dark: np.ndarray, lines: list[tuple[float, float]], strong: float) -> np.ndarray:
    """Lines taken away, strokes that cross them left alone."""
    height, width = dark.shape
    x = np.arange(width)
    tracks = []
    for start, slope in lines:
        y = np.round(start + slope * x).astype(int)
        around = np.clip(y + np.arange(-3, 4)[:, None], 0, height - 1)
        values = dark[around, x]
        tracks.append((np.where((y >= 0) & (y < height), around[values.argmax(0), x], -1), values.max(0)))
    level = float(np.median(np.concatenate([values[track >= 0] for track, values in tracks])))
    mask = dark > max(0.03, 0.4 * level)
    up, down = _runs(mask)
    lengths = [(up + down - 1)[track[track >= 0], x[track >= 0]] for track, _ in tracks]
    thick = float(np.percentile(np.concatenate(lengths), 40))
    result = dark.copy()
    # Ink that is much darker than the lines stays, wherever it is.
    much = (level + strong) / 2 if strong > 1.6 * level else np.inf
    for track, _ in tracks:
        good = np.flatnonzero(track >= 0)
        rows = track[good]
        tall = (up + down - 1)[rows, good] if len(good) else rows
        thin = mask[rows, good] & (tall <= thick + 2)
        good, rows = good[thin], rows[thin]
        for offset in range(-int(thick) - 3, int(thick) + 4):
            # The line itself and its soft edges.
            reach = (offset >= -up[rows, good]) & (offset <= down[rows, good])
            at = np.clip(rows + offset, 0, height - 1)[reach], good[reach]
            result[at] = np.where(dark[at] < much, 0, result[at])
    if np.isfinite(much):
        # Where lines cross strokes, what is as faint as a line is one.
        band = np.zeros(dark.shape, bool)
        for track, _ in tracks:
            for offset in range(-int(thick / 2 + 2), int(thick / 2 + 3)):
                rows = track + offset
                good = (track >= 0) & (rows >= 0) & (rows < height)
                band[rows[good], x[good]] = True
        faint = band & (dark < min(1.5 * level, much))
        near = ndimage.binary_dilation(dark >= much, iterations=2)
        result[faint & ~near] = 0
    return result


# --- a frame ---


def without_frame(ink: np.ndarray) -> tuple[np.ndarray, bool]:
    """Take away a closed line with four straight sides around all else."""
    labels, count = ndimage.label(ink > 0.3, structure=np.ones((3, 3)))
    if not count:
        return ink, False
    height, width = ink.shape
    for i, box in enumerate(ndimage.find_objects(labels), 1):
        tall, wide = (part.stop - part.start for part in box)
        if tall < 0.55 * height or wide < 0.55 * width:
            continue
        mask = labels == i
        if mask.sum() > 0.5 * tall * wide:
            continue
        whole = ndimage.binary_fill_holes(mask)
        four = quad(whole, 0.96)
        if four is None or whole.sum() < 0.8 * tall * wide * 0.8:
            continue
        middle = four.mean(0)
        scale = np.linalg.norm(four - middle, axis=1).mean()
        # From outside in, until the line is over.
        thick = 0
        for inset in range(1, round(0.08 * scale)):
            ring = _inside(middle + (four - middle) * (1 - inset / scale), mask.shape)
            ring &= ~_inside(middle + (four - middle) * (1 - (inset + 1) / scale), mask.shape)
            if ring.any() and mask[ring].mean() > 0.35:
                thick = inset
        inner = _inside(middle + (four - middle) * (1 - (thick + 4) / scale), mask.shape)
        rest = np.where(inner, ink, 0).astype(np.float32)
        rows, columns = np.nonzero(rest > 0.5)
        if len(rows) and max(np.ptp(rows) / tall, np.ptp(columns) / wide) > 0.12:
            return rest, True
    return _without_frame_parts(ink)


def _without_frame_parts(ink: np.ndarray) -> tuple[np.ndarray, bool]:
    """Take away sides of a frame of which the picture does not show the whole."""
    labels, count = ndimage.label(ink > 0.2, structure=np.ones((3, 3)))
    if count < 2:
        return ink, False
    height, width = ink.shape
    boxes = ndimage.find_objects(labels)
    extents = [(box[0].stop - box[0].start, box[1].stop - box[1].start) for box in boxes]
    sides = [
        i
        for i, ((tall, wide), box) in enumerate(zip(extents, boxes, strict=True), 1)
        if (tall > 0.5 * height or wide > 0.5 * width) and _is_straight(labels[box] == i, 0.035 * min(height, width))
    ]
    rest = np.isin(labels, sides, invert=True) & (ink > 0.5)
    rows, columns = np.nonzero(rest)
    if not sides or not len(rows):
        return ink, False
    tall, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    if max(tall / height, wide / width) < 0.12:
        return ink, False
    gone = np.zeros(ink.shape, bool)
    for i in sides:
        box = boxes[i - 1]
        # All else is on one side of it, and shorter.
        long = (extents[i - 1][0] > 1.15 * tall) if extents[i - 1][0] > 0.5 * height else (extents[i - 1][1] > 1.15 * wide)
        if long and _apart(labels[box] == i, box, rows, columns):
            gone |= labels == i
    if not gone.any():
        return ink, False
    return np.where(ndimage.binary_dilation(gone, iterations=2), 0, ink).astype(np.float32), True


def _is_straight(mask: np.ndarray, thick: float) -> bool:
    """Whether a blot consists of at most four long thin straight lines, upright or lying."""
    left, total = mask.copy(), int(mask.sum())
    for _ in range(4):
        rows, columns = np.nonzero(left)
        if len(rows) < 0.1 * total:
            return True
        best = None
        for lying in (True, False):
            x, y = (columns, rows) if lying else (rows, columns)
            for slope in np.tan(np.radians(np.arange(-MAX_TURN, MAX_TURN + 0.1, 1.0))):
                offset = y - slope * x
                low = offset.min()
                counts = np.bincount(((offset - low) / (thick / 2)).astype(int))
                both = counts + np.append(counts[1:], 0)
                at = int(both.argmax())
                if best is None or both[at] > best[0]:
                    best = (both[at], lying, slope, low + (at + 1) * thick / 2)
        _, lying, slope, centre = best
        x, y = (columns, rows) if lying else (rows, columns)
        on = np.abs(y - slope * x - centre) <= 0.75 * thick
        if np.ptp(x[on]) < 3 * thick or on.sum() > 1.1 * thick * np.ptp(x[on]):
            return False
        left[rows[on], columns[on]] = False
    return int(left.sum()) < 0.1 * total


def _apart(mask: np.ndarray, box: tuple[slice, ...], rows: np.ndarray, columns: np.ndarray) -> bool:
    """Whether nearly all other ink lies within the hull of a blot's corner, or on one side of its line."""
    tall, wide = mask.shape
    y, x = np.nonzero(mask)
    y, x = y + box[0].start, x + box[1].start
    if min(tall, wide) > 0.3 * max(tall, wide):
        # Several sides of a frame: all else lies inside their box.
        inside = (rows >= y.min()) & (rows <= y.max()) & (columns >= x.min()) & (columns <= x.max())
        return float(inside.mean()) > 0.95
    along, across, other, beside = (x, y, columns, rows) if wide >= tall else (y, x, rows, columns)
    slope, start = np.polyfit(along, across, 1)
    share = float((beside > start + slope * other).mean())
    return share < 0.03 or share > 0.97
