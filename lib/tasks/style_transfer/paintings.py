"""The paintings whose styles can be chosen, and the example photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib import photos
from lib.bundles import ROOT
from lib.photos import Example


@dataclass(frozen=True)
class Painting(Example):
    """A painting that comes with the project, reduced to 512 pixels.

    Attributes:
        title: its full name, with the year.
    """

    title: str = ""

    @property
    def path(self) -> Path:
        return ROOT / "static" / "photos" / "paintings" / f"{self.name.replace(' ', '_')}.jpg"


_FAST = "https://github.com/jcjohnson/fast-neural-style/tree/master/images/styles"
_SLOW = "https://github.com/jcjohnson/neural-style/tree/master/examples/inputs"

PAINTINGS = (
    Painting("Starry Night", "Vincent van Gogh (1853-1890)", _FAST, "The Starry Night, 1889"),
    Painting("Great Wave", "Katsushika Hokusai (1760-1849)", _FAST, "The Great Wave off Kanagawa, about 1831"),
    Painting("The Scream", "Edvard Munch (1863-1944)", _FAST, "The Scream, 1893"),
    Painting("Composition VII", "Wassily Kandinsky (1866-1944)", _FAST, "Composition VII, 1913"),
    Painting("Udnie", "Francis Picabia (1879-1953)", _FAST, "Udnie, 1913"),
    Painting("Shipwreck", "J. M. W. Turner (1775-1851)", _SLOW, "The Shipwreck, 1805"),
    Painting("Woman with a Hat", "Henri Matisse (1869-1954)", _SLOW, "Woman with a Hat, 1905"),
)
"""Seven paintings from before 1929, in ``static/photos/paintings``."""
LEARNT = "Starry Night"
"""The painting that the networks trained here have learnt."""
PHOTOS = tuple(photos.example(name) for name in ("temple", "macaw", "cat", "flower", "rocket"))
"""Photos to paint."""


def painting(name: str) -> Painting:
    """The painting of that name.

    Raises:
        KeyError: there is none.
    """
    return {one.name: one for one in PAINTINGS}[name]
