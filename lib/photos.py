"""Photos: from a file to upright RGB, and from there to the square that a network takes.

Pages, notebooks, command line and tests go through these functions, so that all of them see the same picture.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from lib.bundles import ROOT
from lib.images import InputError, opened, read_image

LONGEST_SIDE = 1280
"""Photos are reduced to this many pixels on their longer side: more than any network here looks at."""

MIN_SIDE = 8
"""A picture with a shorter side has nothing to be recognised in it."""

SQUARE_WAYS = ("crop", "squeeze", "pad")
"""How a photo becomes a square: cut its middle out, squeeze it, or add grey bars."""

PAD_GREY = 127
"""Brightness of the bars, halfway between black and white, where the network's own scale has its zero."""

CENTRE_SHARE = 224 / 256
"""The part of the shorter side that a centre crop keeps, as in the evaluation of most ImageNet networks."""


def read_photo(source: str | Path | bytes | BinaryIO) -> Image.Image:
    """Decode any picture that Pillow knows into an upright RGB photo; what is transparent becomes white.

    Args:
        source: a path, the bytes of a file, or a binary file object.

    Returns:
        Mode ``"RGB"``, its longer side at most ``LONGEST_SIDE`` pixels.

    Raises:
        InputError: the source is empty, too large, damaged, no picture, or too small to show anything.
    """
    image = read_image(source, LONGEST_SIDE)
    if min(image.size) < MIN_SIDE:
        raise InputError(
            f"This picture is too small or too narrow to show anything: please use one of at least {MIN_SIDE} x {MIN_SIDE} pixels."
        )
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


def upright_size(path: str | Path) -> tuple[int, int]:
    """Width and height in pixels of a picture that `read_photo` could read, before it was reduced, turned upright."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = opened(Path(path).read_bytes())
    width, height = image.size
    # The numbers of EXIF's orientations from 5 on mean a quarter turn. Of a TIFF, Pillow gives the size after it.
    turned = image.format != "TIFF" and image.getexif().get(0x0112, 1) >= 5
    return (height, width) if turned else (width, height)


def to_square(image: Image.Image, side: int, way: str = "crop", share: float = CENTRE_SHARE) -> np.ndarray:
    """The square that a network takes.

    Args:
        image: RGB.
        side: of the square, in pixels.
        way: one of `SQUARE_WAYS`.
        share: of the shorter side that ``"crop"`` keeps, 0 to 1.

    Returns:
        uint8 (side, side, 3).

    Raises:
        ValueError: there is no such way.
    """
    if way == "crop":
        middle = share * min(image.size)
        left, top = (image.width - middle) / 2, (image.height - middle) / 2
        square = image.resize((side, side), Image.Resampling.BICUBIC, (left, top, left + middle, top + middle))
    elif way == "squeeze":
        square = image.resize((side, side), Image.Resampling.BICUBIC)
    elif way == "pad":
        scale = side / max(image.size)
        inner = image.resize([max(1, round(scale * n)) for n in image.size], Image.Resampling.BICUBIC)
        square = Image.new("RGB", (side, side), (PAD_GREY,) * 3)
        square.paste(inner, ((side - inner.width) // 2, (side - inner.height) // 2))
    else:
        raise ValueError(f"There is no way {way!r} to make a square: choose one of {', '.join(SQUARE_WAYS)}.")
    return np.asarray(square)


def packed(jpeg: np.ndarray, offsets: np.ndarray, count: int) -> bool:
    """Whether the arrays that `decode` takes hold so many photos: bytes, and whole offsets that rise and stay within them."""
    formed = jpeg.dtype == np.uint8 and jpeg.ndim == 1 and np.issubdtype(offsets.dtype, np.integer)
    if not formed or offsets.shape != (count + 1,):
        return False
    return bool((offsets[1:] > offsets[:-1]).all() and offsets[0] >= 0 and offsets[-1] <= len(jpeg))


def decode(jpeg: np.ndarray, offsets: np.ndarray, index: int) -> Image.Image:
    """A photo from arrays that hold many, one after the other: upright RGB of its full size.

    Args:
        jpeg: uint8 (bytes), the files of all photos.
        offsets: int (photos + 1), where each begins and the last one ends.
        index: of the photo.
    """
    data = jpeg[offsets[index] : offsets[index + 1]].tobytes()
    return Image.open(io.BytesIO(data)).convert("RGB")


@dataclass(frozen=True)
class Example:
    """A photo that comes with the project.

    Attributes:
        name: for people, and of its file.
        credit: who made it, and its licence.
        url: where it comes from.
    """

    name: str
    credit: str
    url: str

    @property
    def path(self) -> Path:
        return ROOT / "static" / "photos" / f"{self.name.replace(' ', '_')}.jpg"

    def open(self) -> Image.Image:
        return read_photo(self.path)

    def for_browser(self) -> dict[str, str]:
        """What the demos in the browser need to know; the address as seen from the folder ``static``."""
        url = self.path.relative_to(ROOT / "static").as_posix()
        return {"name": self.name, "url": url, "credit": self.credit, "source": self.url}


def demo_data(examples: Sequence[Example]) -> dict[str, Any]:
    """What a demo in the browser needs to show examples, of which the first one comes first."""
    return {"examples": [one.for_browser() for one in examples], "example": examples[0].name, "own": False}


_SKIMAGE = "https://scikit-image.org/docs/stable/api/skimage.data.html"
_COMMONS = "https://commons.wikimedia.org/wiki/File:"
_FLICKR = "https://www.flickr.com/photos/"

EXAMPLES: Sequence[Example] = (
    Example("cat", "Stéfan van der Walt, CC0", _SKIMAGE),
    Example("espresso", "Rachel Michetti, CC0", _SKIMAGE),
    Example("panda", "Aaron Logan, CC BY 1.0", f"{_COMMONS}Lightmatter_panda.jpg"),
    Example("moose", "Ryan Hagerty, public domain", f"{_COMMONS}Male_Moose.jpg"),
    Example("macaw", "Jar0d, CC BY-SA 2.0", f"{_COMMONS}Ara_macao_-Diergaarde_Blijdorp_-flying-8a.jpg"),
    Example("crocodile", "Kmanoj, CC BY 3.0", f"{_COMMONS}Marsh_Crocodiles_basking_in_the_sun.JPG"),
    Example("polar bear", "Arturo de Frias Marques, CC BY-SA 4.0", f"{_COMMONS}Polar_Bear_AdF.jpg"),
    Example("rocket", "SpaceX, public domain", f"{_FLICKR}spacexphotos/16511594820/"),
    Example("temple", "Daniel Bücheler, CC BY 2.0", f"{_FLICKR}danielbuechele/6061409035/"),
    Example("flower", "vultilion, CC BY 2.0", f"{_FLICKR}vultilion/6056698931/"),
)
"""Photos in ``static/photos``, which the pages can fetch, each reduced to 640 pixels."""


def example(name: str) -> Example:
    """The example of that name.

    Raises:
        KeyError: there is none.
    """
    return {one.name: one for one in EXAMPLES}[name]
