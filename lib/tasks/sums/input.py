"""How a person gives a sum: typed, picked from examples, or drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.bundles import Bundle
from lib.images import BlankInputError, InputError
from lib.tasks.sums import data as sums
from lib.tasks.sums.data import Sum
from lib.tasks.sums.demo import EXAMPLES, demo
from lib.ui.inputs import browser

MOST_TYPED = 40
"""Characters that can be typed."""


@dataclass(frozen=True)
class GivenSum:
    """What the person typed.

    Attributes:
        question: the sum, or None if there is none that could be read.
        message: why not; or what was changed about it, or is special about it.
        invited: True when nothing is wrong and something is merely missing.
    """

    question: Sum | None
    message: str = ""
    invited: bool = False


def sum_input(page: str) -> GivenSum:
    """A text field that answers while one types, and examples."""
    key = f"{page}_typed"

    def put(text: str) -> None:
        st.session_state[key] = text

    # Not as the field's `value`: an example could then not be put there without a warning in the log.
    st.session_state.setdefault(key, EXAMPLES[0])
    typed = st.text_input(
        "A sum of two numbers",
        key=key,
        bind="query-params",
        live="150ms",
        max_chars=MOST_TYPED,
        placeholder="for example 17+38",
        persist_state="session",
    )
    with st.container(horizontal=True, gap="small"):
        for example in EXAMPLES:
            st.button(example, key=f"{page}_example_{example}", on_click=put, args=(example,))
    return read(typed or "")


def sum_in_browser(bundle: Bundle) -> GivenSum:
    """A field in which the network answers in the visitor's browser; what is typed there stands in the address, too."""
    key = f"{bundle.slug}_typed"

    def take(typed: object) -> None:
        # It comes from the browser, where anything could have been put into its place.
        st.session_state[key] = str(typed)[:MOST_TYPED]

    typed = st.session_state.setdefault(key, st.query_params.get(key, EXAMPLES[0])[:MOST_TYPED])
    browser.put_into_address(key, typed, EXAMPLES[0])
    browser.show(demo(bundle), bundle, {"typed": typed}, told={"typed": take})
    return read(typed)


def read(typed: str) -> GivenSum:
    """A sum, or a sentence that says what to change."""
    try:
        question = sums.parse(typed)
    except BlankInputError as error:
        return GivenSum(None, str(error), invited=True)
    except InputError as error:
        return GivenSum(None, str(error))
    remarks = []
    if typed.strip().removesuffix("=") != question.text:
        remarks.append(
            f"Read as `{question.text}`: the network knows the signs 0 to 9 and +, no spaces and no leading zeros."
        )
    if question.beyond_training:
        remarks.append(
            f"In training no number had more than {sums.DIGITS} digits. The network can add three columns, but it does not know the rule for "
            "more. Do not expect the right answer."
        )
    return GivenSum(question, " ".join(remarks))
