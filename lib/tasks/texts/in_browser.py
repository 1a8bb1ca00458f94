"""The demo of the language models in the visitor's browser, and what the rest of the page takes over from it."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts.demo import demo
from lib.tasks.texts.try_it import LONGEST_TEXT, MOST_TYPED, about_copying, start_session
from lib.tasks.texts.writer import TURN, load_writer
from lib.ui import cached
from lib.ui.inputs import browser

MOST_WRITTEN = LONGEST_TEXT + 1_000
"""Characters that a text can have: its longest, and what is written on at most."""


def try_in_browser(bundle: Bundle) -> None:
    """The demo; below it, what needs the training text. The prompt stands in the address, too."""
    slug = bundle.slug
    prompt, writing, new = (f"{slug}_{name}" for name in ("prompt", "writing", "new_text"))
    start_session(bundle)

    def take_prompt(typed: object) -> None:
        # It comes from the browser, where anything could have been put into its place.
        st.session_state[prompt] = str(typed)[:MOST_TYPED]

    def take_text(written: object) -> None:
        match written:
            case {"text": str(text), "given": int(given), "turn": int(turn)} if 0 < len(text) <= MOST_WRITTEN:
                known = cached.load(load_writer, slug).vocabulary.known(text)[0]
                if known == text and 0 <= given <= len(text):
                    st.session_state[new] = {"text": text, "given": given, "turn": turn}

    examples, typed, state = bundle.facts["examples"], st.session_state[prompt], st.session_state[writing]
    browser.put_into_address(prompt, typed, examples[0])
    written = st.session_state.get(new)
    if written is None and state["trace"] is not None:
        written = {"text": state["trace"].text, "given": state["given"], "turn": state["turn"]}
    told = {"prompt": take_prompt, "written": take_text}
    browser.show(demo(bundle), bundle, {"prompt": typed, "written": written}, told=told)
    if written is None:
        return
    about_copying(bundle, written["text"], written["given"])
    if new in st.session_state:
        # What the network thinks of it is needed here, too, so it reads the text once; after the demo, which need not wait.
        with TURN:
            trace = cached.load(load_writer, slug).read(written["text"])
        st.session_state[writing] = {"trace": trace, "given": written["given"], "turn": written["turn"]}
        del st.session_state[new]
