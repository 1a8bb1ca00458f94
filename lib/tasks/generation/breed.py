"""Breed: pictures whose noise is mixed from that of the pictures that a person likes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.generation.flow import blended_noise, noise, pixels, steps_from_noise
from lib.tasks.generation.generator import Generator, checked
from lib.tasks.generation.input import PICTURES, new_seed, steps_and_guidance
from lib.tasks.generation.picks import pick_grid, picked
from lib.tasks.generation.places import Layout
from lib.tasks.generation.shown import Screen
from lib.ui import cached

MUTATION = 0.2
"""Share of the way to new noise that a child goes."""


def first_generation(generator: Generator, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise and wishes of `PICTURES` pictures of random classes: float32 (n, 28, 28) and (n, classes + 1)."""
    labels = np.random.default_rng(seed).integers(len(generator.classes), size=PICTURES)
    return noise(seed, PICTURES), generator.wishes(labels.tolist())


def children(
    starts: np.ndarray, wishes: np.ndarray, parents: Sequence[int], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Noise and wishes of the next generation.

    Each child has two parents, chosen at random, or one if there is one. Its noise lies anywhere between theirs, and a little beside;
    its class is that of one of them.

    Args:
        starts: noise of this generation, float32 (n, 28, 28).
        wishes: float32 (n, classes + 1).
        parents: indices of those that were picked, at least one.
        seed: of all that is left to chance.

    Returns:
        The same of as many children.
    """
    rng, fresh = np.random.default_rng(seed), noise(seed, len(starts))
    pairs = [rng.choice(parents, size=2, replace=len(parents) == 1) for _ in range(len(starts))]
    mixed = [
        blended_noise(blended_noise(starts[one], starts[other], rng.random()), new, MUTATION)
        for (one, other), new in zip(pairs, fresh, strict=True)
    ]
    return np.stack(mixed), np.stack([wishes[rng.choice(pair)] for pair in pairs])


def breed(bundle: Bundle, layout: Layout) -> None:
    """Sixteen pictures to pick parents from, and their children."""
    slug = bundle.slug
    key = f"{slug}_bred"
    state, go = st.session_state.get(key), st.session_state.pop(f"{slug}_breed_now", None)
    cards = f"{slug}_parent_{state['generation'] if state else 0}"
    with layout.buttons:
        _buttons(slug, bool(state or go))
    with layout.below:
        steps, guidance = steps_and_guidance(bundle)
    message = layout.screen.empty()
    screen = Screen(layout.screen, 4, f"{PICTURES} pictures to breed", factor=3)
    # Emptied first, so that the parents are gone while their children come.
    grid = layout.screen.empty()
    parents = picked(cards, PICTURES)
    if go == "children" and state and not parents:
        message.warning("Please pick one or more parents first.", icon=":material/warning:")
    elif go:
        generator, seed = cached.load(Generator, slug), new_seed()
        try:
            checked(PICTURES, seed, steps, guidance)
        except InputError as error:
            message.warning(str(error), icon=":material/warning:")
            return
        if go == "start" or not state:
            starts, wishes = first_generation(generator, seed)
            number = 1
        else:
            starts, wishes = children(state["starts"], state["wishes_of_all"], parents, seed)
            number = state["generation"] + 1
        frames = map(pixels, steps_from_noise(generator.velocity, starts, wishes, steps=steps, guidance=guidance))
        screen.draw(key, number, frames, steps, generation=number, starts=starts, wishes_of_all=wishes)
        screen.clear()
        state = st.session_state[key]
        cards = f"{slug}_parent_{state['generation']}"
    with layout.controls:
        st.markdown(f"**Generation {state['generation']}**" if state else "No generation yet.")
    if state is None:
        screen.invite(f"Press **Start** for {PICTURES} pictures, each of a class by chance.", "play_arrow")
        return
    if state["step"] < state["steps"]:
        message.caption(f"Stopped after step {state['step']} of {state['steps']}.")
    with grid.container():
        names = [bundle.classes[int(row.argmax())] for row in state["wishes_of_all"]]
        pick_grid(cards, state["pictures"], [f"Parent {i + 1}: {name}" for i, name in enumerate(names)])


def _buttons(slug: str, some: bool) -> None:
    """The buttons, when there is a generation, or will be one; callbacks tell what is to be drawn before they are shown."""
    key = f"{slug}_breed_now"
    label, icon = ("Make children", "family_history") if some else ("Start", "play_arrow")
    st.button(
        label,
        key=f"{slug}_breed_children",
        type="primary",
        icon=f":material/{icon}:",
        on_click=_set,
        args=(key, "children"),
    )
    st.button(
        "Start over",
        key=f"{slug}_breed_start",
        icon=":material/restart_alt:",
        disabled=not some,
        on_click=_set,
        args=(key, "start"),
    )


def _set(key: str, value: str) -> None:
    st.session_state[key] = value
