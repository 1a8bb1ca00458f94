"""What digits and sketches share: a canvas to draw on, pictures to put on it, and what a person gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from lib import pictures
from lib.bundles import Bundle
from lib.demo import Demo
from lib.paper import Reading
from lib.pictures import CANVAS_SIDE
from lib.ui.inputs import browser
from lib.ui.inputs.canvas import Canvas
from lib.ui.layout import wrapping_columns


@dataclass(frozen=True)
class GivenDrawing:
    """What a person gave.

    Attributes:
        image: uint8 (28, 28), as the network sees it; None when there is nothing to see yet.
        naive: uint8 (28, 28), the same sheet simply shrunk, or None.
        message: why there is no image and what to do, or None.
        invited: True when nothing was given, so that the message is an invitation and not a complaint.
        photo: the picture that was given, if it is one.
        reading: what was found on it, and taken away.
    """

    image: np.ndarray | None = None
    naive: np.ndarray | None = None
    message: str | None = None
    invited: bool = False
    photo: Image.Image | None = None
    reading: Reading | None = None

    def show_message(self) -> None:
        """Say why there is no image, as an invitation or as a complaint."""
        if self.invited:
            st.info(self.message or "", icon=":material/draw:")
        else:
            st.warning(self.message or "", icon=":material/warning:")


def canvas_with_buttons(
    canvas: Canvas, page: str, pen: int, caption: str, background: Image.Image | None = None
) -> np.ndarray | None:
    """Show a canvas below a caption, with undo and clear.

    Args:
        canvas: to show.
        page: for the widgets' keys.
        pen: width of the strokes, in pixels.
        caption: above the canvas.
        background: see `Canvas.draw`.

    Returns:
        What is drawn on it, uint8 (height, width, 4); None before the first stroke.
    """
    # The canvas' own toolbar unfolds over the right end of this line.
    st.caption(caption)
    rgba = canvas.draw(pen, background)
    with st.container(horizontal=True, width=CANVAS_SIDE):
        empty = not canvas.objects
        for label, icon, press in (("Undo", "undo", canvas.undo), ("Clear", "delete", canvas.clear)):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"{page}_{label.lower()}",
                disabled=empty,
                on_click=press,
                width="stretch",
            )
    return rgba


def pen_width(page: str, at_first: int) -> int:
    """Width of the pen, in pixels, as `pen_slider` lets one choose it: to be asked for before that is on the screen."""
    return st.session_state.get(f"{page}_pen", at_first)


def pen_slider(page: str, at_first: int) -> None:
    """A slider for the width of the pen; see `pen_width`."""
    st.slider("Width of the pen", 2, 40, at_first, key=f"{page}_pen", format="%d px")


def example_buttons(
    canvas: Canvas, page: str, examples: np.ndarray, labels: Sequence[str], *, share: float, advice: str
) -> None:
    """Buttons that put an example on the canvas.

    Args:
        canvas: to put it on.
        page: for the widgets' keys.
        examples: uint8 (n, 28, 28).
        labels: what they are, (n).
        share: of the canvas' side that an example takes.
        advice: what a button says when one points at it.
    """

    def put(image: np.ndarray) -> None:
        canvas.put(pictures.ink_png(image, int(share * CANVAS_SIDE), canvas.ink))

    with st.container(horizontal=True, gap="xsmall"):
        # Callbacks run before the canvas is shown, so that it follows at once.
        for i, (image, label) in enumerate(zip(examples, labels, strict=True)):
            st.button(label, key=f"{page}_example_{i}", help=advice, on_click=put, args=(image,))


def pad(canvas: Canvas, bundle: Bundle, demo: Demo) -> np.ndarray | None:
    """Show a pad on which the network answers in the visitor's browser; what is drawn there is on the canvas, too.

    Args:
        canvas: whose drawing it is.
        bundle: of the network.
        demo: of that network.

    Returns:
        What is drawn on it, uint8 (height, width, 4); None before the first stroke.
    """
    canvas.leave()
    browser.show(demo, bundle, {"ink": canvas.ink, "drawing": canvas.objects}, told={"drawing": canvas.take})
    return canvas.rgba


def enlarged(image: np.ndarray | None, factor: int) -> np.ndarray:
    """A picture of 28x28 pixels for people; of the same size, and black, if there is none."""
    if image is None:
        return np.zeros((28 * factor, 28 * factor), np.uint8)
    return pictures.digit(image, factor)


def variant_answer(variant: str, thing: str, answer: str | None, sure: str) -> None:
    """What one variant says about a drawing, of the same height whether there is one or not.

    Args:
        variant: its name.
        thing: what was drawn.
        answer: its best guess; None if nothing was drawn.
        sure: how sure it is, or what to do.
    """
    with st.container(key=f"answer_{variant}"):
        st.metric(f"About your {thing} it says", answer or "–")
    st.caption(sure)


def what_had_to_go(given: GivenDrawing) -> None:
    """A lesson: what stands in the way on a photo before the network sees anything; nothing where there is no photo."""
    if given.photo is None or given.reading is None:
        return
    reading = given.reading
    with st.container(key="had_to_go"):
        st.markdown("#### What the computer has to get rid of first")
        picture, words = wrapping_columns(CANVAS_SIDE, "stretch")
        marked = pictures.marked(given.photo, reading)
        picture.image(marked, width=CANVAS_SIDE, alt="Your photo, with what was found on it in colours")
        with words:
            for sentence in reading.sentences() or ["I found nothing but ink on paper."]:
                st.markdown(sentence)
            legend = [":green[Green]: the ink that the network gets to see."]
            if reading.corners is not None:
                legend.insert(0, ":blue[Blue]: the edge of the sheet.")
            if reading.lines:
                legend.insert(-1, ":orange[Orange]: printed lines.")
            st.caption("  \n".join(legend))
            st.caption(
                "You see at once what is ink. A computer sees only numbers: a shadow or a line can be as dark as ink. "
                "So rules look for the sheet and its lines first. The network learnt none of this."
            )
