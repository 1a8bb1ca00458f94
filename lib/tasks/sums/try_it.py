"""The demo of the adding network, a quiz, and what each variant writes."""

from __future__ import annotations

import random

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.sums import charts
from lib.tasks.sums.adder import Written, load_adder
from lib.tasks.sums.data import END, Sum
from lib.tasks.sums.input import GivenSum, sum_in_browser, sum_input
from lib.ui import cached
from lib.ui.inputs.browser import in_browser
from lib.ui.sentences import percent

QUIZ = {"up to two digits": 100, "up to three digits": 1000}


def try_sum(bundle: Bundle) -> GivenSum:
    """A typed sum with its answer, and a quiz."""
    given = sum_in_browser(bundle) if in_browser(bundle) else _sum_on_server(bundle.slug)
    quiz(bundle.slug)
    return given


def _sum_on_server(slug: str) -> GivenSum:
    left, right = st.columns([2, 3], gap="large")
    with left:
        given = sum_input(slug)
        place = st.container()
    answer = answer_to(slug, given)
    with place:
        _verdict(given, answer)
    with right:
        _considered(slug, answer)
    return given


def answer_to(slug: str, given: GivenSum, variant: str = "good") -> Written | None:
    return cached.load(load_adder, slug, variant).answer(given.question) if given.question else None


def _verdict(given: GivenSum, answer: Written | None) -> None:
    if answer is None or given.question is None:
        show, icon = (st.info, ":material/keyboard:") if given.invited else (st.warning, ":material/warning:")
        show(given.message, icon=icon)
        return
    wrote, truth = st.columns(2)
    with wrote.container(key="answer"):
        st.metric("The network writes", answer.text or "nothing")
    truth.metric("The true sum", given.question.answer)
    if answer.text == given.question.answer:
        st.success(f"Right, and it was {percent(answer.probability)} sure.", icon=":material/check_circle:")
    else:
        st.error(f"Wrong, and it was {percent(answer.probability)} sure.", icon=":material/cancel:")
    if given.message:
        st.caption(given.message)


def _considered(slug: str, answer: Written | None) -> None:
    st.markdown(
        "**What it considers** for each character of its answer. It writes the most probable one, reads it, and goes on."
    )
    guesses, chosen = (answer.guesses, [*answer.text, END]) if answer else ([], [])
    st.vega_lite_chart(
        charts.considered(guesses, chosen),
        alt="Probabilities of each character of the answer",
        height=330,
        key=f"{slug}_considered",
    )


def quiz(slug: str) -> None:
    """Random sums, a score for the network and one for the person."""
    state = st.session_state.setdefault(
        f"{slug}_quiz",
        {"question": None, "shown": False, "mine": "", "asked": 0, "network": 0, "person": 0, "played": 0},
    )

    def ask() -> None:
        limit = QUIZ[st.session_state[f"{slug}_quiz_size"]]
        state["question"], state["shown"] = Sum(random.randrange(limit), random.randrange(limit)), False
        st.session_state[f"{slug}_quiz_answer"] = ""

    def show() -> None:
        # Leaving the field and pressing the button may both tell.
        if state["shown"]:
            return
        question: Sum = state["question"]
        state["shown"] = True
        state["asked"] += 1
        state["network"] += cached.load(load_adder, slug).answer(question).text == question.answer
        mine = state["mine"] = st.session_state[f"{slug}_quiz_answer"].strip()
        if mine:
            state["played"] += 1
            state["person"] += mine == question.answer

    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button("Quiz me", key=f"{slug}_quiz_ask", icon=":material/casino:", on_click=ask, type="primary")
            st.segmented_control(
                "Numbers of", list(QUIZ), default="up to two digits", required=True, key=f"{slug}_quiz_size"
            )
            score = f"Network: **{state['network']} of {state['asked']}**"
            if state["played"]:
                score += f" · You: **{state['person']} of {state['played']}**"
            st.markdown(score if state["asked"] else "A random sum for you and the network. Who is better?")
        question: Sum | None = state["question"]
        if question is None:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.metric("The sum", question.text, width="content")
            if state["shown"]:
                lines = [_line("The network", cached.load(load_adder, slug).answer(question).text, question.answer)]
                if state["mine"]:
                    lines.append(_line("You", state["mine"], question.answer))
                st.markdown("  \n".join(lines))
                return
            # Enter shows the answers, as the button does.
            st.text_input(
                "Your answer",
                key=f"{slug}_quiz_answer",
                max_chars=6,
                width=210,
                placeholder="or let the network answer",
                on_change=show,
            )
            st.button("Show", key=f"{slug}_quiz_show", on_click=show)


def _line(who: str, answer: str, truth: str) -> str:
    right = answer == truth
    # What a person typed is shown as it is, not as Markdown.
    answer = f"`{answer.replace('`', chr(39))}`"
    return f":green[{who}: {answer}, right]" if right else f":red[{who}: {answer}, but it is {truth}]"


def sum_variant(bundle: Bundle, variant: str, given: GivenSum) -> None:
    """What a variant writes."""
    answer = answer_to(bundle.slug, given, variant)
    if answer is None or given.question is None:
        st.metric("About your sum", "–")
        st.caption("Type a sum above.")
        return
    right = answer.text == given.question.answer
    st.metric("About your sum", answer.text or "nothing")
    verdict = ":green[right]" if right else f":red[wrong, it is {given.question.answer}]"
    st.markdown(f"{verdict}, {percent(answer.probability)} sure")
