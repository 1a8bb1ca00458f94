"""Ways to give a digit: draw it, pick an example, upload a photo."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.drawing_demo import examples
from lib.images import InputError
from lib.ink import canvas_ink, find_ink, normalise_digit, shrink
from lib.tasks.digits.demo import PEN, SHARE, demo
from lib.ui import cached
from lib.ui.inputs.canvas import Canvas
from lib.ui.inputs.drawing import GivenDrawing, canvas_with_buttons, example_buttons, pad, pen_slider, pen_width
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture

DRAW, UPLOAD = "Draw", "Upload a photo"


def choose_source(bundle: Bundle) -> str:
    """Let the person choose how to give a digit: `DRAW` or `UPLOAD`."""
    return st.segmented_control(
        "How to give a digit",
        [DRAW, UPLOAD],
        default=DRAW,
        required=True,
        key=f"{bundle.slug}_source",
        label_visibility="collapsed",
    )


def drawn_in_browser(bundle: Bundle) -> GivenDrawing:
    """Show the pad on which the network answers in the visitor's browser, and return what is drawn."""
    return _given(pad(Canvas("digit"), bundle, cached.load(demo, bundle.slug)))


def drawn(bundle: Bundle) -> GivenDrawing:
    """Show the canvas, and return what is drawn on it."""
    return _given(
        canvas_with_buttons(Canvas("digit"), bundle.slug, pen_width(bundle.slug, PEN), "Draw one digit here:")
    )


def pen_and_examples(bundle: Bundle) -> None:
    """A slider for the pen, and buttons that put an example on the canvas."""
    images, labels = examples(bundle)
    left, right = st.columns([4, 5], gap="medium")
    with left:
        pen_slider(bundle.slug, PEN)
    with right:
        st.caption("No idea? Put an example on the canvas:")
        advice = "A test digit. The network has never seen it."
        example_buttons(Canvas("digit"), bundle.slug, images, labels, share=SHARE, advice=advice)


def uploaded(bundle: Bundle) -> GivenDrawing:
    """Show an uploader, and return the digit on the photo."""
    Canvas("digit").leave()
    try:
        image = uploaded_picture(
            bundle.slug,
            "A photo of one handwritten digit, dark on light or light on dark",
            "Upload a photo of one handwritten digit: a phone's photo of a note will do.",
        )
        return _read(find_ink(image))
    except InputError as error:
        return GivenDrawing(message=str(error), invited=not anything_uploaded(bundle.slug))


def _given(rgba: np.ndarray | None) -> GivenDrawing:
    try:
        return _read(canvas_ink(rgba))
    except InputError as error:
        return GivenDrawing(message=str(error), invited=True)


def _read(ink: np.ndarray) -> GivenDrawing:
    return GivenDrawing(image=normalise_digit(ink), naive=shrink(ink))
