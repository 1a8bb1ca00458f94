"""Two places, one network: the same network in the visitor's browser and on the server, measured side by side."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.demo import Demo
from lib.two_places import Server
from lib.ui import cached
from lib.ui.header import fragment
from lib.ui.inputs import browser


@fragment
def two_places(experiment: Experiment, bundle: Bundle) -> None:
    """A small table that the visitor's own device fills in; nothing where there is no such network."""
    if not browser.can_run(bundle):
        return
    st.subheader("Two places, one network")
    answers = st.session_state.setdefault("two_places", {})

    def ask(turn: Any) -> None:
        if isinstance(turn, int):
            outputs, milliseconds = cached.load(Server, bundle.slug).answer()
            answers[bundle.slug] = {"turn": turn, "milliseconds": milliseconds, "outputs": outputs}

    data = {"leaves": experiment.words.leaves, "answer": answers.get(bundle.slug)}
    browser.show(Demo("places", data, (202, 333)), bundle, {}, told={"asked": ask})
