"""Pictures that are none of a network's classes: letters, scribbles, and drawings of other things, in the form of digits.

A classifier always answers with one of its classes. Shown such pictures in training, with no class as the right answer, it
learns to be undecided about what it does not know (Hendrycks, Mazeika and Dietterich, 2019), and how far its scores are
raised altogether tells the known from the unknown (Liu et al., 2020; see `lib.metrics.familiarity`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib.bundles import Bundle
from lib.datasets import Split
from lib.ink import FIELD, normalise_digit

LETTERS = "AEFHKMNRWYaekmnrwy"
"""Letters to learn from, none of which is written like a digit."""
OTHER_LETTERS = "CDGJPQTUVXdfhptuvx"
"""Letters to be tested on."""
OTHER_DRAWINGS = ("bicycle", "cat", "fish", "flower", "house", "star", "tree", "umbrella")
"""Kinds of drawings to be tested on."""
LIKE_DIGITS = (
    *("animal migration", "apple", "arm", "asparagus", "axe", "banana", "bandage", "baseball", "baseball bat"),
    *("basketball", "beach", "blackberry", "blueberry", "boomerang", "bottlecap", "bracelet", "brain"),
    *("bread", "broom", "candle", "carrot", "circle", "clock", "cloud", "compass", "cookie", "crayon"),
    *("diamond", "donut", "drill", "duck", "ear", "elbow", "envelope", "eraser", "eye", "feather", "finger"),
    *("flamingo", "flashlight", "floor lamp", "flying saucer", "foot", "fork", "golf club", "hammer"),
    *("hexagon", "hockey puck", "hockey stick", "hot dog", "hourglass", "hurricane", "ice cream", "key"),
    *("knee", "knife", "leaf", "leg", "lighter", "lightning", "line", "lipstick", "lollipop", "marker"),
    *("matches", "moon", "moustache", "mouth", "mushroom", "nail", "necklace", "nose", "octagon", "onion"),
    *("paintbrush", "paper clip", "peanut", "pear", "peas", "pencil", "pillow", "pond", "pool", "popsicle"),
    *("potato", "rain", "rainbow", "rake", "rifle", "river", "rollerskates", "screwdriver", "see saw"),
    *("shovel", "sleeping bag", "snake", "snowman", "sock", "spoon", "square", "squiggle", "stairs", "steak"),
    *("stitches", "stop sign", "streetlight", "string bean", "swan", "sword", "syringe", "tennis racquet"),
    *("toe", "tooth", "toothbrush", "toothpaste", "tornado", "triangle", "watermelon", "wheel", "wine glass"),
    *("zigzag",),
)
"""Kinds of drawings of which some could be read as a digit: nothing is to be learnt from them."""


def sentence(knows: str) -> str:
    """What is said of an input that is like nothing the network learnt from.

    Args:
        knows: what it learnt from, ``"ten digits"``.
    """
    return f"This looks like nothing I know. I know {knows} and nothing else, so I have to choose one of them."


def limit(bundle: Bundle, knows: str) -> dict[str, Any] | None:
    """What a demo in the browser needs to call an input strange; None where a bundle holds no limit.

    Args:
        bundle: of the network.
        knows: what it learnt from, in words.

    Returns:
        ``below``, the limit of `lib.metrics.familiarity`, and the ``sentence``.
    """
    found = bundle.facts.get("strangers")
    return {"below": found["threshold"], "sentence": sentence(knows)} if found else None


@cache
def _fonts(size: int) -> list[ImageFont.FreeTypeFont]:
    """Fonts that come with matplotlib, which every training has."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    names = (
        "DejaVuSans",
        "DejaVuSans-Oblique",
        "DejaVuSerif",
        "DejaVuSansMono",
        "STIXGeneral",
        "STIXGeneralItalic",
        "cmr10",
    )
    return [ImageFont.truetype(str(folder / f"{name}.ttf"), size) for name in names]


