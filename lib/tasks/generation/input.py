"""What the parts of the page look at: what was asked for; and the fields by which the server's page asks."""

from __future__ import annotations

import random
from dataclasses import dataclass

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.generation.demo import NOUNS
from lib.tasks.generation.flow import GUIDANCE, MOST_GUIDANCE, MOST_STEPS, STEPS
from lib.tasks.generation.generator import MOST_SEED

ANY = "any class"
PICTURES = 16
"""Drawn at once."""


@dataclass(frozen=True)
class GivenWish:
    """What was asked for, and the noise that it was made of.

    Attributes:
        label: index of the class.
        seed: of the noise.
        steps: from noise to picture.
        guidance: see `lib.tasks.generation.flow.steps_from_noise`.
    """

    label: int
    seed: int
    steps: int = STEPS
    guidance: float = GUIDANCE


def first_label(bundle: Bundle) -> int:
    """Index of the class that is chosen for whoever comes for the first time."""
    return 7 % len(bundle.classes)


def last_wish(bundle: Bundle) -> GivenWish:
    """What was drawn last on the server; for whoever has drawn nothing yet, what would be."""
    last = st.session_state.get(f"{bundle.slug}_drawn")
    if last:
        return GivenWish(*last["asked"])
    seed = seed_of(f"{bundle.slug}_seed")
    # Anything can be typed into the field.
    return GivenWish(first_label(bundle), seed if 0 <= seed <= MOST_SEED else 0)


def noun(bundle: Bundle) -> str:
    """What is drawn: ``digit`` or ``garment``."""
    return NOUNS[bundle.slug]


def article(name: str) -> str:
    """The name of a class with its article: ``a 3``, ``an 8``, ``an ankle boot``; nothing before a plural."""
    if name.lower() == "trousers":
        return name
    return f"an {name}" if name == "8" or name[:1].lower() in "aeiou" else f"a {name}"


def new_seed() -> int:
    """A random one: no visitor gets the noise of another."""
    return random.SystemRandom().randrange(MOST_SEED + 1)


def seed_of(key: str) -> int:
    """The seed that stands in a field; a random one for whoever comes for the first time."""
    # An empty field, too, is filled.
    if st.session_state.get(key) is None:
        st.session_state[key] = new_seed()
    return int(st.session_state[key])


def seed_field(label: str, key: str) -> int:
    """A field for a seed."""
    seed_of(key)
    # No limits here: the page itself says what is wrong with a number. A widget would silently put another in its place.
    number = st.number_input(
        label,
        value=None,
        step=1,
        key=key,
        placeholder="random",
        persist_state="session",
        help="It decides which noise we start from. The same seed gives the same noise, on every device.",
    )
    return int(number) if number is not None else seed_of(key)


def class_pills(bundle: Bundle, key: str, with_any: bool = False) -> int | None:
    """Let the person choose a class: its index, or None for any."""
    names = [*bundle.classes, ANY] if with_any else list(bundle.classes)
    if st.session_state.get(key) not in names:
        st.session_state[key] = ANY if with_any else names[first_label(bundle)]
    name = st.pills(f"Choose a {noun(bundle)}", names, required=True, wrap=True, key=key, persist_state="session")
    return None if name == ANY else names.index(name or names[0])


def steps_and_guidance(bundle: Bundle) -> tuple[int, float]:
    """Two sliders, the same ones for all modes."""
    slug = bundle.slug
    steps = st.slider(
        "Steps",
        1,
        MOST_STEPS,
        STEPS,
        key=f"{slug}_steps",
        persist_state="session",
        help="On how many steps the noise becomes a picture. More steps take longer.",
    )
    guidance = st.slider(
        "Guidance",
        0.0,
        MOST_GUIDANCE,
        GUIDANCE,
        0.1,
        key=f"{slug}_guidance",
        persist_state="session",
        help="How strongly your choice counts. 0: the network draws whatever it likes. 1: as the network learnt it. More: it exaggerates.",
    )
    return steps, guidance
