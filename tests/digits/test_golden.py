"""The browser prepares a drawing as Python does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from lib import bundles
from lib.classifier import Classifier
from lib.ink import canvas_ink, normalise_digit, shrink
from lib.tasks.sketches.strokes import canvas_strokes
from tests import node

SIDE, COUNT = 280, 150

SCRIPT = """
const { canvasInk, normaliseDigit, shrink } = await import(`${browser}/ink.js`);
const size = 280 * 280 * 4;
return Array.from({ length: given.sheets.length / size }, (_, i) => {
  const ink = canvasInk({ width: 280, height: 280, data: given.sheets.subarray(i * size, (i + 1) * size) });
  return [...normaliseDigit(ink), ...shrink(ink)];
});
"""


def drawings(seed: int, count: int) -> np.ndarray:
    """Test digits drawn anew with pens from 2 to 40 pixels, of any size, anywhere: uint8 (count, 280, 280, 4)."""
    rng = np.random.default_rng(seed)
    digits = bundles.load("digits_mlp").evaluation["examples_images"]
    sheets = np.zeros((count, SIDE, SIDE, 4), np.uint8)
    for sheet in sheets:
        # The middle lines of a digit as strokes: its pixels, each joined to its neighbours.
        digit = digits[rng.integers(len(digits))] > 127
        side = rng.uniform(40, 250)
        left, top = rng.uniform(0, SIDE - side, 2)
        points = [(left + side * x / 28, top + side * y / 28) for y, x in np.argwhere(digit)]
        pen = int(rng.integers(2, 41))
        image = Image.new("L", (SIDE, SIDE))
        draw = ImageDraw.Draw(image)
        for a, b in pairwise(points):
            if np.hypot(a[0] - b[0], a[1] - b[1]) < 3 * side / 28:
                draw.line([a, b], fill=255, width=pen)
        # Soft edges, as a browser draws them.
        sheet[..., 3] = np.asarray(image.resize((SIDE // 2, SIDE // 2), Image.Resampling.BOX).resize((SIDE, SIDE)))
    return sheets


def test_browser_gives_the_network_the_same_picture(tmp_path):
    sheets = drawings(0, COUNT)
    both = node.run(tmp_path, SCRIPT, sheets=sheets).reshape(COUNT, 2, 28, 28)
    inks = [canvas_ink(sheet) for sheet in sheets]
    there, here = both[:, 0], np.stack([normalise_digit(ink) for ink in inks]).astype(np.float32)
    assert np.abs(there - here).mean(axis=(1, 2)).max() <= 2
    assert np.abs(both[:, 1] - [shrink(ink) for ink in inks]).max() <= 1
    for slug in ("digits_mlp", "digits_cnn"):
        classifier = Classifier(bundles.load(slug))
        answers = [classifier.logits(images.astype(np.uint8)).argmax(axis=1) for images in (there, here)]
        assert np.mean(answers[0] == answers[1]) >= 0.995


def test_browser_says_what_is_missing(tmp_path):
    script = """
    const { canvasInk, normaliseDigit } = await import(`${browser}/ink.js`);
    const said = (alpha) => {
      const data = new Uint8Array(280 * 280 * 4);
      for (const i of alpha) data[4 * i + 3] = 255;
      try { normaliseDigit(canvasInk({ width: 280, height: 280, data })); return ""; } catch (error) { return error.message; }
    };
    const dot = [1000, 1001, 1280, 1281];
    return [[said([]).startsWith("The canvas is empty"), said(dot).startsWith("That is only a dot"), said([...Array(30).keys()]) === ""].map(Number)];
    """
    assert node.run(tmp_path, script).tolist() == [1, 1, 1]


def test_pad_describes_strokes_as_the_canvas_does():
    # What the pad sends, which the sketches' own functions read.
    stroke = {"type": "Path", "path": [["M", 10, 20], ["L", 30, 40]], "strokeWidth": 6}
    [points] = canvas_strokes([stroke]) or []
    assert points.tolist() == [[10, 20], [30, 40]]
