"""Finds things in photos: boxes with names, by a network that looks everywhere at once. No TensorFlow, no Streamlit.

The network is a single-shot detector (Liu et al., 2016, "SSD: Single shot multibox detector") on MobileNetV2 (Sandler et
al., 2018, which calls this form SSDLite). It has 1,917 fixed boxes, the *anchors*, and says for each of them how probably it
holds a thing of each class and how it would have to be moved and stretched to fit. Most of them speak of the same few
things: non-maximum suppression keeps the best of those that overlap.

What takes time, the network itself, is `Detector.raw`. All else is cheap and can be done again with other settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image

from lib import litert
from lib.bundles import Bundle

INPUT_SIDE = 300
"""Side of the square that the network takes, in pixels: photos are squeezed into it."""
THREADS = 2
THRESHOLD = 0.4
"""Score that a box must have to be shown, unless one chooses another."""
OVERLAP = 0.6
"""Boxes of one class that overlap by more (intersection over union) are taken for the same thing; what the network's makers chose."""
MOST_BOXES = 100
"""Boxes that are kept at most, as in COCO's rules."""

GRIDS = (19, 10, 5, 3, 2, 1)
"""Cells along each side of the six grids on which the anchors stand."""
SMALLEST, LARGEST = 0.2, 0.95
"""Size of the anchors on the first and on the last grid, as a share of the picture."""
RATIOS = (1.0, 2.0, 1 / 2, 3.0, 1 / 3)
"""Width over height of the anchors of a cell."""


@dataclass(frozen=True)
class Detection:
    """A thing that was found.

    Attributes:
        label: its class.
        score: how sure the network is, 0 to 1.
        box: left, top, right and bottom, in pixels of the upright picture.
        index: of the class.
        anchor: that it came from.
    """

    label: str
    score: float
    box: tuple[float, float, float, float]
    index: int
    anchor: int


@dataclass(frozen=True)
class Raw:
    """All that the network says about a picture.

    Attributes:
        scores: float32 (1917, classes), 0 to 1; each class by itself, so that they do not add up to 1.
        boxes: float32 (1917, 4), left, top, right and bottom as shares of width and height; may stick out a little.
        size: width and height of the picture, in pixels.
    """

    scores: np.ndarray
    boxes: np.ndarray
    size: tuple[int, int]

    def resized(self, size: tuple[int, int]) -> Raw:
        """The same for the picture at another size."""
        return Raw(self.scores, self.boxes, size)


@dataclass(frozen=True)
class Candidates:
    """Boxes above a threshold, the surest first, before and after non-maximum suppression.

    Attributes:
        anchors: int (n), which anchor each comes from.
        classes: int (n).
        scores: float32 (n).
        boxes: float32 (n, 4), in shares as in `Raw`.
        suppressed_by: int (n), which of these boxes was taken for the same thing and is surer; -1 for those that are kept.
    """

    anchors: np.ndarray
    classes: np.ndarray
    scores: np.ndarray
    boxes: np.ndarray
    suppressed_by: np.ndarray

    @property
    def kept(self) -> np.ndarray:
        """Indices of those that remain, the surest first."""
        return np.flatnonzero(self.suppressed_by < 0)

    def __len__(self) -> int:
        return len(self.scores)


