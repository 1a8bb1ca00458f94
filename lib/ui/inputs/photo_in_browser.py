"""Demos that look at photos in the visitor's browser: the person's own ones never come to the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from PIL import Image

from lib import photos
from lib.bundles import Bundle
from lib.demo import Demo
from lib.ui.inputs import browser


def photo_demo(bundle: Bundle, demo: Demo, examples: Sequence[photos.Example]) -> Image.Image:
    """Show a demo of ``static/browser`` that is given photos.

    Args:
        bundle: of the network that it runs.
        demo: of that network.
        examples: what to pick from.

    Returns:
        The example that was chosen last: what the parts of the page that run on the server can show.
    """
    told = _told(bundle)
    chosen = next((one for one in examples if one.name == told["example"]), examples[0])
    now = {"example": chosen.name, "own": told["own"]}
    browser.show(demo, bundle, now, told={"given": lambda given: _hear(bundle, given)})
    return chosen.open()


def shows_example_instead(bundle: Bundle) -> bool:
    """Whether the person has given a photo of their own, which the server cannot show."""
    return browser.in_browser(bundle) and _told(bundle)["own"]


def say_that_own_photo_stays(bundle: Bundle) -> None:
    """Say, if need be, why a part of the page shows the example and not the person's photo."""
    if shows_example_instead(bundle):
        st.info(
            "Your photo stays in your browser. This part shows the example instead; choose *On the server* to see your own.",
            icon=":material/lock:",
        )


def _hear(bundle: Bundle, given: Any) -> None:
    if isinstance(given, dict):
        st.session_state[_key(bundle)] = {"example": str(given.get("example")), "own": bool(given.get("own"))}


def _told(bundle: Bundle) -> dict[str, Any]:
    return st.session_state.get(_key(bundle)) or {"example": "", "own": False}


def _key(bundle: Bundle) -> str:
    return f"{bundle.slug}_given_in_browser"
