"""The demo: a drawn face to move, or faces of people, and what the network says about each."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.emotions import drawn
from lib.tasks.emotions.demo import FIRST, demo
from lib.tasks.emotions.drawn import EXPRESSIONS
from lib.tasks.emotions.faces import FaceFinder
from lib.tasks.emotions.input import LIVE, GivenFace, drawn_face
from lib.tasks.emotions.pictures import SHOWN, with_boxes
from lib.tasks.emotions.reader import EmotionReader, advice, read_faces
from lib.ui import cached
from lib.ui.charts import probability_bars
from lib.ui.inputs import browser
from lib.ui.inputs.photo import EXAMPLE, given_photos, show_message


def try_faces(bundle: Bundle) -> GivenFace:
    """The demo, and the face that the parts below look at."""
    given = _in_browser(bundle) if browser.in_browser(bundle) else _on_server(bundle)
    st.caption(
        "The network guesses which word people would choose for this picture. It does not know what anybody feels. Do not use it to judge people. "
        "Faces are found by [BlazeFace](https://arxiv.org/abs/1907.05047) from MediaPipe (Apache 2.0)."
    )
    return given


def _in_browser(bundle: Bundle) -> GivenFace:
    state = st.session_state

    def hear(given: Any) -> None:
        if isinstance(given, dict):
            # Photos never come here: of them the page knows no more than that there are some.
            state[f"{bundle.slug}_given_in_browser"] = {
                "example": str(given.get("example")),
                "own": bool(given.get("own")),
            }

    def move(values: Any) -> None:
        state[f"{bundle.slug}_moved"] = values

    told = state.get(f"{bundle.slug}_given_in_browser") or {"example": FIRST, "own": False}
    browser.show(demo(bundle), bundle, told, told={"given": hear, "moved": move})
    moved = state.get(f"{bundle.slug}_moved")
    expression = drawn.expression(moved) if moved else EXPRESSIONS.get(told["example"], EXPRESSIONS[FIRST])
    return GivenFace(drawn.draw_face(expression), drawn=True)


def _on_server(bundle: Bundle) -> GivenFace:
    slug, reader = bundle.slug, cached.load(EmotionReader, bundle.slug)
    way = st.session_state.get(f"{slug}_source") or EXAMPLE
    if way == LIVE:
        return GivenFace()
    left, right = st.columns(2, gap="large")
    if way == EXAMPLE:
        with left:
            # Above the sliders, so that one sees what they move.
            place = st.container()
            expression = drawn_face(slug)
            place.image(drawn.draw_face(expression, SHOWN), alt="The drawn face", width=SHOWN)
        image = drawn.draw_face(expression)
        with right:
            _answer(bundle, reader.probabilities(image[None])[0])
            st.caption("A program drew this face, so it is nobody's. Which part changes the answer most?")
        return GivenFace(image, drawn=True)
    with left:
        given = given_photos(slug, way, (), several=False)
        show_message(given)
    if given.image is None:
        return GivenFace()
    found = read_faces(cached.load(FaceFinder, slug), reader, given.image)
    if words := advice(given.image, found):
        right.warning(words, icon=":material/face:")
    if not found:
        return GivenFace()
    with left:
        st.image(with_boxes(given.image, found), alt="Your photo with a box around each face", width="stretch")
    with right:
        chosen = 0
        if len(found) > 1:
            st.markdown(f"**{len(found)} faces.** The largest one is number 1.")
            chosen = st.number_input("Show the answer for face", 1, len(found), 1, key=f"{slug}_which") - 1
        _answer(bundle, found[chosen].probabilities)
    return GivenFace(found[chosen].image)


def _answer(bundle: Bundle, probabilities: np.ndarray) -> None:
    best = int(probabilities.argmax())
    with st.container(key="emotion"):
        st.metric("The network's guess", bundle.classes[best])
        st.vega_lite_chart(
            probability_bars(bundle.classes, probabilities, 280, "emotion"),
            alt="Probabilities of the seven emotions",
            key=f"{bundle.slug}_bars",
        )
