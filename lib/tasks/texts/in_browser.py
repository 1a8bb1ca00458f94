"""The demo of the language models in the visitor's browser, and what the rest of the page takes over from it."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts.try_it import LONGEST_TEXT, MOST_TYPED, about_copying, start_session
from lib.tasks.texts.writer import TURN, load_writer
from lib.ui import cached
from lib.ui.inputs import browser

MOST_WRITTEN = LONGEST_TEXT + 1_000
"""Characters that a text can have: its longest, and what is written on at most."""


def try_in_browser(bundle: Bundle) -> None:
    """The demo; below it, what needs the training text. The prompt stands in the address, too."""
    slug = bundle.slug
    prompt, writing = f"{slug}_prompt", f"{slug}_writing"
    start_session(bundle)

    def take_prompt(typed: object) -> None:
        # It comes from the browser, where anything could have been put into its place.
        st.session_state[prompt] = str(typed)[:MOST_TYPED]

    def take_text(written: object) -> None:
        match written:
            case {"text": str(text), "given": int(given), "turn": int(turn)} if 0 < len(text) <= MOST_WRITTEN:
                model = cached.load(load_writer, slug)
                if 0 <= given <= len(text) and not model.vocabulary.known(text)[1]:
                    # What the network thinks of it is needed here, too: it reads the text once.
                    with TURN:
                        trace = model.read(text)
                    st.session_state[writing] = {"trace": trace, "given": given, "turn": turn}

    examples, typed, state = bundle.facts["examples"], st.session_state[prompt], st.session_state[writing]
    browser.put_into_address(prompt, typed, examples[0])
    trace = state["trace"]
    browser.demo(
        "text",
        bundle,
        {
            "start": bundle.facts["start"],
            "examples": examples,
            "prompt": typed,
            "written": trace and {"text": trace.text, "given": state["given"], "turn": state["turn"]},
        },
        told={"prompt": take_prompt, "written": take_text},
    )
    if trace is not None:
        about_copying(bundle, trace.text, state["given"])
