"""A grid of pictures that a person can pick."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lib.tasks.generation.shown import sheet_url

FACTOR = 3


def picked(name: str, n: int) -> list[int]:
    """Indices of the pictures that are picked in the grid of that name."""
    return [i for i in range(n) if st.session_state.get(f"{name}_{i}")]


def pick_grid(
    name: str,
    images: np.ndarray,
    labels: Sequence[str],
    told: Sequence[str] = (),
    frozen: bool = False,
) -> None:
    """Pictures to be picked: a press anywhere on one ticks its box.

    Args:
        name: of the grid; its boxes have the keys ``<name>_0`` and so on.
        images: uint8 (n, 28, 28).
        labels: what each box is called for those who hear the page.
        told: a line below each.
        frozen: whether nothing can be picked any more.
    """
    _style()
    with st.container(horizontal=True, gap="small", key=f"picks_{name}"):
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            with st.container(key=f"pick_card_{name}_{i}", width=28 * FACTOR + 8, gap="xxsmall"):
                st.image(sheet_url(image[None], 1, FACTOR), alt=label, width=28 * FACTOR)
                st.checkbox(label, key=f"{name}_{i}", disabled=frozen, label_visibility="collapsed", width=28 * FACTOR)
                if told:
                    st.markdown(told[i])


def _style() -> None:
    """The whole card belongs to its box, which is easier to hit with a finger, and a picked card has a frame."""
    card = "[class*='st-key-pick_card_']"
    st.html(
        f"<style>{card} {{ position: relative; padding: 4px; border-radius: 8px; border: 2px solid transparent; }}"
        # What lies between the box and its card must not end the box's reach.
        f"{card} .stElementContainer, {card} [data-testid='stCheckbox'] label {{ position: static; }}"
        f"{card} [data-testid='stElementToolbar'] {{ display: none; }}"
        f"{card} [data-testid='stCheckbox'] label::after "
        "{ content: ''; position: absolute; inset: 0; cursor: pointer; z-index: 2; }"
        f"{card}:has(input:checked) {{ border-color: #D98200; }}"
        f"{card}:has(input:focus-visible) {{ outline: 2px solid #2E8BC0; }}</style>"
    )
