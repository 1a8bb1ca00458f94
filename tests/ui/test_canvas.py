"""What comes from the browser as a drawing is looked at before it is believed."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib.pictures import PNG

STROKE = {"type": "Path", "path": [["M", 10, 10], ["L", 20, 20]], "strokeWidth": 5}


def file(side: int = 280) -> str:
    content = io.BytesIO()
    Image.fromarray(np.full((side, side, 4), 255, np.uint8)).save(content, "PNG")
    return PNG + base64.b64encode(content.getvalue()).decode()


def taken(given: object) -> tuple[int, bool]:
    """Strokes on a canvas that is given this, and whether there are pixels."""

    def app(given: object) -> None:
        import streamlit as st

        from lib.ui.inputs.canvas import Canvas

        canvas = Canvas("digit")
        canvas.take(given)
        st.text(f"{len(canvas.objects)} {canvas.rgba is not None}")

    strokes, pixels = AppTest.from_function(app, args=(given,)).run().text[0].value.split()
    return int(strokes), pixels == "True"


def test_drawing_is_taken_over():
    assert taken({"objects": [STROKE], "file": file()}) == (1, True)
    assert taken({"objects": [], "file": ""}) == (0, False)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "a drawing",
        {},
        {"objects": [STROKE]},
        {"objects": [STROKE], "file": 3},
        {"objects": [STROKE], "file": "data:image/png;base64,AAAA"},
        {"objects": [STROKE], "file": file()[:200]},
        {"objects": [STROKE], "file": file(281)},
        {"objects": STROKE, "file": file()},
        {"objects": [1], "file": file()},
        {"objects": [{"type": "Path", "path": [["M", "a", "b"]]}], "file": file()},
        {"objects": [{"type": "Path", "path": "M 1 1"}], "file": file()},
        {"objects": [{"type": "Path", "path": [["M", float("nan"), 1]]}], "file": file()},
        {"objects": [{"type": "Image", "src": "https://example.org/a.png"}], "file": file()},
    ],
)
def test_what_is_no_drawing_is_passed_over(given):
    assert taken(given) == (0, False)
