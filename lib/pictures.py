"""Arrays as pictures: digits, weights, feature maps and saliency, alone or as a sheet."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from lib.paper import Reading

CANVAS_SIDE = 280
"""Width and height of the canvas that people draw on, in pixels."""
PNG = "data:image/png;base64,"
"""Begins the address of a picture that holds the picture itself."""

# Stops of two colour maps that are told apart by colour-blind eyes: viridis (van der Walt and Smith, 2015), and
# orange-white-blue in the tones of the charts.
_VIRIDIS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_DIVERGING = ((217, 130, 0), (248, 248, 248), (46, 139, 192))


def _colour(values: np.ndarray, stops: Sequence[tuple[int, int, int]]) -> np.ndarray:
    """Colours of values in 0..1; uint8 (..., 3)."""
    positions = np.linspace(0, 1, len(stops))
    channels = [np.interp(values, positions, [stop[i] for stop in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def enlarge(picture: np.ndarray, factor: int) -> np.ndarray:
    """Repeat each pixel, so that it stays a sharp square."""
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def digit(image: np.ndarray, factor: int = 8) -> np.ndarray:
    """A 28x28 picture as the network sees it, enlarged: uint8 (28 * factor, 28 * factor)."""
    return enlarge(image, factor)


def heat(values: np.ndarray) -> np.ndarray:
    """Non-negative values, each picture from nothing to its own maximum: uint8 (..., 3)."""
    return _colour(values / max(float(values.max(initial=0)), 1e-9), _VIRIDIS)


def diverging(values: np.ndarray, limit: float | None = None) -> np.ndarray:
    """Signed values: orange below zero, white at zero, blue above: uint8 (..., 3)."""
    limit = limit or max(float(np.abs(values).max(initial=0)), 1e-9)
    return _colour(np.clip(0.5 + values / (2 * limit), 0, 1), _DIVERGING)


def saliency_on_digit(gradient: np.ndarray, image: np.ndarray, factor: int = 8) -> np.ndarray:
    """Saliency in colour with the outline of the digit left visible in grey; uint8 (side, side, 3)."""
    picture = diverging(gradient).astype(np.float32)
    ink = (image / 255)[..., None]
    return enlarge((picture * (1 - 0.45 * ink)).astype(np.uint8), factor)


def sheet(pictures: Sequence[np.ndarray], columns: int, factor: int = 2, gap: int = 4) -> np.ndarray:
    """Several coloured pictures of one size on a transparent sheet.

    Args:
        pictures: uint8 (height, width, 3) each.
        columns: pictures in a row.
        factor: enlargement.
        gap: transparent pixels between them.

    Returns:
        uint8 (rows, columns, 4), RGBA.
    """
    height, width = (factor * n for n in pictures[0].shape[:2])
    rows = -(-len(pictures) // columns)
    result = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for i, picture in enumerate(pictures):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        result[top : top + height, left : left + width, :3] = enlarge(picture, factor)
        result[top : top + height, left : left + width, 3] = 255
    return result


def ink_png(image: np.ndarray, size: int, colour: str) -> Image.Image:
    """A digit as ink on a transparent sheet, smoothly enlarged, to be laid on a canvas."""
    alpha = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    picture = Image.new("RGBA", (size, size), colour)
    picture.putalpha(alpha)
    return picture


def as_drawn(picture: Image.Image) -> dict[str, Any]:
    """A picture in the middle of a canvas, as an object of it; as streamlit-drawable-canvas describes it."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    width, height = picture.size
    return {
        "type": "Image",
        "src": PNG + base64.b64encode(file.getvalue()).decode(),
        "originX": "left",
        "originY": "top",
        "left": (CANVAS_SIDE - width) // 2,
        "top": (CANVAS_SIDE - height) // 2,
        "width": width,
        "height": height,
    }


def grey(image: np.ndarray) -> np.ndarray:
    """A picture in shades of grey with three channels, as `sheet` takes it."""
    return np.repeat(image[..., None], 3, axis=-1)


def _enlarged(values: np.ndarray, side: int) -> np.ndarray:
    """A small map smoothly enlarged to a square; float32 (side, side)."""
    return np.asarray(Image.fromarray(values.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC))


def heat_on_photo(values: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """A map of non-negative values over a photo in grey.

    Args:
        values: float (height, width).
        photo: uint8 (side, side, 3).

    Returns:
        uint8 (side, side, 3).
    """
    colour = heat(np.clip(_enlarged(values, len(photo)), 0, None)).astype(np.float32)
    return (0.55 * colour + 0.45 * photo.mean(axis=-1, keepdims=True)).astype(np.uint8)


def loss_on_photo(values: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """A map of signed values between -1 and 1 over a photo in grey: blue above zero, orange below; see `heat_on_photo`."""
    # A photo that hardly depends on any place stays pale.
    colour = diverging(_enlarged(values, len(photo)), max(0.1, float(np.abs(values).max()))).astype(np.float32)
    return (0.6 * colour + 0.4 * photo.mean(axis=-1, keepdims=True)).astype(np.uint8)


SHEET_COLOUR, LINE_COLOUR, INK_COLOUR = "#0072b2", "#e69f00", (0, 158, 115)


def marked(photo: Image.Image, reading: Reading) -> Image.Image:
    """A photo on which the sheet, the printed lines and the ink that were found are marked in colours."""
    picture = Image.new("RGB", photo.size, "white")
    picture.paste(photo.convert("RGB"), mask=photo.getchannel("A") if photo.mode == "RGBA" else None)
    thick = max(2, round(max(photo.size) / 160))
    draw = ImageDraw.Draw(picture)
    for line in reading.lines:
        draw.line(list(line), fill=LINE_COLOUR, width=max(1, thick // 2))
    ink = Image.fromarray(np.uint8(255 * np.clip(reading.ink_in_picture(), 0, 1)))
    picture.paste(INK_COLOUR, (0, 0), ink)
    if reading.corners is not None:
        draw.line([*reading.corners, reading.corners[0]], fill=SHEET_COLOUR, width=thick, joint="curve")
    return picture