def letters(n: int, seed: int, characters: str = LETTERS) -> np.ndarray:
    """So many letters, written with other pens: uint8 (n, 28, 28), in MNIST's form.

    Args:
        n: how many.
        seed: of the random draws.
        characters: to choose from.
    """
    # Only trainings thin lines, for which the app has no package.
    from lib import freehand

    rng, images = np.random.default_rng(seed), []
    fonts = _fonts(150)
    for _ in range(n):
        picture = Image.new("L", (260, 260))
        font = fonts[rng.integers(len(fonts))]
        ImageDraw.Draw(picture).text((130, 130), characters[rng.integers(len(characters))], 255, font, anchor="mm")
        small = normalise_digit(np.asarray(picture, np.float32) / 255)
        images.append(normalise_digit(freehand.redraw(small, rng)))
    return np.stack(images)


def scribbles(n: int, seed: int) -> np.ndarray:
    """So many scribbles, each of one to three lines that wind about: uint8 (n, 28, 28), in MNIST's form."""
    # Only trainings and benchmarks make scribbles.
    from scipy.interpolate import CubicSpline

    rng, images, side = np.random.default_rng(seed), [], 280
    for _ in range(n):
        picture = Image.new("L", (side, side))
        pencil, pen = ImageDraw.Draw(picture), int(rng.integers(6, 24))
        for _ in range(rng.integers(1, 4)):
            points = rng.uniform(0.1 * side, 0.9 * side, (rng.integers(5, 10), 2))
            line = CubicSpline(np.arange(len(points)), points)(np.linspace(0, len(points) - 1, 120))
            pencil.line([tuple(point) for point in line], fill=255, width=pen, joint="curve")
        images.append(normalise_digit(np.asarray(picture, np.float32) / 255))
    return np.stack(images)


def smileys(n: int, seed: int) -> np.ndarray:
    """So many faces of a circle, two eyes and a mouth, which are nearly a 0: uint8 (n, 28, 28), in MNIST's form."""
    rng, images = np.random.default_rng(seed), []
    for _ in range(n):
        picture = Image.new("L", (280, 280))
        pencil, pen = ImageDraw.Draw(picture), int(rng.integers(5, 20))
        wide, high = rng.uniform(80, 125, 2)
        pencil.ellipse((140 - wide, 140 - high, 140 + wide, 140 + high), outline=255, width=pen)
        apart, above, eye = rng.uniform(0.25, 0.5) * wide, rng.uniform(0.15, 0.45) * high, rng.uniform(4, 16)
        tall = eye * rng.uniform(0.8, 2)
        for x in (140 - apart, 140 + apart):
            pencil.ellipse((x - eye, 140 - above - tall, x + eye, 140 - above + tall), fill=255)
        half, low, deep = rng.uniform(0.3, 0.6) * wide, rng.uniform(0.2, 0.45) * high, rng.uniform(2, 0.4 * high)
        box = (140 - half, 140 + low - deep, 140 + half, 140 + low + deep)
        if rng.random() < 0.75:
            pencil.arc(box, 10, 170, fill=255, width=pen)
        else:
            pencil.arc(box, 190, 350, fill=255, width=pen)
        images.append(normalise_digit(np.asarray(picture, np.float32) / 255))
    return np.stack(images)


def drawings(split: Split, classes: Sequence[str], n: int, seed: int, *, other: bool = False) -> np.ndarray:
    """So many drawings of things, brought into MNIST's form: uint8 (n, 28, 28).

    Args:
        split: drawings of things.
        classes: the names of their labels.
        n: how many at most.
        seed: of the choice.
        other: True gives those of `OTHER_DRAWINGS`; False all others that are not `LIKE_DIGITS`.
    """
    chosen = [
        label for label, name in enumerate(classes) if (name in OTHER_DRAWINGS) == other and name not in LIKE_DIGITS
    ]
    index = np.random.default_rng(seed).permutation(np.flatnonzero(np.isin(split.labels, chosen)))[:n]
    if not len(index):
        return np.zeros((0, FIELD, FIELD), np.uint8)
    return np.stack([normalise_digit(image.astype(np.float32) / 255) for image in split.images[index]])
