"""The browser makes the same squares of a photo as Python does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from lib import bundles, photos
from lib.photos import to_square
from lib.tasks.detection import detector
from lib.tasks.hands import data as hands
from lib.tasks.hands.reader import views
from lib.tasks.photos.recogniser import Recogniser
from tests import node

SIZES = ((640, 480), (480, 640), (1280, 720), (721, 1280), (224, 224), (300, 300), (97, 61), (8, 500), (1279, 853))
SCRIPT = """
const squares = await import(`${browser}/square.js`);
const one = (square) => (square.data ? squares.toInput(square) : square);
let start = 0;
return given.sizes.map(([width, height]) => {
  const data = new Uint8ClampedArray(given.pixels.buffer, start, 4 * width * height);
  start += data.length;
  const picture = { width, height, data };
  return [%s].flat().flatMap((square) => [...one(square)]);
});
"""
WAYS: dict[str, tuple[str, Callable[[Image.Image], np.ndarray]]] = {
    "crop": ("squares.toSquare(picture, 224)", lambda image: to_square(image, 224)),
    "half": ("squares.toSquare(picture, 224, 'crop', 0.5)", lambda image: to_square(image, 224, share=0.5)),
    "squeeze": ("squares.toSquare(picture, 224, 'squeeze')", lambda image: to_square(image, 224, "squeeze")),
    "pad": ("squares.toSquare(picture, 224, 'pad')", lambda image: to_square(image, 224, "pad")),
    "hand, 64": ("squares.handSquare(picture, 64)", lambda image: hands.to_input(image, 64)),
    "hand, 128": ("squares.handSquare(picture, 128)", lambda image: hands.to_input(image, 128)),
    "views": ("squares.handViews(picture, 128)", lambda image: views(image, 128)),
    "detector": ("squares.squeezed(picture, 300)", detector.to_input),
}


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    """Photos, and what is worst for all sums: noise in pure colours."""
    rng = np.random.default_rng(0)
    found = []
    for i, size in enumerate(SIZES):
        photo = photos.EXAMPLES[i % len(photos.EXAMPLES)].open().resize(size)
        noise = Image.fromarray(255 * rng.integers(0, 2, (*size[::-1], 3), np.uint8))
        found.append(photo if i % 3 else Image.blend(photo, noise, 0.5))
    return found


@pytest.mark.parametrize("way", WAYS)
def test_the_browser_makes_the_same_square(tmp_path, pictures, way):
    call, python = WAYS[way]
    pixels = np.concatenate([np.asarray(one.convert("RGBA")).reshape(-1) for one in pictures])
    there = node.run(tmp_path, SCRIPT % call, pixels=pixels, sizes=[one.size for one in pictures])
    here = np.stack([python(one) for one in pictures]).astype(np.float32)
    off = np.abs(there.reshape(here.shape) - here)
    # Versions of Pillow round in different orders; the networks see no difference.
    assert off.reshape(len(SIZES), -1).mean(axis=1).max() < 0.5
    if way == "crop":
        recogniser = Recogniser(bundles.load("image_classification"))
        answers = [
            recogniser.logits(one.reshape(-1, 224, 224, 3).astype(np.uint8)).argmax(axis=1) for one in (there, here)
        ]
        assert (answers[0] == answers[1]).all()
