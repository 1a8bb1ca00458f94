"""Ways to give a sketch: draw it, pick an example, upload a picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import pictures
from lib.images import InputError
from lib.ink import shrink
from lib.tasks.sketches import strokes as sketches
from lib.ui.inputs.canvas import CANVAS_SIDE, Canvas
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture

PEN = 6
"""Width of the pen to begin with, in pixels: about what it becomes in the network's picture."""


@dataclass(frozen=True)
class GivenSketch:
    """What a person gave.

    Attributes:
        image: uint8 (28, 28), as the network sees it; None when there is nothing to see yet.
        naive: uint8 (28, 28), the same sheet simply shrunk, or None.
        strokes: of the pen, where it was drawn here.
        message: why there is no image and what to do, or None.
        invited: True when nothing was given, so that the message is an invitation and not a complaint.
    """

    image: np.ndarray | None = None
    naive: np.ndarray | None = None
    strokes: list[sketches.Stroke] = field(default_factory=list)
    message: str | None = None
    invited: bool = False


def drawn(canvas: Canvas, page: str, pen: int, caption: str) -> GivenSketch:
    """Show a canvas with undo and clear, and return what is drawn on it."""
    # The canvas' own toolbar unfolds over the right end of this line.
    st.caption(caption)
    rgba = canvas.draw(pen)
    with st.container(horizontal=True, width=CANVAS_SIDE):
        st.button("Undo", icon=":material/undo:", key=f"{page}_undo", on_click=canvas.undo, width="stretch")
        st.button("Clear", icon=":material/delete:", key=f"{page}_clear", on_click=canvas.clear, width="stretch")
    try:
        image = sketches.drawn_to_sketch(canvas.objects, rgba)
    except InputError as error:
        return GivenSketch(message=str(error), invited=rgba is None)
    naive = shrink(rgba[..., 3].astype(np.float32) / 255) if rgba is not None else None
    return GivenSketch(image, naive, sketches.canvas_strokes(canvas.objects) or [])


def pen_and_examples(canvas: Canvas, page: str, examples: np.ndarray, labels: list[str], place: DeltaGenerator) -> int:
    """A slider for the pen, buttons that put an example on the canvas, and the width of the pen."""
    with place:
        pen = st.slider("Width of the pen", 2, 40, PEN, key=f"{page}_pen", format="%d px")
        st.caption("No idea? Put a drawing of the test set on the canvas:")
        with st.container(horizontal=True, gap="xsmall"):
            # Callbacks run before the canvas is shown, so that it follows at once.
            for i, (image, label) in enumerate(zip(examples, labels, strict=True)):
                st.button(
                    label,
                    key=f"{page}_example_{i}",
                    help="By a player of Quick, Draw!; the network has never learnt from it",
                    on_click=_put_example,
                    args=(canvas, image),
                )
    return pen


def _put_example(canvas: Canvas, image: np.ndarray) -> None:
    canvas.put(pictures.ink_png(image, int(0.9 * CANVAS_SIDE), canvas.ink))


def uploaded(page: str) -> GivenSketch:
    """Show an uploader, and return the drawing on the picture."""
    try:
        image = uploaded_picture(
            page,
            "A picture of one drawing, dark on light or light on dark",
            "Upload a picture of one drawing: a phone's photo of a sketch on paper will do.",
        )
        ink = sketches.picture_ink(image)
        return GivenSketch(sketches.normalise_ink(ink), shrink(ink))
    except InputError as error:
        return GivenSketch(message=str(error), invited=not anything_uploaded(page))
