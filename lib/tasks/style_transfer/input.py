"""What the parts of the page look at: a photo and a style, and how the server's page asks for a style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from lib import photos
from lib.bundles import Bundle
from lib.images import ENDINGS, InputError
from lib.tasks.style_transfer.painter import Painter
from lib.tasks.style_transfer.paintings import PAINTINGS, painting
from lib.ui import cached
from lib.ui.sentences import plain

OWN = "Your picture"
NONE = "no second style"


@dataclass(frozen=True)
class GivenStyle:
    """A photo and a style.

    Attributes:
        picture: the photo, RGB; None when there is none.
        style: float32 (100).
        name: of the style.
    """

    picture: Image.Image | None
    style: np.ndarray
    name: str


def style_of(bundle: Bundle, name: str) -> np.ndarray:
    """The 100 numbers of a painting, or of the picture that the person uploaded as a style."""
    own = st.session_state.get(_key(bundle))
    if name == OWN and isinstance(own, Image.Image):
        return cached.load(Painter, bundle.slug).style(own)
    names = [one.name for one in PAINTINGS]
    return bundle.evaluation["styles"][names.index(name) if name in names else 0]


def choose_style(bundle: Bundle) -> str:
    """The paintings, and the person's own picture if there is one; the name of the chosen style."""
    slug, state = bundle.slug, st.session_state
    names = [one.name for one in PAINTINGS]
    if isinstance(state.get(_key(bundle)), Image.Image):
        names.append(OWN)
    if state.get(f"{slug}_style") not in names:
        state[f"{slug}_style"] = names[0]
    name = st.pills("Style", names, required=True, wrap=True, key=f"{slug}_style", label_visibility="collapsed")
    return name or names[0]


def upload_style(bundle: Bundle) -> None:
    """A place for a picture of one's own as the style."""
    slug, state = bundle.slug, st.session_state
    with st.expander("Use a picture of your own as the style", icon=":material/wallpaper:"):
        st.file_uploader(
            "A picture as the style",
            type=list(ENDINGS),
            key=f"{slug}_style_upload",
            help="The picture stays in this session's memory and is never stored.",
            on_change=_keep,
            args=(bundle,),
            label_visibility="collapsed",
        )
        if message := state.get(f"{slug}_style_message"):
            st.warning(message, icon=":material/warning:")


def show_style(bundle: Bundle, name: str) -> None:
    """The picture whose style was chosen, and whose it is."""
    own = st.session_state.get(_key(bundle))
    if name == OWN and isinstance(own, Image.Image):
        st.image(own, caption="Your picture as the style", alt="The picture whose style was chosen", width=220)
        return
    one = painting(name)
    st.image(str(one.path), caption=f"{one.credit}: {one.title}", alt=f"The painting {one.title}", width=220)


def second_style(bundle: Bundle, first: str) -> tuple[np.ndarray | None, float]:
    """Another style to blend with, if the person wants one, and its share."""
    slug = bundle.slug
    names = [NONE, *(one.name for one in PAINTINGS if one.name != first)]
    other = st.selectbox("Blend with", names, key=f"{slug}_second")
    if other == NONE:
        return None, 0.0
    share = st.slider("Share of the second style", 0, 100, 50, format="%d%%", key=f"{slug}_share")
    return style_of(bundle, other), share / 100


def _key(bundle: Bundle) -> str:
    return f"{bundle.slug}_style_picture"


def _keep(bundle: Bundle) -> None:
    """Decode the style's picture once, choose it, and keep it while the uploader is off the screen, which forgets it."""
    state, slug = st.session_state, bundle.slug
    file = state.get(f"{slug}_style_upload")
    state[f"{slug}_style_message"] = None
    if file is None:
        state.pop(_key(bundle), None)
        return
    try:
        state[_key(bundle)] = photos.read_photo(file.getvalue())
        state[f"{slug}_style"] = OWN
    except InputError as error:
        state[f"{slug}_style_message"] = f"{plain(file.name)}: {error}"
