"""Finish: a person draws the upper half of a picture, and the network the rest."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from lib import ink
from lib.bundles import Bundle
from lib.images import BlankInputError, InputError
from lib.pictures import CANVAS_SIDE
from lib.tasks.generation.demo import PENS
from lib.tasks.generation.flow import SIDE, noise, pixels, scaled, steps_from_noise, wish
from lib.tasks.generation.generator import Generator, checked
from lib.tasks.generation.input import class_pills, noun, seed_field, steps_and_guidance
from lib.tasks.generation.places import Layout
from lib.tasks.generation.shown import Screen
from lib.ui import cached
from lib.ui.inputs.canvas import Canvas
from lib.ui.inputs.drawing import canvas_with_buttons, example_buttons

WAYS = 8
"""In which a half is finished."""
LEAST = 0.01
"""Share of the upper half that must be covered by ink."""


def upper_half(rgba: np.ndarray | None) -> np.ndarray:
    """What is drawn on the upper half of a canvas, where it is drawn.

    Args:
        rgba: uint8 (height, width, 4), transparent where nothing is drawn; None before the first stroke.

    Returns:
        uint8 (28, 28), black below.

    Raises:
        BlankInputError: there is nothing in the upper half.
    """
    half = np.zeros((SIDE, SIDE), np.uint8)
    if rgba is not None:
        half[: SIDE // 2] = ink.shrink(rgba[..., 3].astype(np.float32) / 255)[: SIDE // 2]
    if half[: SIDE // 2].mean() < 255 * LEAST:
        raise BlankInputError("The upper half is empty. Please draw something there first.")
    return half


def finish(bundle: Bundle, layout: Layout) -> None:
    """A canvas, and eight ways to go on."""
    slug = bundle.slug
    key, canvas = f"{slug}_finished", Canvas(f"{slug}_half", kept=False)
    with layout.controls:
        label = class_pills(bundle, f"{slug}_finish_label", with_any=True)
        rgba = _half_canvas(bundle, canvas)
    with layout.buttons:
        pressed = st.button("Finish it", key=f"{slug}_finish", type="primary", icon=":material/auto_fix_high:")
    with layout.below:
        st.caption("No idea? Take the upper half of a real one:")
        _examples(bundle, canvas)
        steps, guidance = steps_and_guidance(bundle)
        seed = seed_field("Seed", f"{slug}_seed")
    screen = Screen(layout.screen, 4, f"Your upper half, finished in {WAYS} ways")
    below = layout.screen.container()
    if pressed:
        try:
            checked(WAYS, seed, steps, guidance)
            half = upper_half(rgba)
        except InputError as error:
            screen.warn(str(error))
            return
        known = scaled(half), np.arange(SIDE)[:, None] < SIDE // 2
        asked = wish({} if label is None else {label: 1.0}, len(bundle.classes), WAYS)
        velocity = cached.load(Generator, slug).velocity
        frames = steps_from_noise(velocity, noise(seed, WAYS), asked, steps=steps, guidance=guidance, known=known)
        screen.draw(key, label, map(pixels, frames), steps)
    elif key in st.session_state:
        screen.again(st.session_state[key])
    if key in st.session_state:
        below.caption(
            "The upper halves are all yours. In each step we put your pixels back, mixed with as much noise as the others still have. So the network draws "
            "what fits to them (*inpainting*)."
        )
    else:
        screen.invite("Draw the upper half, then press **Finish it**.", "draw")


def _half_canvas(bundle: Bundle, canvas: Canvas) -> np.ndarray | None:
    """The canvas, on which the lower half is shaded."""
    dark = st.context.theme.type == "dark"
    paper, shade = ((24, 29, 36), (48, 57, 70)) if dark else ((255, 255, 255), (224, 230, 236))
    sheet = Image.new("RGB", (CANVAS_SIDE, CANVAS_SIDE), paper)
    sheet.paste(shade, (0, CANVAS_SIDE // 2, CANVAS_SIDE, CANVAS_SIDE))
    words = f"Draw the upper half of a {noun(bundle)}, as large as the canvas. The grey half is for the network:"
    return canvas_with_buttons(canvas, f"{bundle.slug}_half", PENS[bundle.slug], words, background=sheet)


def _examples(bundle: Bundle, canvas: Canvas) -> None:
    """Buttons that put the upper half of a real picture onto the canvas: one of each class."""
    images = bundle.evaluation["real_shown"][::2].copy()
    images[:, SIDE // 2 :] = 0
    names = bundle.classes[: len(images)]
    advice = "From the test set. The network has never seen it."
    example_buttons(canvas, f"{bundle.slug}_half", images[: len(names)], names, share=1.0, advice=advice)
