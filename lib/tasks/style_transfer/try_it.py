"""The demo: a photo in the style of a painting."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.style_transfer.demo import demo
from lib.tasks.style_transfer.input import GivenStyle, choose_style, second_style, show_style, style_of, upload_style
from lib.tasks.style_transfer.painter import Painter, advice
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS
from lib.ui import cached
from lib.ui.inputs import browser
from lib.ui.inputs.photo import photo_input, show_credit, show_message

TALLEST = 520
"""Height in pixels at which a painted photo is shown at most, so that an upright one fits on the screen."""


def try_style(bundle: Bundle) -> GivenStyle:
    """The demo, and the photo and the style that the parts below look at."""
    given = _in_browser(bundle) if browser.in_browser(bundle) else _on_server(bundle)
    st.caption(
        "The network was trained by others: Google's [Magenta](https://arxiv.org/abs/1705.06830) (Apache 2.0). The paintings are so old that they are in the "
        "public domain in most countries. In some, such as Spain, the works of Picabia and Matisse are protected for longer."
    )
    return given


def _in_browser(bundle: Bundle) -> GivenStyle:
    state, slug = st.session_state, bundle.slug

    def hear(given: Any) -> None:
        if isinstance(given, dict):
            # Photos never come here: of them the page knows no more than that there are some.
            state[f"{slug}_given_in_browser"] = {
                "example": str(given.get("example")),
                "own": bool(given.get("own")),
            }

    def hear_style(name: Any) -> None:
        state[f"{slug}_styled"] = str(name)

    told = state.get(f"{slug}_given_in_browser") or {"example": PHOTOS[0].name, "own": False}
    browser.show(demo(bundle), bundle, told, told={"given": hear, "styled": hear_style})
    photo = next((one for one in PHOTOS if one.name == told["example"]), PHOTOS[0])
    names = [one.name for one in PAINTINGS]
    name = state.get(f"{slug}_styled")
    name = name if name in names else names[0]
    return GivenStyle(photo.open(), style_of(bundle, name), name)


def _on_server(bundle: Bundle) -> GivenStyle:
    slug = bundle.slug
    left, right = st.columns([3, 2], gap="large")
    with left:
        given = photo_input(slug, PHOTOS, several=False)
        show_message(given)
        place = st.container()
    with right:
        name = choose_style(bundle)
        show_style(bundle, name)
        upload_style(bundle)
        strength = st.slider("Strength of the style", 0, 100, 100, format="%d%%", key=f"{slug}_strength") / 100
        second, share = second_style(bundle, name)
        own_colours = st.toggle("Keep the colours of the photo", key=f"{slug}_colours")
    style = style_of(bundle, name)
    if given.image is None:
        return GivenStyle(None, style, name)
    if words := advice(given.image):
        place.warning(words, icon=":material/dark_mode:")
    try:
        photo, painted = cached_painting(bundle, given.image, style, second, share, strength, own_colours)
    except InputError as error:
        place.warning(str(error), icon=":material/warning:")
        return GivenStyle(None, style, name)
    with place:
        after, before = st.tabs(["After", "Before"])
        height, width = painted.shape[:2]
        shown = max(1, round(TALLEST * width / height))
        after.image(painted, alt="The painted photo", width=shown)
        before.image(photo, alt="The photo", width=shown)
        show_credit(given)
        st.download_button(
            "Download as PNG",
            lambda: _png(painted),
            "painted.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
            key=f"{slug}_download",
        )
    return GivenStyle(given.image, style, name)


def cached_painting(
    bundle: Bundle,
    picture: Image.Image,
    style: np.ndarray,
    second: np.ndarray | None,
    share: float,
    strength: float,
    own_colours: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """See `lib.tasks.style_transfer.painter.Painter.paint_with`; what was painted lately is remembered.

    Raises:
        InputError: the photo is too narrow.
    """
    painter = cached.load(Painter, bundle.slug)
    pixels = np.asarray(picture)
    return _painting(cached.written(bundle.slug), pixels, style, second, share, strength, own_colours, painter)


@st.cache_data(show_spinner=False, max_entries=16)
def _painting(
    written: str,
    pixels: np.ndarray,
    style: np.ndarray,
    second: np.ndarray | None,
    share: float,
    strength: float,
    own_colours: bool,
    _painter: Painter,
) -> tuple[np.ndarray, np.ndarray]:
    picture = Image.fromarray(pixels)
    return _painter.paint_with(picture, (style, second), share=share, strength=strength, own_colours=own_colours)


def _png(painted: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(painted).save(file, "PNG")
    return file.getvalue()