class Detector:
    """The detector of a bundle.

    Safe to share between threads.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle, variant: str = "good") -> None:
        self.facts = bundle.variant(variant)
        self.classes = bundle.classes
        self._model = litert.Model(bundle, f"{variant}.tflite", "detect", THREADS)

    def raw(self, image: Image.Image | np.ndarray) -> Raw:
        """Run the network on a picture of any size: RGB, or uint8 (height, width, 3)."""
        if isinstance(image, np.ndarray):
            image = Image.fromarray(image)
        outputs = self._model.run(to_input(image)[None])
        return Raw(outputs["scores"][0], outputs["boxes"][0], image.size)

    def detect(self, image: Image.Image | np.ndarray, threshold: float = THRESHOLD) -> list[Detection]:
        """What is in a picture, the surest first; see `raw` and `detections`."""
        return self.detections(self.raw(image), threshold)

    def detections(
        self,
        raw: Raw,
        threshold: float = THRESHOLD,
        overlap: float = OVERLAP,
        classes: Sequence[str] | None = None,
        most: int = MOST_BOXES,
    ) -> list[Detection]:
        """What remains of the network's boxes, the surest first, without running it again.

        Args:
            raw: of a picture.
            threshold: scores below it do not count.
            overlap: see `suppress`.
            classes: names of those that count; None for all.
            most: boxes at most.
        """
        wanted = None if classes is None else [self.classes.index(name) for name in classes]
        found = candidates(raw, threshold, overlap, wanted)
        kept = found.kept[:most]
        width, height = raw.size
        boxes = np.clip(found.boxes[kept], 0, 1) * [width, height, width, height]
        return [
            Detection(
                self.classes[index],
                float(score),
                (float(left), float(top), float(right), float(bottom)),
                int(index),
                int(anchor),
            )
            for index, score, (left, top, right, bottom), anchor in zip(
                found.classes[kept], found.scores[kept], boxes, found.anchors[kept], strict=True
            )
        ]


def to_input(image: Image.Image) -> np.ndarray:
    """Squeeze a picture into the square that the network takes; float32 (300, 300, 3), 0 to 255.

    As TensorFlow's older ``resize_bilinear`` does it, with which the network learnt: between the four nearest pixels and
    without averaging, the corner of the square on the corner of the picture.
    """
    across, down = image.width / INPUT_SIDE, image.height / INPUT_SIDE
    # Pillow takes coordinates of a pixel's middle, half a pixel off.
    places = (across, 0, 0.5 - across / 2, 0, down, 0.5 - down / 2)
    square = image.convert("RGB").transform(
        (INPUT_SIDE, INPUT_SIDE), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR
    )
    return np.asarray(square, np.float32)


def candidates(
    raw: Raw, threshold: float, overlap: float = OVERLAP, classes: Sequence[int] | None = None
) -> Candidates:
    """Boxes above a threshold, and which of them non-maximum suppression keeps.

    Args:
        raw: of a picture.
        threshold: scores below it do not count.
        overlap: see `suppress`.
        classes: indices of those that count; None for all.
    """
    scores = raw.scores
    if classes is not None:
        scores = np.zeros_like(raw.scores)
        scores[:, list(classes)] = raw.scores[:, list(classes)]
    anchors, found = np.nonzero(scores >= max(threshold, 1e-6))
    order = np.argsort(-scores[anchors, found], kind="stable")
    anchors, found = anchors[order], found[order]
    boxes = raw.boxes[anchors]
    return Candidates(anchors, found, scores[anchors, found], boxes, suppress(boxes, found, overlap))


def suppress(boxes: np.ndarray, classes: np.ndarray, overlap: float = OVERLAP) -> np.ndarray:
    """Non-maximum suppression: of boxes of one class that overlap, keep the surest.

    TensorFlow, OpenCV and torchvision have functions for it, none of which the dashboard brings along, and none says
    which box another one gave way to.

    Args:
        boxes: float (n, 4), left, top, right and bottom, the surest first.
        classes: int (n); boxes of different classes do not disturb each other.
        overlap: intersection over union above which two boxes are taken for the same thing.

    Returns:
        int (n): index of the box that each gave way to, -1 for those that remain.
    """
    by = np.full(len(boxes), -1)
    for one in np.unique(classes):
        left = np.flatnonzero(classes == one)
        while len(left):
            best, rest = left[0], left[1:]
            same = intersection_over_union(boxes[best], boxes[rest]) > overlap
            by[rest[same]] = best
            left = rest[~same]
    return by


def intersection_over_union(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Area that boxes share over the area that they cover together: 0 when apart, 1 when the same.

    Args:
        box: float (..., 4), left, top, right and bottom.
        others: float (..., 4); the two are broadcast against each other.
    """
    box, others = np.asarray(box, np.float64), np.asarray(others, np.float64)
    least = np.maximum(box[..., :2], others[..., :2])
    most = np.minimum(box[..., 2:], others[..., 2:])
    shared = np.prod(np.clip(most - least, 0, None), axis=-1)
    together = area(box) + area(others) - shared
    return np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)


def area(boxes: np.ndarray) -> np.ndarray:
    """Areas of boxes (..., 4), left, top, right and bottom; 0 where they are turned inside out."""
    return np.prod(np.clip(boxes[..., 2:] - boxes[..., :2], 0, None), axis=-1)


def anchors() -> np.ndarray:
    """The boxes that the network starts from, grid by grid, row by row, cell by cell.

    As in Liu et al. (2016), section 2.2: the sizes grow evenly from grid to grid, each cell has several shapes, and one more
    square of a size between this grid's and the next one's; the first grid has only three, as in the configuration of
    TensorFlow's object detection API that the network was trained with.

    Returns:
        float32 (1917, 4), left, top, right and bottom as shares of width and height.
    """
    sizes = [*np.linspace(SMALLEST, LARGEST, len(GRIDS)), 1.0]
    parts = []
    for grid, (cells, (size, following)) in enumerate(zip(GRIDS, pairwise(sizes), strict=True)):
        if grid == 0:
            shapes = [(size / 2, 1.0), (size, 2.0), (size, 1 / 2)]
        else:
            shapes = [*((size, ratio) for ratio in RATIOS), (np.sqrt(size * following), 1.0)]
        half = np.array([(scale * np.sqrt(ratio) / 2, scale / np.sqrt(ratio) / 2) for scale, ratio in shapes])
        middles = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(middles, middles, indexing="ij")
        centre = np.stack([x, y], axis=-1)[:, :, None]
        parts.append(np.concatenate([centre - half, centre + half], axis=-1).reshape(-1, 4))
    return np.concatenate(parts).astype(np.float32)


@dataclass(frozen=True)
class Place:
    """Where an anchor stands: its grid, of so many cells along a side, the row and column of its cell, and which of the cell's
    shapes it is, all from 0."""

    grid: int
    cells: int
    row: int
    column: int
    shape: int


def place_of(anchor: int) -> Place:
    """Where the anchor of that index stands.

    Raises:
        IndexError: there is no such anchor.
    """
    start = 0
    for grid, cells in enumerate(GRIDS):
        shapes = shapes_of(grid)
        if start <= anchor < start + cells * cells * shapes:
            cell, shape = divmod(anchor - start, shapes)
            return Place(grid, cells, *divmod(cell, cells), shape)
        start += cells * cells * shapes
    raise IndexError(f"There is no anchor {anchor}.")


def shapes_of(grid: int) -> int:
    """How many anchors each cell of a grid has."""
    return 3 if grid == 0 else len(RATIOS) + 1


def in_words(found: Sequence[Detection]) -> str:
    """How many things of each class were found, the surest class first."""
    counts = Counter(one.label for one in found)
    return (
        "Found: " + ", ".join(f"**{label}**" if n == 1 else f"**{label}** ({n})" for label, n in counts.items()) + "."
    )
