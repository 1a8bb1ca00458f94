"""Ways to give a sketch: draw it, pick an example, upload a picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.images import InputError
from lib.ink import shrink
from lib.tasks.sketches import strokes as sketches
from lib.tasks.sketches.demo import PEN, SHARE, demo
from lib.ui import cached
from lib.ui.inputs.canvas import Canvas
from lib.ui.inputs.drawing import GivenDrawing, canvas_with_buttons, example_buttons, pad, pen_slider
from lib.ui.inputs.upload import anything_uploaded, uploaded_picture


@dataclass(frozen=True)
class GivenSketch(GivenDrawing):
    """What a person gave.

    Attributes:
        strokes: of the pen, where it was drawn here.
    """

    strokes: list[sketches.Stroke] = field(default_factory=list)


def drawn(canvas: Canvas, page: str, pen: int, caption: str) -> GivenSketch:
    """Show a canvas with undo and clear, and return what is drawn on it."""
    return _given(canvas, canvas_with_buttons(canvas, page, pen, caption))


def drawn_in_browser(bundle: Bundle) -> GivenSketch:
    """Show the pad on which the network answers in the visitor's browser, and return what is drawn."""
    canvas = Canvas("sketch")
    return _given(canvas, pad(canvas, bundle, cached.load(demo, bundle.slug)))


def _given(canvas: Canvas, rgba: np.ndarray | None) -> GivenSketch:
    try:
        image = sketches.drawn_to_sketch(canvas.objects, rgba)
    except InputError as error:
        return GivenSketch(message=str(error), invited=rgba is None)
    naive = shrink(rgba[..., 3].astype(np.float32) / 255) if rgba is not None else None
    return GivenSketch(image, naive, strokes=sketches.canvas_strokes(canvas.objects) or [])


def pen_and_examples(canvas: Canvas, page: str, examples: np.ndarray, labels: list[str], place: DeltaGenerator) -> None:
    """A slider for the pen, and buttons that put an example on the canvas."""
    with place:
        pen_slider(page, PEN)
        st.caption("No idea? Put a drawing of the test set on the canvas:")
        example_buttons(
            canvas,
            page,
            examples,
            labels,
            share=SHARE,
            advice="By a player of Quick, Draw!. The network has never seen it.",
        )


def uploaded(page: str) -> GivenSketch:
    """Show an uploader, and return the drawing on the picture."""
    try:
        image = uploaded_picture(
            page,
            "A picture of one drawing, dark on light or light on dark",
            "Upload a picture of one drawing: a phone's photo of a sketch on paper will do.",
        )
        reading = sketches.read_picture(image)
        drawing = sketches.normalise_ink(reading.ink, reading.levels)
        return GivenSketch(drawing, shrink(reading.ink), photo=image, reading=reading)
    except InputError as error:
        return GivenSketch(message=str(error), invited=not anything_uploaded(page))
