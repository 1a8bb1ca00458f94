"""Paints a photo in any style: the two networks over a bundle, and what the sliders do. ``static/browser/brush.js`` does the same sums.

The networks are those of Ghiasi et al. (2017), "Exploring the structure of a real-time, arbitrary neural artistic stylization network".
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from lib import litert, photos
from lib.bundles import Bundle
from lib.images import InputError

STYLE_SIDE = 256
"""Height and width in which the network looks at a painting, in pixels."""
NUMBERS = 100
"""What it says about a style."""
LONGEST = 384
"""Photos are painted at this many pixels on their longer side, unless one asks for more."""
MOST = 1024
"""The longest side that can be asked for."""
LEAST = 16
"""The shortest side of what is painted."""
FADE = 0.25
"""Below this strength, the photo itself shines through. Above it, only the style changes."""
DARK = 10.0
"""Mean brightness, of 255, below which a photo counts as black."""
BLACK = "The photo is almost black. There is nothing to paint: switch on a light, or uncover the camera."


class Painter:
    """Paints photos in a style. Safe to share between threads.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._model = litert.Model(bundle, "good.tflite", threads=2)

    def style(self, picture: Image.Image) -> np.ndarray:
        """The style of an RGB picture as 100 numbers, float32; of its middle, where it is no square."""
        return self._model.run(photos.to_square(picture, STYLE_SIDE, share=1.0)[None])["style"][0]

    def paint(self, photo: np.ndarray, style: np.ndarray) -> np.ndarray:
        """A photo in a style.

        Args:
            photo: uint8 (height, width, 3), both sides multiples of four; see `sized`.
            style: float32 (100).

        Returns:
            uint8, of the same form.
        """
        painted = self._model.run(photo[None], "paint", style=style[None].astype(np.float32))["painted"][0]
        return painted.clip(0, 255).round().astype(np.uint8)

    def paint_with(
        self,
        picture: Image.Image,
        styles: tuple[np.ndarray, np.ndarray | None],
        *,
        share: float = 0.5,
        strength: float = 1.0,
        own_colours: bool = False,
        longest: int = LONGEST,
    ) -> tuple[np.ndarray, np.ndarray]:
        """A photo, painted as the sliders say.

        Args:
            picture: RGB.
            styles: one, or two to be blended.
            share: of the second style, 0 to 1.
            strength: 0 leaves the photo, 1 paints it as strongly as the network can.
            own_colours: whether the painted photo keeps the photo's colours.
            longest: side of the result, in pixels.

        Returns:
            The photo as the network takes it, and painted: uint8 (height, width, 3).
        """
        photo, (style, second) = sized(picture, longest), styles
        if second is not None:
            style = blended(style, second, share)
        if strength < 1:
            style = blended(self.style(picture), style, strength)
        painted = self.paint(photo, style)
        if own_colours:
            painted = with_colours(painted, photo)
        return photo, faded(photo, painted, strength)


def sized(picture: Image.Image, longest: int = LONGEST) -> np.ndarray:
    """A picture of a size that the network takes: uint8 (height, width, 3), sides multiples of four, hardly squeezed.

    Raises:
        InputError: it is too narrow.
    """
    scale = longest / max(picture.size)
    width, height = (4 * max(1, int(np.floor(scale * side / 4 + 0.5))) for side in picture.size)
    if min(width, height) < LEAST:
        raise InputError("This photo is too narrow to be painted: please use one whose sides are less different.")
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def blended(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """A style between two, `share` of the way from the first to the second."""
    return ((1 - share) * first + share * second).astype(np.float32)


def faded(photo: np.ndarray, painted: np.ndarray, strength: float) -> np.ndarray:
    """The painted photo; below the strength `FADE`, the photo shines through."""
    share = min(1.0, strength / FADE)
    mixed = (1 - share) * photo.astype(np.float32) + share * painted
    return np.floor(mixed + 0.5).astype(np.uint8)


def with_colours(painted: np.ndarray, photo: np.ndarray) -> np.ndarray:
    """The brightness of one picture with the colours of another, both uint8 (height, width, 3)."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    lighter = (painted.astype(np.float32) - photo) @ weights
    return np.floor((photo + lighter[..., None]).clip(0, 255) + 0.5).astype(np.uint8)


def advice(picture: Image.Image) -> str:
    """What to do about a photo, in one sentence or two; nothing where all is well."""
    return BLACK if np.asarray(picture.resize((32, 32))).mean() < DARK else ""
