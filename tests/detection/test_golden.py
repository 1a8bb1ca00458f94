"""The browser finds the same boxes as Python does."""

from __future__ import annotations

import numpy as np

from lib import bundles, photos
from lib.photos import EXAMPLES
from lib.tasks.detection.boxes import colour_of
from lib.tasks.detection.detector import Detector
from tests import node

SCRIPT = """
const { detections, colourOf } = await import(`${browser}/boxes.js`);
const found = detections({ scores: given.scores, boxes: given.boxes }, given.classes, ...given.size, given.threshold, given.wanted && new Set(given.wanted));
return [[found.length], ...found.map((one) => [one.index, one.anchor, one.score, ...one.box])];
"""


def test_the_browser_finds_the_same_boxes(tmp_path):
    bundle = bundles.load("object_detection")
    detector = Detector(bundle)
    some = ["cup", "cat", "bird", "bear"]
    for i, example in enumerate(EXAMPLES):
        raw = detector.raw(example.open())
        # Low thresholds leave hundreds of boxes to choose from.
        for threshold, classes in ((0.4, None), (0.02, None), (0.1, some)):
            found = detector.detections(raw, threshold, classes=classes)
            wanted = [bundle.classes.index(name) for name in classes] if classes else None
            count, *rest = node.run(
                tmp_path, SCRIPT, scores=raw.scores, boxes=raw.boxes, classes=bundle.classes, size=raw.size, threshold=threshold, wanted=wanted
            )  # fmt: skip
            there = np.reshape(rest, (-1, 7))
            assert count == len(found), (i, threshold)
            assert [(one.index, one.anchor) for one in found] == [tuple(map(int, one[:2])) for one in there]
            if found:
                assert np.abs(there[:, 3:] - [one.box for one in found]).max() < 0.5


def test_classes_have_the_same_colours(tmp_path):
    script = "const { colourOf } = await import(`${browser}/boxes.js`); return [...Array(80).keys()].map(colourOf);"
    there = node.run(tmp_path, script).reshape(80, 3)
    assert there.astype(int).tolist() == [list(colour_of(i)) for i in range(80)]


def test_whole_photos_come_to_the_same_answer(tmp_path):
    """From the pixels to the names, with the squares that the browser makes."""
    detector, picture = Detector(bundles.load("object_detection")), photos.example("espresso").open()
    script = """
    const { squeezed } = await import(`${browser}/square.js`);
    return [[...squeezed({ width: given.size[0], height: given.size[1], data: new Uint8ClampedArray(given.pixels.buffer) }, 300)]];
    """
    square = node.run(tmp_path, script, pixels=np.asarray(picture.convert("RGBA")), size=picture.size)
    there = detector.detect(square.reshape(300, 300, 3).astype(np.uint8))
    here = detector.detect(picture)
    assert [one.label for one in there] == [one.label for one in here]
