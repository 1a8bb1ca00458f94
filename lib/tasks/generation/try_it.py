"""The demo: pictures come out of noise, in the visitor's browser or on the server."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from lib.bundles import Bundle
from lib.images import InputError
from lib.tasks.generation.breed import breed
from lib.tasks.generation.demo import demo
from lib.tasks.generation.draw import draw
from lib.tasks.generation.finish import finish
from lib.tasks.generation.game import play
from lib.tasks.generation.generator import checked
from lib.tasks.generation.input import GivenWish, last_wish
from lib.tasks.generation.places import BREED, DRAW, FINISH, GAME, WALK, Layout
from lib.tasks.generation.walk import walk
from lib.ui import cached
from lib.ui.inputs import browser

_OTHERS = {WALK: walk, FINISH: finish, BREED: breed}


def try_in_browser(bundle: Bundle) -> GivenWish:
    """The demo in the visitor's browser, and what was drawn there last. What a person draws stays there."""
    key = f"{bundle.slug}_drawn_in_browser"

    def hear(given: Any) -> None:
        wish = _wish(bundle, given)
        if wish:
            st.session_state[key] = wish

    last: GivenWish | None = st.session_state.get(key)
    now = {"given": vars(last) if last else None}
    browser.show(cached.load(demo, bundle.slug), bundle, now, told={"given": hear})
    return st.session_state.get(key) or last_wish(bundle)


def _wish(bundle: Bundle, given: Any) -> GivenWish | None:
    """What the browser says. Anything could have been put into its place."""
    match given:
        case {"label": int(label), "seed": int(seed), "steps": int(steps), "guidance": float() | int() as guidance}:
            try:
                checked(1, seed, steps, guidance)
            except InputError:
                return None
            if 0 <= label < len(bundle.classes) and math.isfinite(guidance):
                return GivenWish(label, seed, steps, float(guidance))
    return None


def try_on_server(bundle: Bundle, layout: Layout) -> GivenWish:
    """The mode that was chosen, and what was drawn last."""
    if layout.mode == DRAW:
        return draw(bundle, layout)
    if layout.mode == GAME:
        with layout.screen:
            play(bundle)
    else:
        _OTHERS[layout.mode](bundle, layout)
    return last_wish(bundle)
