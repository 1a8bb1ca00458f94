"""Ways to give a digit: draw it, pick an example, upload a photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import pictures
from lib.images import InputError
from lib.ink import canvas_ink, find_ink, normalise_digit, shrink
from lib.ui.inputs.canvas import CANVAS_SIDE, Canvas
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture


@dataclass(frozen=True)
class GivenDigit:
    """What a person gave.

    Attributes:
        image: uint8 (28, 28), as the network sees it; None when there is nothing to see yet.
        naive: uint8 (28, 28), the same drawing simply shrunk, or None.
        message: why there is no image and what to do, or None.
        invited: True when nothing was given, so that the message is an invitation and not a complaint.
    """

    image: np.ndarray | None = None
    naive: np.ndarray | None = None
    message: str | None = None
    invited: bool = False


def digit_input(page: str, examples: np.ndarray, labels: np.ndarray, below: DeltaGenerator) -> GivenDigit:
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
        return GivenDigit(image=normalise_digit(ink), naive=shrink(ink))
    except InputError as error:
        nothing_given = source == "Draw" or not anything_uploaded(page)
        return GivenDigit(message=str(error), invited=nothing_given)


def _drawn(page: str, examples: np.ndarray, labels: np.ndarray, below: DeltaGenerator) -> np.ndarray:
    canvas = Canvas("digit")
    with below:
        left, right = st.columns([4, 5], gap="medium")
        pen = left.slider("Width of the pen", 2, 40, 18, key=f"{page}_pen", format="%d px")
        with right:
            st.caption("No idea? Put an example on the canvas:")
            with st.container(horizontal=True, gap="xsmall"):
                # Callbacks run before the canvas is shown, so that it follows at once.
                for image, label in zip(examples, labels, strict=True):
                    st.button(
                        str(label),
                        key=f"{page}_example_{label}",
                        help="A digit of the test set, which the network has never learnt from",
                        on_click=_put_example,
                        args=(canvas, image),
                    )
    # The canvas' own toolbar unfolds over the right end of this line.
    st.caption("Draw one digit here:")
    rgba = canvas.draw(pen)
    with st.container(horizontal=True, width=CANVAS_SIDE):
        st.button("Undo", icon=":material/undo:", key=f"{page}_undo", on_click=canvas.undo, width="stretch")
        st.button("Clear", icon=":material/delete:", key=f"{page}_clear", on_click=canvas.clear, width="stretch")
    return canvas_ink(rgba)


def _put_example(canvas: Canvas, image: np.ndarray) -> None:
    canvas.put(pictures.ink_png(image, int(0.8 * CANVAS_SIDE), canvas.ink))


def _uploaded(page: str) -> np.ndarray:
    Canvas("digit").leave()
    image = uploaded_picture(
        page,
        "A photo of one handwritten digit, dark on light or light on dark",
        "Upload a photo of one handwritten digit: a phone's photo of a note will do.",
    )
    return find_ink(image)
