"""The browser prepares a sketch as Python does."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from lib import bundles
from lib.classifier import Classifier
from lib.tasks.sketches.strokes import normalise_ink, normalise_strokes
from tests import node

STROKES = """
const { normaliseStrokes } = await import(`${browser}/strokes.js`);
return given.sketches.map((strokes) => normaliseStrokes(strokes));
"""
PICTURES = """
const { normaliseInk } = await import(`${browser}/strokes.js`);
const size = 280 * 280;
return Array.from({ length: given.sheets.length / size }, (_, i) =>
  normaliseInk({ width: 280, height: 280, data: Float32Array.from(given.sheets.subarray(i * size, (i + 1) * size), (one) => one / 255) }));
"""


def sketches(count: int) -> list[list[list[list[float]]]]:
    """Lines of a wandering pen: strokes of points, for each sketch."""
    rng = np.random.default_rng(0)
    return [
        [
            (np.cumsum(rng.normal(0, 12, (rng.integers(1, 40), 2)), 0) + rng.uniform(60, 200, 2)).round(2).tolist()
            for _ in range(rng.integers(2, 8))
        ]
        for _ in range(count)
    ]


def test_browser_gives_the_network_the_same_strokes(tmp_path):
    drawn = sketches(200)
    there = node.run(tmp_path, STROKES, sketches=drawn).reshape(-1, 28, 28)
    here = np.stack([normalise_strokes([np.array(stroke) for stroke in strokes]) for strokes in drawn])
    assert np.abs(there - here).mean(axis=(1, 2)).max() <= 2
    for slug in ("sketch_mlp", "sketch_cnn"):
        classifier = Classifier(bundles.load(slug))
        answers = [classifier.logits(images.astype(np.uint8)).argmax(axis=1) for images in (there, here)]
        assert np.mean(answers[0] == answers[1]) >= 0.995


def test_browser_gives_the_network_the_same_picture(tmp_path):
    rng = np.random.default_rng(1)
    sheets = np.zeros((30, 280, 280), np.uint8)
    for number, sheet in enumerate(sheets):
        image = Image.new("L", (560, 560))
        for _ in range(3):
            line = [tuple(rng.uniform(80, 480, 2)) for _ in range(4)]
            ImageDraw.Draw(image).line(line, fill=255, width=2 * int(rng.integers(2, 41)), joint="curve")
        if number % 3 == 0:
            ImageDraw.Draw(image).polygon([tuple(rng.uniform(80, 480, 2)) for _ in range(4)], fill=255)
        sheet[:] = np.asarray(image.reduce(2))
    there = node.run(tmp_path, PICTURES, sheets=sheets).reshape(-1, 28, 28)
    here = np.stack([normalise_ink(sheet.astype(np.float32) / 255) for sheet in sheets])
    assert np.abs(there - here).mean(axis=(1, 2)).max() <= 2
