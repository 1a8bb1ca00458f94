"""Faces with boxes and words, and faces with a map over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib import pictures
from lib.tasks.emotions.data import EMOTIONS
from lib.tasks.emotions.reader import ReadFace

SHOWN = 240
"""Height and width in which a page shows a face, in pixels."""
COLOURS = {
    "angry": (224, 108, 88),
    "disgust": (160, 176, 60),
    "fear": (176, 148, 214),
    "happy": (240, 190, 60),
    "sad": (104, 164, 222),
    "surprise": (240, 150, 190),
    "neutral": (190, 198, 208),
}
"""Of the boxes: bright enough for dark letters. The word stands beside each, since nobody has to tell colours apart."""


def with_boxes(picture: Image.Image, found: Sequence[ReadFace]) -> Image.Image:
    """A copy of a picture with a box around each face, its number and its word."""
    shown = picture.copy()
    pen = ImageDraw.Draw(shown)
    width, size = max(2, max(shown.size) // 220), max(13, max(shown.size) // 36)
    font = ImageFont.load_default(size)
    for i, one in reversed(list(enumerate(found))):
        left, top, right, bottom = (round(side) for side in one.face.box)
        best = int(one.probabilities.argmax())
        colour = COLOURS[EMOTIONS[best]]
        pen.rectangle((left, top, right, bottom), outline=colour, width=width)
        words = f"{i + 1} {EMOTIONS[best]} {one.probabilities[best]:.0%}" if len(found) > 1 else EMOTIONS[best]
        if len(found) > 1 and pen.textlength(words, font=font) > 1.3 * (right - left):
            # In a crowd, the words would hide the other faces.
            words = str(i + 1)
        x0, y0, x1, y1 = pen.textbbox((0, 0), words, font=font)
        wide, high = x1 - x0 + size / 2, y1 - y0 + size / 2
        x = min(max(0, left), max(0, shown.width - wide))
        y = top - high if top >= high else min(bottom, shown.height - high)
        pen.rectangle((x, y, x + wide, y + high), fill=colour)
        pen.text((x + size / 4 - x0, y + size / 4 - y0), words, font=font, fill=(16, 20, 24))
    return shown


def with_boxes_on_array(picture: np.ndarray, found: Sequence[ReadFace]) -> np.ndarray:
    """`with_boxes` for uint8 (height, width, 3)."""
    return np.asarray(with_boxes(Image.fromarray(picture), found))


def with_map(face: np.ndarray, values: np.ndarray, side: int = SHOWN) -> np.ndarray:
    """A face with a map of signed values over it, blue where they speak for something and orange where against it.

    Args:
        face: uint8 (48, 48), or larger.
        values: float (rows, columns).
        side: of the result, in pixels.

    Returns:
        uint8 (side, side, 3).
    """
    grey = np.asarray(Image.fromarray(face).resize((side, side), Image.Resampling.BICUBIC))[..., None].astype(
        np.float32
    )
    smooth = Image.fromarray(values.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    limit = max(float(np.abs(values).max(initial=0)), 1e-9)
    signed = np.clip(np.asarray(smooth) / limit, -1, 1)
    share = 0.65 * np.abs(signed)[..., None]
    return ((1 - share) * grey + share * pictures.diverging(np.sign(signed), 1.0)).astype(np.uint8)
