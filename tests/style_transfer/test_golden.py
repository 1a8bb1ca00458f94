"""The browser prepares photos and finishes painted ones as Python does."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lib import photos
from lib.tasks.style_transfer import painter
from lib.tasks.style_transfer.paintings import PHOTOS
from tests import node

SCRIPT = """
const { advice, blended, finished, sized, styleInput } = await import(`${browser}/brush.js`);
const { toInput } = await import(`${browser}/square.js`);
const picture = { width: given.size[0], height: given.size[1], data: new Uint8ClampedArray(given.pixels.buffer) };
const photo = sized(picture);
const rows = [styleInput(picture), [photo.width, photo.height], toInput(photo), blended([0, 2], [4, 4], 0.25), [advice(picture).length]];
for (const [strength, kept] of [[1, false], [1, true], [0.1, false], [0.2, true]]) {
  rows.push(toInput(finished(photo, given.painted, strength, kept)));
}
return rows;
"""


@pytest.mark.parametrize("size", [(640, 427), (200, 300)])
def test_same_pictures_in_both_places(tmp_path, size):
    picture = PHOTOS[1].open().resize(size)
    photo = painter.sized(picture)
    painted = np.random.default_rng(0).uniform(-9, 265, photo.shape).astype(np.float32)
    found = node.run(
        tmp_path, SCRIPT, size=list(size), pixels=np.asarray(picture.convert("RGBA")), painted=painted.ravel()
    )
    whole = painted.clip(0, 255).round().astype(np.uint8)
    kept = painter.with_colours(whole, photo)
    expected = [
        photos.to_square(picture, painter.STYLE_SIDE, share=1.0),
        [photo.shape[1], photo.shape[0]],
        photo,
        painter.blended(np.array([0, 2]), np.array([4, 4]), 0.25),
        [0],
        whole,
        kept,
        painter.faded(photo, whole, 0.1),
        painter.faded(photo, kept, 0.2),
    ]
    together = np.concatenate([np.asarray(one, np.float32).ravel() for one in expected])
    assert found.shape == together.shape
    # Halves may be rounded either way, since one side has half the digits. And where a small picture is cut and enlarged, a few pixels at
    # the cut differ.
    assert (np.abs(found - together) > 1).mean() < 1e-4
    assert (found == together).mean() > 0.98


def test_black_and_narrow_photos_are_known_in_both_places(tmp_path):
    black = Image.new("RGB", (300, 8), (3, 2, 4))
    script = """
    const { BLACK, NARROW, advice, sized } = await import(`${browser}/brush.js`);
    const picture = { width: 300, height: 8, data: new Uint8ClampedArray(given.pixels.buffer) };
    return [[Number(advice(picture) === BLACK), Number(sized(picture) === undefined), BLACK.length, NARROW.length]];
    """
    found = node.run(tmp_path, script, pixels=np.asarray(black.convert("RGBA")))
    assert found[:3].tolist() == [1, 1, len(painter.BLACK)]
