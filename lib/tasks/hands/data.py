"""Photos of hands: rock, paper, scissors or nothing; read, brought to a network's form, and split by where they come from.

There is no public download of the photos in one piece. They were collected from 21 public repositories on GitHub, in which
people kept the pictures that they had taken of their own hands: AlThorStormblessed/CNN_rock_paper_scissor,
SuprithTS/Neuro_RPS, Namangarg110/Rock-Paper-Scissors, CodeWithCharan/Rock-Paper-Scissors-Project,
Harikrishnan6336/Rock_Paper_Scissors, RegalLeoC/rock-paper-scissors, RohithParahmesh/Rock_paper_scissor, SandeepJhaVC/SPS,
aekgmla77/alarmProject, imvickykumar999/rock-paper-scissors, kalebcwag/rps_dl, niki-cherukupalli/RPS_AI,
prtm1908/Rock-Paper-Scissors-OpenCV-Transfer-Learning, ritiksingh8/Rock-Paper-Scissor-Game, sarthakmaggu/Rock-Paper-Scissors,
whopriyam/Rock-Paper-Scissors, AFAskar/dlimageclass, Fauzan-azim/RPS-Python-Game, elbartohub/A.I.RockPaperScissors,
fanqingsong/rock-paper-scissors-AI-Bot and jayasankar-shyam/rps. The rendered hands are Laurence Moroney's (CC BY 2.0).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from lib import metrics
from lib.datasets import DatasetError, load_arrays
from lib.photos import decode, packed

HANDS = ("rock", "paper", "scissors", "nothing")
"""The classes, in the order of the labels."""
NOTHING = HANDS.index("nothing")
INPUT_SIDE = 128
"""Height and width of what the networks take, in pixels."""
WIDEST = 1.25
"""A photo's longer side may be so many times its shorter one before its middle is cut out."""

REAL = "rps/rps_real.npz"
RENDERED = "rps/rps_moroney_cgi.npz"
HELD_OUT = "rps_real_heldout.npz"
VALIDATION_SOURCES = (3, 8, 13, 18)
"""Sources that epochs and settings are picked on: a wall, an office, a living room and a face to face chat, two with `nothing`."""


@dataclass(frozen=True)
class Photos:
    """Photos of hands.

    Attributes:
        images: uint8 (n, side, side, 3), RGB.
        labels: int64 (n), see `HANDS`.
        source: int64 (n), which collection each comes from; zeros where it is not known.
    """

    images: np.ndarray
    labels: np.ndarray
    source: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: np.ndarray) -> Photos:
        """Some of them, by index or mask."""
        return Photos(self.images[chosen], self.labels[chosen], self.source[chosen])

    def __add__(self, more: Photos) -> Photos:
        return Photos(
            np.concatenate([self.images, more.images]),
            np.concatenate([self.labels, more.labels]),
            np.concatenate([self.source, more.source]),
        )


@dataclass(frozen=True)
class HandData:
    """Photos split by source: nobody's hand, and no room, is in two of the sets.

    Attributes:
        train: to learn from.
        validation: to choose by.
        test: to be scored on once.
        rendered: hands that a computer drew on white.
        names: of the sources, by their number.
    """

    train: Photos
    validation: Photos
    test: Photos
    rendered: Photos
    names: tuple[str, ...]


def to_input(picture: Image.Image, side: int = INPUT_SIDE) -> np.ndarray:
    """A picture in the form of the training photos: at most a quarter longer than wide, then squashed to a square.

    Args:
        picture: any size and mode.
        side: of the result, in pixels.

    Returns:
        uint8 (side, side, 3), RGB.
    """
    width, height = picture.size
    wide, high = min(width, round(height * WIDEST)), min(height, round(width * WIDEST))
    left, top = (width - wide) // 2, (height - high) // 2
    box = (left, top, left + wide, top + high)
    return np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR, box, reducing_gap=2.0))


WARM_LIGHT = (1.2, 0.9, 0.5)
"""What a bulb does to red, green and blue where a camera is set for daylight."""


def changed(images: np.ndarray) -> dict[str, np.ndarray]:
    """Photos as they are, in warm light and upside down, by what was done to them: each uint8, of the same shape.

    Args:
        images: uint8 (n, side, side, 3), RGB.
    """
    warm = np.clip(images * np.array(WARM_LIGHT, np.float32), 0, 255).astype(np.uint8)
    return {"as they are": images, "in warm light": warm, "upside down": images[:, ::-1, ::-1]}


