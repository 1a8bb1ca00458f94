"""Pictures on the page: sheets of them, while they are drawn and afterwards."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from lib import pictures
from lib.tasks.generation.flow import noise, pixels

GAP = 4
"""Pixels between the pictures of a sheet."""


def still(images: np.ndarray, caption: str, alt: str, columns: int = 10, width: Any = "stretch") -> None:
    """Show a sheet of pictures (uint8, n x 28 x 28) that stays."""
    if len(images):
        shown = pictures.sheet([pictures.grey(image) for image in images], columns, 3)
        st.image(shown, caption=caption or None, alt=alt, width=width)


def sheet_url(images: np.ndarray, columns: int, factor: int = 4) -> str:
    """Pictures (uint8, n x 28 x 28) on a sheet, as an address that holds it.

    A page that shows each step need not keep a file of each, which a slow browser might ask for when it is gone.
    """
    side, rows = 28 * factor + GAP, -(-len(images) // columns)
    sheet = np.zeros((rows * side - GAP, columns * side - GAP, 2), np.uint8)
    for i, image in enumerate(images):
        top, left = i // columns * side, i % columns * side
        sheet[top : top + side - GAP, left : left + side - GAP, 0] = pictures.enlarge(image, factor)
        sheet[top : top + side - GAP, left : left + side - GAP, 1] = 255
    file = io.BytesIO()
    Image.fromarray(sheet, "LA").save(file, "PNG", compress_level=1)
    return pictures.PNG + base64.b64encode(file.getvalue()).decode()


def start_of(seed: int, n: int) -> np.ndarray:
    """The noise of a seed as pictures, uint8 (n, 28, 28)."""
    return pixels(noise(seed, n))


class Screen:
    """A place where pictures come out of noise, step by step. Its places are made anew in each run.

    Args:
        place: on the page.
        columns: of the sheet.
        alt: what the pictures are.
        factor: enlargement.
    """

    def __init__(self, place: DeltaGenerator, columns: int, alt: str, factor: int = 4) -> None:
        self._columns, self._factor, self._alt = columns, factor, alt
        self._counter, self._sheet = place.empty(), place.empty()

    def show(self, images: np.ndarray) -> None:
        """Show pictures (uint8, n x 28 x 28)."""
        self._sheet.image(sheet_url(images, self._columns, self._factor), alt=self._alt, width="stretch")

    def invite(self, words: str, icon: str) -> None:
        """Say what to do, where the steps will be counted."""
        self._counter.info(words, icon=f":material/{icon}:")

    def warn(self, words: str) -> None:
        """Say why nothing can be drawn."""
        self._counter.warning(words, icon=":material/warning:")

    def clear(self) -> None:
        self._counter.empty()
        self._sheet.empty()

    def draw(self, key: str, asked: Any, frames: Iterator[np.ndarray], steps: int, **kept: Any) -> None:
        """Show each step, and keep what there is in the session, so that whatever interrupts the drawing finds it there.

        Args:
            key: in the session: ``asked``, ``pictures`` (uint8, n x 28 x 28), ``step`` and ``steps``, and what is kept besides.
            asked: for what.
            frames: pictures after each step.
            steps: how many there will be.
            kept: what else belongs to it.
        """
        for step, images in enumerate(frames, start=1):
            # Here a run that was interrupted ends, before it touches what belongs to the next one.
            st.session_state[key] = {"asked": asked, "pictures": images, "step": step, "steps": steps, **kept}
            self._counter.progress(step / steps, text=f"Step {step} of {steps}")
            self.show(images)

    def again(self, state: dict[str, Any]) -> None:
        """Show what was drawn before."""
        step, steps = state["step"], state["steps"]
        words = f"Step {step} of {steps}" if step == steps else f"Stopped after step {step} of {steps}."
        self._counter.progress(step / steps, text=words)
        self.show(state["pictures"])
