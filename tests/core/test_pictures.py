"""Pictures of numbers."""

from __future__ import annotations

import numpy as np

from lib import pictures


def test_sheet_puts_pictures_in_rows_with_clear_gaps():
    white = np.full((2, 2, 3), 255, np.uint8)
    sheet = pictures.sheet([white] * 3, columns=2, factor=2, gap=1)
    assert sheet.shape == (9, 9, 4)
    assert sheet[4, :, 3].max() == 0
    assert sheet[5:, 5:, 3].max() == 0


def test_diverging_is_white_at_zero_and_symmetric():
    colours = pictures.diverging(np.array([[-2.0, 0.0, 2.0]]))
    assert colours[0, 1].min() > 240
    assert tuple(colours[0, 0]) == (217, 130, 0)
    assert tuple(colours[0, 2]) == (46, 139, 192)
