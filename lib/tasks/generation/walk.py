"""Walk: the pictures between two others."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.generation.flow import blended_noise, noise, pixels, steps_from_noise, wish
from lib.tasks.generation.generator import Generator, checked
from lib.tasks.generation.input import article, new_seed, seed_field, steps_and_guidance
from lib.tasks.generation.places import Layout
from lib.tasks.generation.shown import Screen, sheet_url
from lib.ui import cached

STOPS = 11
"""Pictures on the way, both ends included."""
PAUSE = 0.15
"""Seconds for which each is shown when it plays."""
FACTOR = 8


def way(classes: int, labels: tuple[int, int], seeds: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Noise and wishes on the way from one picture to another.

    Args:
        classes: how many there are.
        labels: of both ends.
        seeds: of the noise of both ends.

    Returns:
        float32 (`STOPS`, 28, 28) and (`STOPS`, classes + 1).
    """
    first, second = (noise(seed, 1)[0] for seed in seeds)
    shares = np.linspace(0, 1, STOPS)
    starts = np.stack([blended_noise(first, second, float(share)) for share in shares])
    one, other = (wish({label: 1.0}, classes) for label in labels)
    wishes = np.concatenate([(1 - share) * one + share * other for share in shares]).astype(np.float32)
    return starts, wishes


def walk(bundle: Bundle, layout: Layout) -> None:
    """Two classes, two seeds, and a slider through the pictures between."""
    slug, classes = bundle.slug, bundle.classes
    key = f"{slug}_walked"
    with layout.controls:
        left, right = st.columns(2)
        labels = (_class(left, "From", f"{slug}_from", classes, 3), _class(right, "To", f"{slug}_to", classes, 8))
    with layout.buttons:
        pressed = st.button("Walk", key=f"{slug}_walk", type="primary", icon=":material/route:")
        st.button("New noise", key=f"{slug}_new_walk", icon=":material/casino:", on_click=_new_noise, args=(slug,))
    with layout.below:
        steps, guidance = steps_and_guidance(bundle)
        first = seed_field("Seed of the first", f"{slug}_seed_from")
        second = seed_field("Seed of the second", f"{slug}_seed_to")
    screen = Screen(layout.screen, STOPS, f"{STOPS} pictures from one to the other", factor=2)
    player = layout.screen.container()
    try:
        for seed in (first, second):
            checked(STOPS, seed, steps, guidance)
    except InputError as error:
        screen.warn(str(error))
        return
    if pressed:
        starts, wishes = way(len(classes), labels, (first, second))
        velocity = cached.load(Generator, slug).velocity
        frames = map(pixels, steps_from_noise(velocity, starts, wishes, steps=steps, guidance=guidance))
        screen.draw(key, labels, frames, steps)
    elif key in st.session_state:
        screen.again(st.session_state[key])
    if key not in st.session_state:
        screen.invite("Press **Walk**. All pictures on the way are drawn together.", "route")
        return
    with player:
        _play(bundle, st.session_state[key])


def _class(place: DeltaGenerator, label: str, key: str, classes: list[str], at_first: int) -> int:
    name = place.selectbox(label, classes, index=min(at_first, len(classes) - 1), key=key, persist_state="session")
    return classes.index(name)


def _new_noise(slug: str) -> None:
    st.session_state[f"{slug}_seed_from"], st.session_state[f"{slug}_seed_to"] = new_seed(), new_seed()


def _play(bundle: Bundle, state: dict) -> None:
    """One picture of the way, large; and a button that shows all of them, one after the other, there and back."""
    slug, images = bundle.slug, state["pictures"]
    names = [f"{share:.0%}" for share in np.linspace(0, 1, STOPS)]
    place = st.select_slider("Place on the way", names, value=names[STOPS // 2], key=f"{slug}_place")
    # Only when asked, and only once there and back: who cannot bear motion does not press it.
    play = st.button("Play", key=f"{slug}_play", icon=":material/play_arrow:", help="*Stop* ends it.")
    large, words = st.empty(), st.empty()
    one, other = (bundle.classes[label] for label in state["asked"])

    def show(i: int) -> None:
        large.image(
            sheet_url(images[i : i + 1], 1, FACTOR), alt=f"The picture at {names[i]} of the way", width=28 * FACTOR
        )
        if one == other:
            words.caption(f"Always {article(one)}: only the noise changes.")
        else:
            words.caption(f"At {names[i]} of the way: {STOPS - 1 - i} parts {one} to {i} parts {other}.")

    if play:
        for i in (*range(STOPS), *range(STOPS - 2, -1, -1)):
            show(i)
            time.sleep(PAUSE)
    show(names.index(place))
