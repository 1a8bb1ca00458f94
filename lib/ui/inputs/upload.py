"""A picture from a file, that is kept while its uploader is off the screen."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from lib.images import ENDINGS, BlankInputError, read_image
from lib.ui.inputs.canvas import CANVAS_SIDE
from lib.ui.sentences import plain


def uploaded_picture(page: str, label: str, invitation: str) -> Image.Image:
    """Show an uploader and what was uploaded, and return it.

    Args:
        page: slug of the page, for the widgets' keys.
        label: what to upload.
        invitation: said while there is nothing.

    Raises:
        InputError: there is nothing yet, or it is no picture that can be read.
    """
    st.file_uploader(
        label,
        type=list(ENDINGS),
        key=f"{page}_upload",
        help="The picture stays in this session's memory and is never stored.",
        on_change=_keep,
        args=(page,),
    )
    kept = st.session_state.get(f"{page}_file")
    if kept is None:
        raise BlankInputError(invitation)
    name, data = kept
    image = read_image(data)
    st.image(image, caption=plain(name), width=CANVAS_SIDE)
    return image


def anything_uploaded(page: str) -> bool:
    """Whether a file waits in the uploader of that page."""
    return st.session_state.get(f"{page}_file") is not None


def _keep(page: str) -> None:
    """Keep what was uploaded while the uploader is off the screen, which forgets it."""
    file = st.session_state[f"{page}_upload"]
    st.session_state[f"{page}_file"] = (file.name, file.getvalue()) if file else None
