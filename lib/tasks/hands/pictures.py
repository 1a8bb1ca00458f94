"""Pictures of hands: those that come with the project, and what a network sees written or laid over them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib import photos, pictures
from lib.tasks.hands.data import HANDS, to_input

SHOWN = 256
"""Side of the pictures with maps on them, in pixels."""
_MORONEY = ("rendered by Laurence Moroney, CC BY 2.0", "https://laurencemoroney.com/datasets.html")
EXAMPLES = (
    *(photos.Example(name, *_MORONEY) for name in ("rock", "paper", "scissors", "rock 2", "paper 2", "scissors 2")),
    photos.example("espresso"),
)
"""Hands that a computer drew, and a photo without any."""


def labelled(picture: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """A frame with the best guess written at its lower edge: uint8, of the same shape."""
    best = int(probabilities.argmax())
    words = f"{HANDS[best]} {probabilities[best]:.0%}"
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image, "RGBA")
    size = max(14, image.height // 14)
    font = ImageFont.load_default(size)
    left, top, right, bottom = draw.textbbox((0, 0), words, font)
    height = bottom - top + size
    draw.rectangle((0, image.height - height, right - left + 1.4 * size, image.height), fill=(16, 24, 32, 190))
    draw.text((0.7 * size, image.height - height + size / 2 - top), words, fill="white", font=font)
    return np.asarray(image)


def evidence(image: Image.Image, values: np.ndarray) -> np.ndarray:
    """The picture as the network is given it, with a map of evidence over it: uint8 (256, 256, 3)."""
    picture = to_input(image, SHOWN).astype(np.float32)
    heat = Image.fromarray(np.maximum(values, 0).astype(np.float32)).resize((SHOWN, SHOWN), Image.Resampling.BICUBIC)
    positive = np.maximum(np.asarray(heat), 0)
    coloured = pictures.heat(positive).astype(np.float32)
    share = 0.25 + 0.4 * (positive / max(float(positive.max()), 1e-9))[..., None]
    return ((1 - share) * picture + share * coloured).astype(np.uint8)
