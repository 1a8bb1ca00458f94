"""What is printed on paper: lines from edge to edge, which a Hough transform finds, and frames around all else."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from lib.sheets import inside, quad

MAX_TURN = 17.0
"""Printed lines are turned by at most so many degrees."""
FAINTEST = 0.12
"""Ink is darker than paper by at least this share of the paper's brightness."""
Point = tuple[float, float]
"""x to the right and y downwards, in pixels."""
Line = tuple[Point, Point]


def without_lines(dark: np.ndarray, soft: np.ndarray) -> tuple[tuple[Line, ...], np.ndarray]:
    """Take away printed lines: where they were, and `dark` without them."""
    level = dark
    gone: list[Line] = []
    families = [_find_lines(soft), _find_lines(soft.T)]
    strong = _strength(dark)
    for turn, lines in zip((False, True), families, strict=True):
        if not lines:
            continue
        view = level.T if turn else level
        view = _erased(view, lines, strong)
        level = view.T if turn else view
        last = view.shape[1] - 1
        for start, slope in lines:
            end = start + slope * last
            gone.append(((start, 0.0), (end, float(last))) if turn else ((0.0, start), (float(last), end)))
    return tuple(gone), level


def _strength(dark: np.ndarray) -> float:
    """How dark ink is."""
    some = dark[dark > FAINTEST]
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
    votes = 2 * np.stack(
        [np.bincount((v - np.float32(slope) * u).astype(np.int32), minlength=bins) for slope in slopes]
    )
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
            ring = inside(middle + (four - middle) * (1 - inset / scale), mask.shape)
            ring &= ~inside(middle + (four - middle) * (1 - (inset + 1) / scale), mask.shape)
            if ring.any() and mask[ring].mean() > 0.35:
                thick = inset
        inner = inside(middle + (four - middle) * (1 - (thick + 4) / scale), mask.shape)
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
        long = (
            (extents[i - 1][0] > 1.15 * tall) if extents[i - 1][0] > 0.5 * height else (extents[i - 1][1] > 1.15 * wide)
        )
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
        best = (0, True, 0.0, 0.0)
        for lying in (True, False):
            x, y = (columns, rows) if lying else (rows, columns)
            for slope in np.tan(np.radians(np.arange(-MAX_TURN, MAX_TURN + 0.1, 1.0))):
                offset = y - slope * x
                low = offset.min()
                counts = np.bincount(((offset - low) / (thick / 2)).astype(int))
                both = counts + np.append(counts[1:], 0)
                at = int(both.argmax())
                if both[at] > best[0]:
                    best = (int(both[at]), lying, float(slope), low + (at + 1) * thick / 2)
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
        within = (rows >= y.min()) & (rows <= y.max()) & (columns >= x.min()) & (columns <= x.max())
        return float(within.mean()) > 0.95
    along, across, other, beside = (x, y, columns, rows) if wide >= tall else (y, x, rows, columns)
    slope, start = np.polyfit(along, across, 1)
    share = float((beside > start + slope * other).mean())
    return share < 0.03 or share > 0.97
