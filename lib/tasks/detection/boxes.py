"""Draws boxes with names on photos."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib.tasks.detection.detector import Detection, intersection_over_union

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""

BLUE: Colour = (46, 139, 192)
ORANGE: Colour = (217, 130, 0)
BRIGHT: Colour = (255, 170, 40)
WHITE: Colour = (255, 255, 255)


def colour_of(index: int) -> Colour:
    """A colour for a class: neighbours in the list get hues that are far apart, all of them bright enough for dark letters."""
    hue = (0.58 + 0.618034 * index) % 1
    return tuple(round(255 * part) for part in colorsys.hls_to_rgb(hue, 0.66, 0.9))  # type: ignore[return-value]


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def line_width(size: tuple[int, int]) -> int:
    """Pixels that a line should have on a photo of that size."""
    return max(2, round(max(size) / 220))


def draw_detections(image: Image.Image, found: Sequence[Detection]) -> Image.Image:
    """A copy of a photo with the things that were found on it, the surest on top."""
    shown = image.copy()
    draw_labelled(
        ImageDraw.Draw(shown),
        shown.size,
        [(one.box, colour_of(one.index), f"{one.label} {one.score:.0%}") for one in found],
    )
    return shown


def draw_on_array(picture: np.ndarray, found: Sequence[Detection]) -> np.ndarray:
    """`draw_detections` for uint8 (height, width, 3)."""
    return np.asarray(draw_detections(Image.fromarray(picture), found))


def draw_box(pen: ImageDraw.ImageDraw, size: tuple[int, int], box: Box, colour: Colour, thin: bool = False) -> None:
    """Draw a box.

    Args:
        pen: of the photo.
        size: of the photo.
        box: in pixels; what sticks out of the photo is cut off.
        colour: of the box.
        thin: half as wide a line.
    """
    width = line_width(size)
    pen.rectangle(clipped(box, size), outline=colour, width=max(1, width // 2) if thin else width)


def draw_labelled(pen: ImageDraw.ImageDraw, size: tuple[int, int], labelled: Sequence[tuple[Box, Colour, str]]) -> None:
    """Draw boxes with labels, the first ones on top, so that no label hides another where there is room for both.

    Args:
        pen: of the photo.
        size: of the photo.
        labelled: boxes in pixels, their colours, and what stands at them.
    """
    font, edge = _font(max(13, round(max(size) / 32))), 1.5 * line_width(size)
    taken: list[Box] = []
    for box, _, label in labelled:
        x0, y0, x1, y1 = pen.textbbox((0, 0), label, font=font)
        taken.append(_free_place(box, (x1 - x0 + 2 * edge, y1 - y0 + 2 * edge), size, taken))
    for box, colour, _ in reversed(labelled):
        draw_box(pen, size, box, colour)
    for (_, colour, label), place in reversed(list(zip(labelled, taken, strict=True))):
        x0, y0, *_ = pen.textbbox((0, 0), label, font=font)
        pen.rectangle(place, fill=colour)
        pen.text((place[0] + edge - x0, place[1] + edge - y0), label, font=font, fill=_letters(colour))


def _free_place(box: Box, label: tuple[float, float], size: tuple[int, int], taken: Sequence[Box]) -> Box:
    """Where a label of that size hides the least of the others: best above the box, else inside or below."""
    left, top, right, bottom = clipped(box, size)
    wide, high = label
    places = [
        (x, y, x + wide, y + high)
        for y in (top - high, top, bottom - high, bottom)
        for x in (min(left, max(0.0, size[0] - wide)), max(0.0, right - wide))
        if 0 <= y <= size[1] - high
    ] or [(left, top, left + wide, top + high)]
    hidden = intersection_over_union(np.array(places)[:, None], np.reshape(taken, (-1, 4))).max(axis=1, initial=0)
    return places[int(hidden.argmin())]


def _letters(colour: Colour) -> Colour:
    """Dark letters on a bright ground, bright ones on a dark one."""
    return (16, 20, 24) if 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 120 else WHITE


def clipped(box: Sequence[float] | np.ndarray, size: tuple[int, int]) -> Box:
    """The part of a box that lies on a photo of that size."""
    left, right = (min(max(0.0, float(x)), size[0] - 1.0) for x in (box[0], box[2]))
    top, bottom = (min(max(0.0, float(y)), size[1] - 1.0) for y in (box[1], box[3]))
    return left, top, max(left, right), max(top, bottom)


def draw_pair(image: Image.Image, first: Box, second: Box) -> Image.Image:
    """A copy of a photo with two boxes, blue and orange, and what they share filled."""
    shown = image.convert("RGBA")
    shared = Image.new("RGBA", image.size)
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[2], second[2]), min(first[3], second[3])
    if left < right and top < bottom:
        ImageDraw.Draw(shared).rectangle(clipped((left, top, right, bottom), image.size), fill=(255, 255, 255, 110))
    shown = Image.alpha_composite(shown, shared).convert("RGB")
    pen = ImageDraw.Draw(shown)
    draw_box(pen, image.size, first, BLUE)
    draw_box(pen, image.size, second, ORANGE)
    return shown


def draw_grid(
    image: Image.Image, cells: int, anchors: Iterable[Box] = (), chosen: tuple[int, int] | None = None
) -> Image.Image:
    """A copy of a photo, darkened, with a grid over it, one cell of it lit, and anchors.

    Args:
        image: the photo.
        cells: along each side.
        anchors: to draw in bright orange, in pixels; may stick out.
        chosen: row and column of the cell to light.
    """
    width, height = image.size
    shown = Image.blend(image, Image.new("RGB", image.size), 0.45)
    if chosen:
        row, column = chosen
        across, down = width / cells, height / cells
        left, top = round(column * across), round(row * down)
        lit = image.crop((left, top, round((column + 1) * across), round((row + 1) * down)))
        shown.paste(lit, (left, top))
    pen = ImageDraw.Draw(shown)
    for i in range(1, cells):
        pen.line((i * width / cells, 0, i * width / cells, height), fill=(200, 206, 214), width=1)
        pen.line((0, i * height / cells, width, i * height / cells), fill=(200, 206, 214), width=1)
    for box in anchors:
        draw_box(pen, image.size, box, BRIGHT)
    return shown
