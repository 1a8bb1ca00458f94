"""Where the parts of the server's demo stand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.tasks.generation.input import noun
from lib.ui.layout import wrapping_columns

DRAW, WALK, FINISH, BREED, GAME = MODES = ("Draw", "Walk", "Finish", "Breed", "Real or drawn?")
"""What one can do. The demo in the browser has the same."""
SCREEN = 460
"""Width of the pictures, in pixels: four of them, each enlarged four times."""


@dataclass(frozen=True)
class Layout:
    """Places of one mode.

    Attributes:
        mode: one of `MODES`.
        controls: what is asked for.
        buttons: in a row with *Stop*.
        below: settings.
        screen: pictures.
    """

    mode: str
    controls: DeltaGenerator
    buttons: DeltaGenerator
    below: DeltaGenerator
    screen: DeltaGenerator


def lay_out(bundle: Bundle) -> Layout:
    """The places of the demo, and what ends a drawing at once: *Stop*, and another mode.

    It stands outside of the fragment that draws: within it, a click would wait until the drawing is done.
    """
    slug = bundle.slug
    mode = st.segmented_control(
        "What to do",
        MODES,
        default=DRAW,
        required=True,
        key=f"{slug}_mode",
        persist_state="session",
        label_visibility="collapsed",
    )
    st.markdown(_about(noun(bundle))[mode])
    if mode == GAME:
        whole = st.container()
        return Layout(mode, whole, whole, whole, whole)
    # Side by side where there is room. On a phone, the pictures come directly below the buttons.
    left, screen, below = wrapping_columns(300, SCREEN, "stretch")
    controls = left.container()
    row = left.container(horizontal=True, gap="small")
    buttons = row.container(horizontal=True, gap="small", width="content")
    row.button(
        "Stop", key=f"{slug}_stop", icon=":material/stop:", help="Ends the drawing. The pictures stay as they are."
    )
    return Layout(mode, controls, buttons, below, screen)


def _about(thing: str) -> dict[str, str]:
    return {
        DRAW: f"Choose a {thing} and draw. The pictures start as **noise**: each pixel is a random number. In each step the network moves every pixel a little.",
        WALK: "Two pictures, and the way between them. The noise of one turns into the noise of the other, and so does your choice of classes.",
        FINISH: "Draw the **upper half**. The network draws the lower half, in eight different ways.",
        BREED: "Pick the pictures that you like: they are the **parents**. Their children get the noise of two parents, mixed, and a little new noise.",
        GAME: f"Ten of these {thing}s are real. The network drew the other ten. **Can you tell which?** Pick those that the network drew, then press *Check*.",
    }
