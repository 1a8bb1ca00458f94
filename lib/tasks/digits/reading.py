"""Reads the digits on a picture: one, or several side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib import several
from lib.images import InputError
from lib.ink import normalise_digit, read_ink
from lib.paper import Reading


@dataclass(frozen=True)
class Digits:
    """The digits of one drawing, from left to right.

    Attributes:
        images: uint8 (28, 28) each, as the network takes them.
        boxes: left, top, right, bottom of each, in pixels of the drawing.
        advice: what to do better, or None.
    """

    images: list[np.ndarray]
    boxes: list[tuple[int, int, int, int]]
    advice: str | None = None


def digits_of(ink: np.ndarray) -> Digits:
    """Take ink apart into digits.

    Args:
        ink: float (height, width), 0 for paper, up to 1 for ink.

    Raises:
        BlankInputError: there is no ink, or too little to be a digit.
        InputError: there are too many things to be a row of digits.
    """
    parts = several.split(ink)
    if len(parts) > several.MOST:
        raise InputError(several.TOO_MANY)
    # Ink that is too faint to be taken apart is one digit, too.
    images = [normalise_digit(one) for one in ([part.ink for part in parts] if len(parts) > 1 else [ink])]
    boxes = [part.box for part in parts] or [(0, 0, ink.shape[1], ink.shape[0])]
    return Digits(images, boxes, several.TOUCHING if any(part.wide for part in parts) else None)


def read_digits(image: Image.Image) -> tuple[Digits, Reading]:
    """The digits on a drawing or a photo, their boxes in its own pixels, and what was found on it.

    Raises:
        InputError: see `digits_of` and `lib.ink.read_ink`.
    """
    reading = read_ink(image)
    digits = digits_of(reading.ink)
    boxes = [reading.box_in_picture(*box) for box in digits.boxes]
    return Digits(digits.images, boxes, digits.advice), reading
