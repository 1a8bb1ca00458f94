"""Pictures with faces: an astronaut, whose photo NASA gave to the public, once, often, at the edge, and a black frame."""

from __future__ import annotations

from PIL import Image
from skimage import data

BOX = (179, 82, 274, 177)
"""About where her face is, in pixels."""


def astronaut() -> Image.Image:
    return Image.fromarray(data.astronaut())


def forty() -> Image.Image:
    """Forty times the same face, in eight columns."""
    face = astronaut().crop((120, 20, 360, 290)).resize((150, 160))
    crowd = Image.new("RGB", (1280, 800))
    for i in range(40):
        crowd.paste(face, ((i % 8) * 160, (i // 8) * 160))
    return crowd


def at_the_edge() -> Image.Image:
    """A third of the face is outside."""
    return astronaut().crop((205, 60, 512, 500))


def black() -> Image.Image:
    return Image.new("RGB", (640, 480), (3, 2, 4))