CAST = (0.4, 0.6)
"""Logarithm of the strongest colour over the weakest, from which light is balanced a little, and wholly. 99 of 100 photos of the
training have less than 0.3: what a network has learnt from is left as it is."""


def balanced(images: np.ndarray) -> np.ndarray:
    """Photos in the light of a lamp with its colour taken out, so that red, green and blue are equally strong (Buchsbaum, 1980).

    Args:
        images: (n, side, side, 3), RGB in 0..255.

    Returns:
        float32, of the same shape; photos in ordinary light are as they were.
    """
    strength = np.maximum(images.mean(axis=(1, 2), dtype=np.float32), 1.0)
    cast = np.log(strength.max(axis=-1, keepdims=True) / strength.min(axis=-1, keepdims=True))
    share = np.clip((cast - CAST[0]) / (CAST[1] - CAST[0]), 0.0, 1.0)
    gain = (strength.mean(axis=-1, keepdims=True) / strength) ** share
    return np.minimum(images * gain[:, None, None], 255.0).astype(np.float32)


def load_photos(path: str | Path, side: int = INPUT_SIDE) -> tuple[Photos, tuple[str, ...]]:
    """All photos of an ``.npz`` with ``jpeg`` (uint8, one file after the other), ``offsets`` (n + 1) and ``labels`` (n).

    Returns:
        The photos, and the names of their sources, of which there are none where the file has no ``source``.

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    arrays = load_arrays(path, ("jpeg", "offsets", "labels"))
    data, offsets, labels = arrays["jpeg"], arrays["offsets"], arrays["labels"]
    whole = labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer)
    if not whole or not packed(data, offsets, len(labels)):
        raise DatasetError(
            f"{path}: it needs `jpeg` (uint8, all files one after the other), `labels` (n whole numbers) and `offsets` (n + 1)."
        )
    if not len(labels) or labels.min() < 0 or labels.max() >= len(HANDS):
        meaning = ", ".join(f"{i} {name}" for i, name in enumerate(HANDS))
        raise DatasetError(f"{path}: labels must be {meaning}, and there must be at least one.")
    images = np.empty((len(labels), side, side, 3), np.uint8)
    for i in range(len(labels)):
        try:
            images[i] = to_input(decode(data, offsets, i), side)
        except (UnidentifiedImageError, OSError, ValueError):
            raise DatasetError(f"{path}: photo {i} is not a picture that can be read, please leave it out.") from None
    source = np.zeros(len(labels), np.int64)
    names: tuple[str, ...] = ()
    with np.load(path, allow_pickle=False) as file:
        if "source" in file and "source_names" in file:
            source, names = file["source"].astype(np.int64), tuple(map(str, file["source_names"]))
    return Photos(images, labels.astype(np.int64), source), names


def load_held_out(side: int = INPUT_SIDE) -> Photos:
    """The photos to be scored on: two sources that nothing was learnt from or chosen by.

    Raises:
        DatasetError: ``ML_EVALUATION_DIR`` is not set, or lacks them.
    """
    return load_photos(_local("ML_EVALUATION_DIR", HELD_OUT), side)[0]


def load_hands(side: int = INPUT_SIDE) -> HandData:
    """4,530 photos of 15 sources to learn from, 1,029 of 4 to choose by, 680 of 2 to be scored on, and 2,520 rendered hands.

    Raises:
        DatasetError: ``ML_DATA_DIR`` or ``ML_EVALUATION_DIR`` is not set, or lacks them.
    """
    photos, names = load_photos(_local("ML_DATA_DIR", REAL), side)
    rendered, _ = load_photos(_local("ML_DATA_DIR", RENDERED), side)
    chosen = np.isin(photos.source, VALIDATION_SOURCES)
    return HandData(photos[~chosen], photos[chosen], load_held_out(side), rendered, names)


def load_scenes(side: int = INPUT_SIDE, seed: int = 0) -> np.ndarray:
    """Photos of anything, to stand behind hands: square pieces, uint8 (n, side, side, 3); none where there are no such files.

    From Berkeley's segmentation set (Arbelaez et al., 2011), COCO (Lin et al., 2014) and ImageNet (Deng et al., 2009), as
    far as ``ML_DATA_DIR`` holds some of their photos.
    """
    rng = np.random.default_rng(seed)
    scenes = []
    for name in SCENES:
        path = Path(os.environ.get("ML_DATA_DIR") or ".").expanduser() / name
        if path.is_file():
            arrays = load_arrays(path, ("jpeg", "offsets"))
            for i in range(len(arrays["offsets"]) - 1):
                picture = decode(arrays["jpeg"], arrays["offsets"], i)
                size = int(min(picture.size) * rng.uniform(0.6, 1.0))
                left, top = (int(rng.integers(0, length - size + 1)) for length in picture.size)
                box = (left, top, left + size, top + size)
                scenes.append(np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR, box)))
    return np.stack(scenes) if scenes else np.zeros((0, side, side, 3), np.uint8)


SCENES = ("content_photos/bsds500_256.npz", "coco/coco_train128.npz", "imagenet_samples/imagenet_samples.npz")


def _local(variable: str, name: str) -> Path:
    folder = os.environ.get(variable)
    path = Path(folder or ".").expanduser() / name
    if not folder or not path.is_file():
        raise DatasetError(
            f"There is no public download of the hand photos: set {variable} to a folder that holds {name}, an .npz with "
            "`jpeg` (all files one after the other), `offsets`, `labels`, `source` and `source_names` (lib/tasks/hands/data.py lists the "
            "repositories that they were collected from)."
        )
    return path


def some_of_each(photos: Photos, n: int, seed: int = 0) -> Photos:
    """`n` photos, as many of each class and of each source as can be."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(photos))
    rank = np.empty(len(photos), np.int64)
    # How many of the same class and source come before it: sorted by that, all take turns.
    seen: dict[tuple[int, int], int] = {}
    for i in order:
        key = (int(photos.labels[i]), int(photos.source[i]))
        rank[i] = seen[key] = seen.get(key, -1) + 1
    in_turn = order[np.argsort(rank[order], kind="stable")]
    each = [in_turn[photos.labels[in_turn] == label] for label in range(len(HANDS))]
    chosen: list[int] = []
    for i in range(len(photos)):
        chosen += [int(some[i]) for some in each if i < len(some)]
    return photos[np.array(chosen[:n])]


