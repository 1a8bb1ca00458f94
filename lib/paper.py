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

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import ndimage

from lib.printed import Line, Point, has_lines, without_frame, without_lines
from lib.sheets import DARK, apply, corners_of_sheet, homography, lengths, quad, warped

WINDOW = 0.22
"""Strokes are narrower than this share of the picture's shorter side; shadows and desks are wider."""
MIN_CONTRAST = 0.12
"""Ink and paper must differ by this share of the paper's brightness."""
TINY = 60
"""A picture with a side shorter than this shows nothing but a drawing."""
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
        levels: float32 of the shape of `ink`, how dark each place is, the darkest ink being about 1; None if it is as `ink`.
        corners: of the sheet in the picture, clockwise from the upper left; None if it fills the picture.
        lines: printed lines that were taken away, each from a point to a point of the picture.
        frame: whether a printed frame was taken away.
        shadow: whether the paper is much darker in some places than in others.
        to_picture: 3 x 3, from the pixels of `ink` to those of the picture (homogeneous coordinates).
    """

    ink: np.ndarray
    size: tuple[int, int]
    levels: np.ndarray | None = None
    corners: tuple[Point, ...] | None = None
    lines: tuple[Line, ...] = ()
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
        return warped(self.ink, (back / back[2, 2]).reshape(-1)[:8], self.size)

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
    tiny = min(grey.shape) < TINY
    if plain is not None and (tiny or (plain[1] and not _is_like_a_sheet(plain[0]))):
        return _clean(plain, size)
    soft = ndimage.gaussian_filter(grey, 0.7)
    # A sheet is large: a reduced picture shows it as well, in a fraction of the time.
    step = max(1, round(max(soft.shape) / 200))
    # The other way round it is a dark screen, which a shadow at the border is not.
    for bright, sides in ((soft, 1), (1 - soft, 3)) if levels else ():
        small = bright[::step, ::step]
        # A printed line at the border is no desk: it goes first, with the border as a mirror.
        thin = _window(small, 0.03)
        unlined = ndimage.minimum_filter(ndimage.maximum_filter(small, thin), thin)
        found = corners_of_sheet(_closing(unlined, _window(small)), bright, step, sides)
        if found is not None:
            reading = _on_sheet(grey, found, levels - 1)
            if reading is not None:
                return reading
    if plain is not None and plain[1] and (plain[0] > 0.5).mean() < 0.5:
        return _clean(plain, size)
    reading = _uneven(1 - soft if is_light_on_dark(soft) else soft)
    if reading is None and plain is not None:
        reading = Reading(plain[0], size, levels_of(plain[2], plain[0]))
    return reading


def _clean(plain: tuple[np.ndarray, bool, np.ndarray], size: tuple[int, int]) -> Reading:
    ink, frame = without_frame(plain[0])
    return Reading(ink, size, levels_of(plain[2], ink), frame=frame)


def _on_sheet(grey: np.ndarray, corners: np.ndarray, levels: int) -> Reading | None:
    """What is on a sheet, seen from above."""
    across, down = lengths(corners)
    # Without the soft edge of the sheet, or of a frame around it.
    inset = max(2.0, 0.008 * min(across, down))
    w, h = max(8, round(across)), max(8, round(down))
    square = np.array([(-inset, -inset), (w + inset, -inset), (w + inset, h + inset), (-inset, h + inset)])
    there = homography(square, corners)
    inner = read(warped(grey, there, (w, h)), levels)
    if inner is None:
        return None
    matrix = np.append(there, 1).reshape(3, 3)

    def points(some: Iterable[Point]) -> tuple[Point, ...]:
        return tuple((float(x), float(y)) for x, y in apply(matrix, list(some)))

    return replace(
        inner,
        size=(grey.shape[1], grey.shape[0]),
        corners=points(inner.corners if inner.corners is not None else [(0, 0), (w, 0), (w, h), (0, h)]),
        lines=tuple((a, b) for a, b in map(points, inner.lines)),
        to_picture=matrix @ inner.to_picture,
    )


def _on_plain_paper(grey: np.ndarray) -> tuple[np.ndarray, bool, np.ndarray] | None:
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
    return ink, clean, difference


def levels_of(dark: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """How dark each place is, as a share of the darkest ink."""
    some = dark[ink > 0.5]
    return np.clip(dark / max(1e-6, float(np.percentile(some, 99)) if len(some) else 1.0), 0, 1).astype(np.float32)


def _is_clean(ink: np.ndarray, difference: np.ndarray) -> bool:
    """Whether there is nothing but even ink on even paper."""
    solid = ink > 0.5
    core = ndimage.binary_erosion(solid)
    # Far from the soft edges of an enlarged picture.
    away = ~ndimage.maximum_filter(solid, 2 * max(3, round(0.02 * min(ink.shape))) + 1)
    sides = (solid[0], solid[-1], solid[:, 0], solid[:, -1])
    at_border = any(side.any() for side in sides)
    # A shadow reaches the border; what does not may be a drawing in two colours.
    if at_border and core.sum() > 20 and float(np.std(difference[core])) > MAX_UNEVEN_INK:
        return False
    if away.any() and float(np.std(difference[away])) > MAX_UNEVEN_PAPER:
        return False
    return max(side.mean() for side in sides) <= 0.9 and not (at_border and has_lines(1 - ink))


def _is_like_a_sheet(ink: np.ndarray) -> bool:
    """Whether what was taken for ink may be a bright sheet on a dark desk, with dark ink on it."""
    solid = ink > 0.5
    # A sheet may be cut into pieces by its printed lines.
    labels, _ = ndimage.label(ndimage.binary_closing(np.pad(solid, 3), np.ones((3, 3)), iterations=2)[3:-3, 3:-3])
    for i, box in enumerate(ndimage.find_objects(labels), 1):
        tall, wide = (part.stop - part.start for part in box)
        if tall * wide < 0.1 * solid.size:
            continue
        part = labels[box] == i
        whole = ndimage.binary_fill_holes(part)
        # What is written on a sheet does not lie at its very edge.
        if (ndimage.binary_erosion(whole, iterations=5) & ~solid[box]).sum() < 0.002 * whole.sum():
            continue
        # Without the grain of the desk that hangs on to it.
        smooth = ndimage.binary_opening(np.pad(whole, 3), iterations=2)
        if smooth.any() and quad(smooth, 0.9) is not None:
            return True
    return False


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
    # Narrow windows first, for which a gap between a stroke and the edge of the sheet, or between printed lines, is no stroke.
    for share, least in ((0.025, 0.08), (0.06, 0.12), (0.12, 0.18), (WINDOW, 0.18)):
        # Only thin lines need every pixel.
        small = grey[::step, ::step] if share < 0.05 else grey[:: 2 * step, :: 2 * step]
        window = _window(small, share)
        dark = _closing(small, window) - small
        light = small - (1 - _closing(1 - small, window))
        most = max(float(np.percentile(one.reshape(-1)[::3], 99.5)) for one in (dark, light))
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
    lines, dark = without_lines(dark, soft)
    ink = _ink(dark, on_paper)
    if ink is None:
        return None
    ink, frame = without_frame(ink)
    ink = _without_border(ink)
    shadow = float(np.percentile(bright[on_paper], 5)) < 0.85 * paper
    return Reading(ink, (width, height), levels_of(dark, ink), None, lines, frame, shadow)


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
