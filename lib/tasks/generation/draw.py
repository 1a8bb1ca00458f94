"""Draw: sixteen pictures of a class come out of noise."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.generation.generator import Generator, checked
from lib.tasks.generation.input import (
    PICTURES,
    GivenWish,
    article,
    class_pills,
    last_wish,
    new_seed,
    noun,
    seed_field,
    steps_and_guidance,
)
from lib.tasks.generation.places import Layout
from lib.tasks.generation.shown import Screen, start_of
from lib.ui import cached


def draw(bundle: Bundle, layout: Layout) -> GivenWish:
    """The class, the settings and the pictures; a change of any of them draws again."""
    slug = bundle.slug
    key, again = f"{slug}_drawn", f"{slug}_draw_again"
    with layout.controls:
        label = class_pills(bundle, f"{slug}_label") or 0
    with layout.buttons:
        pressed = st.button("Draw", key=f"{slug}_draw", type="primary", icon=":material/brush:")
        st.button("New noise", key=f"{slug}_new", icon=":material/casino:", on_click=_new_noise, args=(slug, again))
    with layout.below:
        steps, guidance = steps_and_guidance(bundle)
        seed = seed_field("Seed", f"{slug}_seed")
        st.caption(
            f"**The noise stays** until you ask for a new one. Choose another {noun(bundle)}: the same noise becomes something else. What stays alike?"
        )
    screen = Screen(layout.screen, 4, f"{PICTURES} pictures, drawn by the network")
    wanted = (label, seed, steps, round(guidance, 2))
    last = st.session_state.get(key)
    pressed = st.session_state.pop(again, False) or pressed
    try:
        checked(PICTURES, seed, steps, guidance)
    except InputError as error:
        screen.warn(str(error))
        return last_wish(bundle)
    if pressed or (last and last["asked"] != wanted):
        frames = cached.load(Generator, slug).draw([label] * PICTURES, seed, steps, guidance)
        screen.draw(key, wanted, frames, steps)
    elif last:
        screen.again(last)
    else:
        screen.invite(
            f"This is the noise. Press **Draw**: each of the {PICTURES} pictures becomes {article(bundle.classes[label])}.",
            "brush",
        )
        screen.show(start_of(seed, PICTURES))
    return GivenWish(*wanted)


def _new_noise(slug: str, again: str) -> None:
    st.session_state[f"{slug}_seed"], st.session_state[again] = new_seed(), True