def random_split(photos: Photos, share: float = 0.2, seed: int = 0) -> tuple[Photos, Photos]:
    """All photos shuffled and cut in two: `1 - share` of them and the rest, as one should not split them."""
    order = np.random.default_rng(seed).permutation(len(photos))
    cut = round(len(photos) * share)
    return photos[order[cut:]], photos[order[:cut]]


def balance(photos: Photos, shares: Sequence[float] = (0.27, 0.27, 0.27, 0.19)) -> np.ndarray:
    """How often to draw each photo so that classes have these shares, and within a class no source drowns the others.

    Sources count by the square root of their photos.

    Returns:
        float64 (n), adding up to 1.
    """
    weights = np.zeros(len(photos))
    for label, share in enumerate(shares):
        of_it = photos.labels == label
        sources, count = np.unique(photos.source[of_it], return_counts=True)
        for source, n in zip(sources, count, strict=True):
            weights[of_it & (photos.source == source)] = share / np.sqrt(n) / np.sqrt(count).sum()
    return weights / weights.sum()


def scores(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Test metrics: ``n``, ``accuracy`` of all, ``hands_accuracy`` of rock, paper and scissors, ``nothing_recall``, ``loss`` (nats), ``calibration_error``.

    A metric is left out where there is nothing to measure it on.

    Args:
        probabilities: float (n, 4), see `HANDS`.
        labels: the truth (n).
    """
    right, hand = probabilities.argmax(axis=1) == labels, labels != NOTHING
    found: dict[str, float] = {"n": len(labels), "accuracy": float(right.mean())}
    if hand.any():
        found["hands_accuracy"] = float(right[hand].mean())
    if not hand.all():
        found["nothing_recall"] = float(right[~hand].mean())
    found["loss"] = metrics.cross_entropy(probabilities, labels)
    found["calibration_error"] = metrics.calibration_error(probabilities, labels)
    return {name: round(value, 6) for name, value in found.items()}


def recalls(probabilities: np.ndarray, labels: np.ndarray) -> list[float | None]:
    """The share of each class that is recognised; None where there is none of it."""
    right = probabilities.argmax(axis=1) == labels
    return [
        round(float(right[labels == label].mean()), 4) if (labels == label).any() else None
        for label in range(len(HANDS))
    ]
