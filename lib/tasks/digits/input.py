"""Ways to give a digit: draw it, pick an example, upload a photo."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.images import InputError
from lib.ink import canvas_ink, find_ink, normalise_digit, shrink
from lib.ui.inputs.canvas import Canvas
from lib.ui.inputs.drawing import GivenDrawing, canvas_with_buttons, example_buttons, pen_slider, pen_width
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture

PEN = 18
"""Width of the pen to begin with, in pixels."""


def digit_input(page: str, examples: np.ndarray, labels: list[str], below: DeltaGenerator) -> GivenDrawing:
    """Show the ways to give a digit, and return what was given.

    Args:
        page: slug of the page, for the widgets' keys.
        examples: uint8 (n, 28, 28), pictures that can be put on the canvas.
        labels: what they are, (n).
        below: where the pen and the examples go, so that on a phone the answer comes before them.
    """
    source = st.segmented_control(
        "How to give a digit",
        ["Draw", "Upload a photo"],
        default="Draw",
        required=True,
        key=f"{page}_source",
        label_visibility="collapsed",
    )
    try:
        ink = _drawn(page, examples, labels, below) if source == "Draw" else _uploaded(page)
        return GivenDrawing(image=normalise_digit(ink), naive=shrink(ink))
    except InputError as error:
        nothing_given = source == "Draw" or not anything_uploaded(page)
        return GivenDrawing(message=str(error), invited=nothing_given)


def _drawn(page: str, examples: np.ndarray, labels: list[str], below: DeltaGenerator) -> np.ndarray:
    canvas = Canvas("digit")
    # Before the tools below it, which it would push down.
    ink = canvas_with_buttons(canvas, page, pen_width(page, PEN), "Draw one digit here:")
    with below:
        left, right = st.columns([4, 5], gap="medium")
        with left:
            pen_slider(page, PEN)
        with right:
            st.caption("No idea? Put an example on the canvas:")
            example_buttons(
                canvas,
                page,
                examples,
                labels,
                share=0.8,
                advice="A test digit. The network has never seen it.",
            )
    return canvas_ink(ink)


def _uploaded(page: str) -> np.ndarray:
    Canvas("digit").leave()
    image = uploaded_picture(
        page,
        "A photo of one handwritten digit, dark on light or light on dark",
        "Upload a photo of one handwritten digit: a phone's photo of a note will do.",
    )
    return find_ink(image)
