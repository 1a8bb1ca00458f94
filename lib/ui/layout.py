"""Places on a page that Streamlit has no ready form of."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def wrapping_columns(*widths: int | Literal["stretch"]) -> list[DeltaGenerator]:
    """Places side by side; those that there is no room for go below, where `st.columns` would cut a canvas off.

    Args:
        widths: of the places in pixels, or "stretch" for what the others leave.
    """
    row = st.container(horizontal=True, gap="medium")
    return [row.container(width=width) for width in widths]
