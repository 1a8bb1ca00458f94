"""Ways to give a digit: draw it, pick an example, upload a photo."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.drawing_demo import examples
from lib.images import InputError
from lib.ink import canvas_ink, shrink
from lib.tasks.digits.demo import PEN, SHARE, demo
from lib.tasks.digits.reading import digits_of, read_digits
from lib.ui import cached
from lib.ui.inputs.canvas import Canvas
from lib.ui.inputs.drawing import GivenDrawing, canvas_with_buttons, example_buttons, pad, pen_slider, pen_width
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture


@dataclass(frozen=True)
class GivenDigits(GivenDrawing):
    """What a person gave.

    Attributes:
        images: uint8 (28, 28) each, the digits from left to right; `image` is the first one.
        advice: what to do better, or None.
    """

    images: list[np.ndarray] = field(default_factory=list)
    advice: str | None = None


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


def drawn_in_browser(bundle: Bundle) -> GivenDigits:
    """Show the pad on which the network answers in the visitor's browser, and return what is drawn."""
    return _given(pad(Canvas("digit"), bundle, cached.load(demo, bundle.slug)))


def drawn(bundle: Bundle) -> GivenDigits:
    """Show the canvas, and return what is drawn on it."""
    return _given(
        canvas_with_buttons(
            Canvas("digit"), bundle.slug, pen_width(bundle.slug, PEN), "Draw a digit here, or several side by side:"
        )
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


def uploaded(bundle: Bundle) -> GivenDigits:
    """Show an uploader, and return the digit on the photo."""
    Canvas("digit").leave()
    try:
        image = uploaded_picture(
            bundle.slug,
            "A photo of one or several handwritten digits, dark on light or light on dark",
            "Upload a photo of one or several handwritten digits: a phone's photo of a note will do.",
        )
        digits, reading = read_digits(image)
        return GivenDigits(
            digits.images[0],
            shrink(reading.ink),
            photo=image,
            reading=reading,
            images=digits.images,
            advice=digits.advice,
        )
    except InputError as error:
        return GivenDigits(message=str(error), invited=not anything_uploaded(bundle.slug))


def _given(rgba: np.ndarray | None) -> GivenDigits:
    try:
        ink = canvas_ink(rgba)
        digits = digits_of(ink)
    except InputError as error:
        return GivenDigits(message=str(error), invited=True)
    return GivenDigits(digits.images[0], shrink(ink), images=digits.images, advice=digits.advice)
