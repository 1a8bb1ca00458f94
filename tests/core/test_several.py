"""Several digits in one drawing, in Python and in the browser."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.several import split
from tests import node

Strokes = list[list[tuple[int, int]]]
ONE: Strokes = [[(60, 60), (60, 200)]]
SEVEN: Strokes = [[(120, 60), (200, 60), (150, 200)]]
CASES: dict[str, tuple[Strokes, int, int]] = {
    "a line": (ONE, 12, 1),
    "17": (ONE + SEVEN, 12, 2),
    "17 with a thin pen": (ONE + SEVEN, 3, 2),
    "slanted digits whose columns overlap": ([[(70, 60), (40, 200)], [(95, 60), (65, 200)]], 8, 2),
    "a 4 of two strokes": ([[(90, 60), (60, 140), (140, 140)], [(128, 90), (128, 210)]], 8, 1),
    "a 5 with its bar apart": (
        [[(110, 60), (100, 120), (150, 150), (130, 200), (90, 200)], [(122, 60), (170, 58)]],
        8,
        1,
    ),
    "a broken line": ([[(100, 50), (100, 80)], [(98, 100), (98, 140)], [(97, 160), (96, 210)]], 8, 1),
    "a broken 0": ([[(95, 60), (70, 130), (95, 200)], [(105, 60), (135, 130), (105, 200)]], 8, 1),
    "three": (ONE + SEVEN + [[(235, 60), (235, 200)]], 10, 3),
    "nothing": ([], 8, 0),
}


def drawn(strokes: Strokes, pen: int) -> np.ndarray:
    image = Image.new("L", (560, 560))
    for stroke in strokes:
        ImageDraw.Draw(image).line([(2 * x, 2 * y) for x, y in stroke], fill=255, width=2 * pen, joint="curve")
    return np.asarray(image.reduce(2))


@pytest.mark.parametrize("name", CASES)
def test_parts_are_counted_from_left_to_right(name):
    strokes, pen, count = CASES[name]
    parts = split(drawn(strokes, pen).astype(np.float32) / 255)
    assert len(parts) == count
    assert [part.box[0] for part in parts] == sorted(part.box[0] for part in parts)


def test_two_that_touch_are_wide():
    parts = split(drawn([[(40, 60), (240, 60)], [(60, 60), (60, 180)], [(220, 60), (220, 180)]], 12) / np.float32(255))
    assert [part.wide for part in parts] == [True]


def test_browser_takes_drawings_apart_as_python_does(tmp_path):
    script = """
    const { split } = await import(`${browser}/several.js`);
    const size = 280 * 280;
    return Array.from({ length: given.sheets.length / size }, (_, i) => {
      const parts = split({ width: 280, height: 280, data: Float32Array.from(given.sheets.subarray(i * size, (i + 1) * size), (one) => one / 255) });
      const rows = Array(15).fill(0);
      parts.slice(0, 3).forEach(({ ink, box }, k) => [...box, ink.data.reduce((a, b) => a + b)].forEach((one, j) => { rows[5 * k + j] = one; }));
      return [parts.length, ...rows];
    });
    """
    rng = np.random.default_rng(3)
    sheets = [drawn(strokes, pen) for strokes, pen, _ in CASES.values()]
    for _ in range(40):
        strokes: Strokes = [
            [tuple(int(n) for n in rng.integers((20 + 60 * k, 30), (80 + 60 * k, 250))) for _ in range(3)]
            for k in range(4)
        ]
        sheets.append(drawn(strokes, int(rng.integers(2, 20))))
    there = node.run(tmp_path, script, sheets=np.stack(sheets)).reshape(len(sheets), 16)
    for sheet, row in zip(sheets, there, strict=True):
        parts = split(sheet.astype(np.float32) / 255)
        assert row[0] == len(parts)
        for part, got in zip(parts[:3], row[1:].reshape(3, 5), strict=False):
            assert tuple(got[:4]) == part.box
            assert got[4] == pytest.approx(part.ink.sum(), rel=1e-3)
