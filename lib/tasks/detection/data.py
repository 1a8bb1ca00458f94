"""Photos with boxes in COCO's classes, and how well a detector finds them.

COCO (Lin et al., 2014, "Microsoft COCO: Common objects in context") numbers its classes from 1 to 90, ten of which have no
name and no box.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from lib import datasets, photos
from lib.tasks.detection import detector as detect
from lib.tasks.detection.detector import Candidates

NAMED: dict[int, str] = {
    1: "person", 2: "bicycle", 3: "car", 4: "motorcycle", 5: "airplane", 6: "bus", 7: "train", 8: "truck", 9: "boat",
    10: "traffic light", 11: "fire hydrant", 13: "stop sign", 14: "parking meter", 15: "bench", 16: "bird", 17: "cat", 18: "dog",
    19: "horse", 20: "sheep", 21: "cow", 22: "elephant", 23: "bear", 24: "zebra", 25: "giraffe", 27: "backpack", 28: "umbrella",
    31: "handbag", 32: "tie", 33: "suitcase", 34: "frisbee", 35: "skis", 36: "snowboard", 37: "sports ball", 38: "kite",
    39: "baseball bat", 40: "baseball glove", 41: "skateboard", 42: "surfboard", 43: "tennis racket", 44: "bottle",
    46: "wine glass", 47: "cup", 48: "fork", 49: "knife", 50: "spoon", 51: "bowl", 52: "banana", 53: "apple", 54: "sandwich",
    55: "orange", 56: "broccoli", 57: "carrot", 58: "hot dog", 59: "pizza", 60: "donut", 61: "cake", 62: "chair", 63: "couch",
    64: "potted plant", 65: "bed", 67: "dining table", 70: "toilet", 72: "tv", 73: "laptop", 74: "mouse", 75: "remote",
    76: "keyboard", 77: "cell phone", 78: "microwave", 79: "oven", 80: "toaster", 81: "sink", 82: "refrigerator", 84: "book",
    85: "clock", 86: "vase", 87: "scissors", 88: "teddy bear", 89: "hair drier", 90: "toothbrush",
}  # fmt: skip
"""Names of the classes by COCO's numbers, in the order of the network's outputs."""

ARRAYS = ("jpeg", "offsets", "image_id", "size", "boxes", "class_names")
EVALUATION = "coco_val128.npz"
"""The test photos, in the folder that ``ML_EVALUATION_DIR`` names."""
LEAST_SCORE = 0.01
"""Boxes with lower scores do not count when a detector is scored."""
SIZES = ("small", "medium", "large")
"""COCO's sizes of things: below 32 x 32 pixels, below 96 x 96, and above."""
MATCH = 0.5
"""Intersection over union from which on a box counts as found, where one number is all there is."""


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos and the boxes that people drew on them.

    Attributes:
        jpeg: uint8 (bytes), the files of all photos; decoded one by one.
        offsets: int (photos + 1), see `photos.decode`.
        size: int (photos, 2), width and height in pixels.
        image: int (boxes), which photo each box is on.
        label: int (boxes), index of its class among `NAMED`.
        box: float64 (boxes, 4), left, top, right and bottom in pixels.
    """

    jpeg: np.ndarray
    offsets: np.ndarray
    size: np.ndarray
    image: np.ndarray
    label: np.ndarray
    box: np.ndarray

    def __len__(self) -> int:
        return len(self.size)

    def photo(self, index: int) -> Image.Image:
        """One of the photos.

        Raises:
            DatasetError: its file is damaged.
        """
        try:
            return photos.decode(self.jpeg, self.offsets, index)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            raise datasets.DatasetError(f"Photo {index} cannot be decoded: please save it as JPEG again.") from None

    def head(self, n: int | None) -> LabelledPhotos:
        """The first `n` photos, or all."""
        if n is None:
            return self
        on = self.image < n
        return LabelledPhotos(self.jpeg, self.offsets, self.size[:n], self.image[on], self.label[on], self.box[on])


def load_test_photos() -> LabelledPhotos:
    """The first 128 photos of COCO's val2017, reduced to 640 pixels, from the folder that ``ML_EVALUATION_DIR`` names.

    Raises:
        DatasetError: the file is not there.
    """
    folder = os.environ.get("ML_EVALUATION_DIR")
    if not folder:
        raise datasets.DatasetError(
            f"The photos to score on are not downloaded by themselves: please set ML_EVALUATION_DIR to a folder that holds {EVALUATION}, "
            "or name a file of your own with --data."
        )
    return load_labelled_photos(Path(folder).expanduser() / EVALUATION)


def load_labelled_photos(path: str | Path) -> LabelledPhotos:
    """Photos with boxes from an ``.npz`` file.

    It has ``jpeg`` (uint8, all files one after the other), ``offsets`` (where each begins, and the end), ``image_id``, ``size`` (width
    and height), ``boxes`` (float, n x 6: which photo, which class, and the middle, width and height as shares of the photo's) and
    ``class_names``, which the classes index.

    Raises:
        DatasetError: the file is missing or not like that; the message says what is wrong.
    """
    arrays = datasets.load_arrays(path, ARRAYS)
    offsets, size, boxes, jpeg = arrays["offsets"], arrays["size"], arrays["boxes"], arrays["jpeg"]
    n = len(size) if size.ndim == 2 and size.shape[1:] == (2,) else 0
    if not n or offsets.shape != (n + 1,) or jpeg.dtype != np.uint8 or jpeg.ndim != 1 or np.any(size <= 0):
        raise datasets.DatasetError(
            f"{path}: size must be (photos, 2) and positive, offsets (photos + 1), and jpeg uint8, with at least one photo."
        )
    if not photos.packed(jpeg, offsets, n):
        raise datasets.DatasetError(f"{path}: offsets must rise and stay within jpeg.")
    if boxes.ndim != 2 or boxes.shape[1:] != (6,) or not len(boxes) or not np.all(np.isfinite(boxes)):
        raise datasets.DatasetError(
            f"{path}: boxes must be (n, 6): photo, class, middle (x, y), width, height; and there must be at least one."
        )
    own, known = [str(name) for name in arrays["class_names"]], list(NAMED.values())
    image, label = boxes[:, 0].astype(int), boxes[:, 1].astype(int)
    if image.min() < 0 or image.max() >= n or label.min() < 0 or label.max() >= len(own):
        raise datasets.DatasetError(f"{path}: a box names a photo or a class that is not there.")
    strange = sorted({own[i] for i in label} - set(known))
    if strange:
        raise datasets.DatasetError(f"{path}: {strange[0]!r} is no class of this network: please leave its boxes out.")
    number = np.array([known.index(name) if name in known else -1 for name in own], int)
    middle, half = boxes[:, 2:4].astype(float), boxes[:, 4:6].astype(float) / 2
    box = np.concatenate([middle - half, middle + half], axis=1) * np.tile(size[image], 2)
    return LabelledPhotos(jpeg, offsets, size.astype(int), image, number[label], box)


@dataclass(frozen=True)
class Found:
    """What a detector found on photos.

    Attributes:
        image: int (n), on which photo.
        label: int (n), index of the class.
        score: float (n).
        box: float64 (n, 4), left, top, right and bottom in pixels.
    """

    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    box: np.ndarray


def find_all(
    detector: detect.Detector,
    data: LabelledPhotos,
    threshold: float = LEAST_SCORE,
    overlap: float = detect.OVERLAP,
    progress: Callable[[Sequence[int]], Sequence[int]] = lambda numbers: numbers,
) -> Found:
    """Run a detector on photos; at most `detect.MOST` boxes each.

    Args:
        detector: of a bundle.
        data: the photos.
        threshold: scores below it do not count.
        overlap: of the non-maximum suppression.
        progress: wraps the numbers of the photos, as tqdm does.
    """
    parts = []
    for i in progress(range(len(data))):
        raw = detector.raw(data.photo(i))
        found: Candidates = detect.candidates(raw, threshold, overlap)
        kept = found.kept[: detect.MOST_BOXES]
        boxes = np.clip(found.boxes[kept], 0, 1) * np.tile(data.size[i], 2)
        parts.append((np.full(len(kept), i), found.classes[kept], found.scores[kept], boxes))
    image, label, score, box = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Found(image, label, score, box.reshape(-1, 4))


@dataclass(frozen=True)
class Scores:
    """A detector's scores by COCO's rules; NaN where there is nothing to find.

    Attributes:
        mean_average_precision: over the classes, and over overlaps of 0.5, 0.55 ... 0.95 that a box must reach to count.
        mean_average_precision_50: the same for 0.5 alone.
        by_size: float (3), as the first, for things of `SIZES`.
        average_precision: float (80), as the first, by class.
        average_precision_50: float (80), as the second, by class.
        precision: float (80, 101), by class at recalls of 0, 0.01 ... 1, for 0.5: the best precision at this recall or a higher one.
        threshold: float (80, 101), the score that a box must have for that recall.
        recall: float (80), the highest that is reached.
    """

    mean_average_precision: float
    mean_average_precision_50: float
    by_size: np.ndarray
    average_precision: np.ndarray
    average_precision_50: np.ndarray
    precision: np.ndarray
    threshold: np.ndarray
    recall: np.ndarray


def score(data: LabelledPhotos, found: Found) -> Scores:
    """Score what was found by COCO's own program.

    Raises:
        DatasetError: that program is not installed.
    """
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError:
        raise datasets.DatasetError(
            "Scoring a detector needs pycocotools: please install it with `pip install -r requirements-train.txt`."
        ) from None
    # It reports its progress on the standard output, which is ours.
    with contextlib.redirect_stdout(io.StringIO()):
        truth, answers = COCO(), COCO()
        truth.dataset = _as_coco(data, data.image, data.label, data.box)
        answers.dataset = _as_coco(data, found.image, found.label, found.box, found.score)
        truth.createIndex()
        answers.createIndex()
        evaluation = COCOeval(truth, answers, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    # overlap (10) x recall (101) x class (80) x size (all, small, medium, large) x boxes at most (1, 10, 100)
    precision = np.where(evaluation.eval["precision"] < 0, np.nan, evaluation.eval["precision"])[..., 2]
    recall = np.where(evaluation.eval["recall"] < 0, np.nan, evaluation.eval["recall"])
    return Scores(
        _mean(precision[..., 0]),
        _mean(precision[0, ..., 0]),
        np.array([_mean(precision[..., i]) for i in (1, 2, 3)]),
        precision[..., 0].mean(axis=(0, 1)),
        precision[0, ..., 0].mean(axis=0),
        precision[0, ..., 0].T,
        evaluation.eval["scores"][0, ..., 0, 2].T,
        recall[0, :, 0, 2],
    )


def _mean(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else float("nan")


def _as_coco(
    data: LabelledPhotos, image: np.ndarray, label: np.ndarray, box: np.ndarray, scores: np.ndarray | None = None
) -> dict:
    """Boxes in the form that COCO's program reads."""
    rows = []
    for i, (left, top, right, bottom) in enumerate(box):
        width, height = float(right - left), float(bottom - top)
        row: dict[str, Any] = {"id": i + 1, "image_id": int(image[i]), "category_id": int(label[i])}
        row |= {"bbox": [float(left), float(top), width, height], "area": width * height, "iscrowd": 0, "ignore": 0}
        if scores is not None:
            row["score"] = float(scores[i])
        rows.append(row)
    return {
        "images": [{"id": i, "width": int(w), "height": int(h)} for i, (w, h) in enumerate(data.size)],
        "categories": [{"id": i, "name": name} for i, name in enumerate(NAMED.values())],
        "annotations": rows,
    }


def confusions(data: LabelledPhotos, found: Found, threshold: float) -> np.ndarray:
    """What things were taken for.

    Of the boxes with a score of at least `threshold`, the surest first, each is given to the thing that it overlaps most, at least by
    `MATCH`, whatever it is called, if no surer box was.

    Returns:
        int64 (81, 81): rows are true classes, columns what was said; the last row counts boxes on nothing, the last column
        things that were not found.
    """
    n = len(NAMED)
    counts = np.zeros((n + 1, n + 1), np.int64)
    for i in range(len(data)):
        things, said = np.flatnonzero(data.image == i), np.flatnonzero((found.image == i) & (found.score >= threshold))
        free = np.ones(len(things), bool)
        for one in said[np.argsort(-found.score[said], kind="stable")]:
            shares = detect.intersection_over_union(found.box[one], data.box[things]) * free
            # Where two things share a place, a rider and a horse say, the one of the same name goes first.
            shares += (shares >= MATCH) * (data.label[things] == found.label[one])
            best = int(shares.argmax()) if len(things) else 0
            if len(things) and shares[best] >= MATCH:
                free[best] = False
                counts[data.label[things[best]], found.label[one]] += 1
            else:
                counts[n, found.label[one]] += 1
        np.add.at(counts[:, n], data.label[things[free]], 1)
    return counts


def sizes(data: LabelledPhotos) -> np.ndarray:
    """How many things there are of each of COCO's `SIZES`; int (3)."""
    areas = detect.area(data.box)
    return np.histogram(areas, [0, 32**2, 96**2, np.inf])[0]
