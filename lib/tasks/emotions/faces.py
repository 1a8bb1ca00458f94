"""Finds the faces in a picture and cuts them out as the training pictures are cut out.

The network is BlazeFace for short distances (Bazarevsky et al., 2019, "BlazeFace: sub-millisecond neural face detection on mobile
GPUs"), which MediaPipe published under the Apache licence 2.0. ``static/browser/faces.js`` does the same sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib import litert
from lib.bundles import Bundle
from lib.tasks.emotions.data import INPUT_SIDE

FILE = "faces.tflite"
"""The network in the bundle: its signature ``predict`` gives ``boxes`` (1, 896, 16) and ``scores`` (1, 896, 1)."""
SIDE = 128
"""Height and width of what it takes, in pixels."""
LEAST, LEAST_NEAR = 0.6, 0.8
"""Score from which on a place counts as a face: in the whole picture, and in a window of it, where patterns often look like one."""
OVERLAP = 0.4
"""Of two faces that share more than this part of the smaller one, the surer one counts."""
MOST_FACES = 60
LEVELS = (1, 2, 4)
"""A photo is looked at as a whole, and in windows of a half and a quarter of its longer side: the network sees no face that is
smaller than a tenth of a window."""
GRIDS = ((16, 2), (8, 6))
"""Rows and columns of places at which the network looks for a face, and its answers for each place."""
ZOOM, DOWN = 1.18, -0.09
"""How much larger than the network's box a training picture is, and how much lower, in shares of the box: the medians of the 2,155 of
2,500 training pictures in which the network finds the face."""


@dataclass(frozen=True)
class Face:
    """A face that was found.

    Attributes:
        box: left, top, right and bottom, in pixels of the picture.
        score: how sure the network is that it is one, 0 to 1.
    """

    box: tuple[float, float, float, float]
    score: float


class FaceFinder:
    """Finds faces. Safe to share between threads.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._model = litert.Model(bundle, FILE, threads=2)

    def find(self, picture: Image.Image, levels: tuple[int, ...] = LEVELS) -> list[Face]:
        """All faces of an RGB picture, the surest first, `MOST_FACES` at most; see `LEVELS`."""
        found = []
        for number, (left, top, side) in enumerate(windows(picture.width, picture.height, levels)):
            boxes, scores = decode(*self.raw(picture, left, top, side))
            for i in np.flatnonzero(scores >= (LEAST_NEAR if number else LEAST)):
                box = boxes[i] * side + np.array([left, top, left, top])
                found.append((float(scores[i]), box))
        return kept(found, picture.width, picture.height)

    def raw(self, picture: Image.Image, left: int, top: int, side: int) -> tuple[np.ndarray, np.ndarray]:
        """What the network says about a window of a picture, as `decode` takes it: float32 (896, 16) and (896)."""
        given = self._model.run(window(picture, left, top, side)[None])
        return given["boxes"][0], given["scores"][0, :, 0]


def windows(width: int, height: int, levels: tuple[int, ...] = LEVELS) -> list[tuple[int, int, int]]:
    """Squares that cover a picture: left, top and side of each, in pixels. The first one holds all of it, and more."""
    longest, found = max(width, height), list[tuple[int, int, int]]()
    for level in levels:
        side = -(-longest // level)
        # A small window would have to be enlarged, which shows nothing new.
        if level > 1 and side < SIDE:
            break
        found += [(x, y, side) for y in _starts(height, side) for x in _starts(width, side)]
    return found


def _starts(length: int, side: int) -> list[int]:
    """Where windows begin along a side of the picture; neighbours share half, so that each face lies in one as a whole."""
    if side >= length:
        return [(length - side) // 2]
    n = -(-(length - side) * 2 // side) + 1
    return [(length - side) * i // (n - 1) for i in range(n)]


def window(picture: Image.Image, left: int, top: int, side: int) -> np.ndarray:
    """A square of a picture as the network takes it: float32 (128, 128, 3) from -1 to 1, black where there is no picture."""
    square = np.asarray(
        picture.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    )
    return square.astype(np.float32) / 127.5 - 1


def anchors() -> np.ndarray:
    """The middle of each of the network's places, as shares of the window: float32 (896, 2), x and y."""
    parts = []
    for n, answers in GRIDS:
        places = (np.arange(n) + 0.5) / n
        y, x = np.meshgrid(places, places, indexing="ij")
        parts.append(np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), answers, axis=0))
    return np.concatenate(parts).astype(np.float32)


def decode(raw: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the network says, in words of the window.

    Args:
        raw: (896, 16), distances from the anchor, in pixels of the window: a box's middle and size, then six points of the face.
        scores: (896), raw.

    Returns:
        Boxes (896, 4), left, top, right and bottom as shares of the window, and probabilities (896).
    """
    middle, size = raw[:, :2] / SIDE + anchors(), raw[:, 2:4] / SIDE
    boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
    return boxes, 1 / (1 + np.exp(-np.clip(scores, -80, 80)))


def kept(found: list[tuple[float, np.ndarray]], width: int, height: int) -> list[Face]:
    """Of answers about the same face the surest one, without faces whose middle lies outside of the picture."""
    faces: list[Face] = []
    for score, box in sorted(found, key=lambda one: -one[0]):
        left, top, right, bottom = (float(value) for value in box)
        within = 0 <= (left + right) / 2 <= width and 0 <= (top + bottom) / 2 <= height
        if within and not any(_shared(face.box, (left, top, right, bottom)) > OVERLAP for face in faces):
            faces.append(Face((left, top, right, bottom), score))
    return faces[:MOST_FACES]


def _shared(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> float:
    """The part of the smaller box that both share: part of a face, seen at the edge of a window, lies within the whole one."""
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, two))
    return max(0.0, wide) * max(0.0, high) / smaller if smaller > 0 else 0.0


def square(face: Face) -> tuple[int, int, int]:
    """Left, top and side of what is cut out, in pixels: as much of a face as the training pictures show."""
    left, top, right, bottom = face.box
    size = max(right - left, bottom - top)
    side = max(1, int(np.floor(ZOOM * size + 0.5)))
    x, y = (left + right) / 2, (top + bottom) / 2 + DOWN * size
    return int(np.floor(x - side / 2 + 0.5)), int(np.floor(y - side / 2 + 0.5)), side


def cut_out(picture: Image.Image, face: Face) -> np.ndarray:
    """A face as the emotion network takes it: uint8 (48, 48), grey. Beyond the picture's edge, the edge goes on."""
    left, top, side = square(face)
    pixels = np.asarray(picture)
    rows = np.clip(np.arange(top, top + side), 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(left, left + side), 0, pixels.shape[1] - 1)
    cut = Image.fromarray(pixels[rows][:, columns])
    return np.asarray(cut.resize((INPUT_SIDE, INPUT_SIDE), Image.Resampling.BILINEAR).convert("L"))
