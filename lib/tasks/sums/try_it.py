"""The demo of the adding network, and what is told about it."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.digits.where_it_fails import calibration
from lib.tasks.sums import charts as charts_recurrent
from lib.tasks.sums.adder import Written
from lib.tasks.sums.data import END, Sum
from lib.tasks.sums.input import GivenSum, sum_input
from lib.ui import cached, charts
from lib.ui.words import percent

UNITS = 40
"""Units whose state is shown."""
QUIZ = {"up to two digits": 100, "up to three digits": 1000}


def try_sum(bundle: Bundle) -> GivenSum:
    """A typed sum with its answer, and a quiz."""
    slug = bundle.slug
    left, right = st.columns([2, 3], gap="large")
    with left:
        given = sum_input(slug)
        place = st.container()
    answer = _answer(slug, given)
    with right:
        _considered(slug, answer)
    with place:
        _verdict(given, answer)
    quiz(slug)
    return given


def _answer(slug: str, given: GivenSum, variant: str = "good") -> Written | None:
    return cached.adder(slug, variant).answer(given.question) if given.question else None


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
        "**What it considered** for each character of its answer. It writes the most probable one, reads it, and goes on."
    )
    guesses, chosen = (answer.guesses, [*answer.text, END]) if answer else ([], [])
    st.altair_chart(charts_recurrent.considered(guesses, chosen), key=f"{slug}_considered")


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
        question: Sum = state["question"]
        state["shown"] = True
        state["asked"] += 1
        state["network"] += cached.adder(slug).answer(question).text == question.answer
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
            st.markdown(score if state["asked"] else "A random sum for you and for the network. Who is better?")
        question: Sum | None = state["question"]
        if question is None:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.metric("The sum", question.text, width="content")
            if state["shown"]:
                lines = [_line("The network", cached.adder(slug).answer(question).text, question.answer)]
                if state["mine"]:
                    lines.append(_line("You", state["mine"], question.answer))
                st.markdown("  \n".join(lines))
                return
            st.text_input(
                "Your answer",
                key=f"{slug}_quiz_answer",
                max_chars=6,
                width=210,
                placeholder="or leave it to the network",
            )
            st.button("Show", key=f"{slug}_quiz_show", on_click=show)


def _line(who: str, answer: str, truth: str) -> str:
    right = answer == truth
    # What a person typed is shown as it is, not as Markdown.
    answer = f"`{answer.replace('`', chr(39))}`"
    return f":green[{who}: {answer}, right]" if right else f":red[{who}: {answer}, but it is {truth}]"


def sum_variant(bundle: Bundle, variant: str, given: GivenSum) -> None:
    """What a variant writes."""
    answer = _answer(bundle.slug, given, variant)
    if answer is None or given.question is None:
        st.metric("About your sum", "–")
        st.caption("Type a sum above.")
        return
    right = answer.text == given.question.answer
    st.metric("About your sum", answer.text or "nothing")
    verdict = ":green[right]" if right else f":red[wrong, it is {given.question.answer}]"
    st.markdown(f"{verdict}, {percent(answer.probability)} sure")


def sum_states(bundle: Bundle, given: GivenSum) -> None:
    """The state over the characters, and where it ends among the states of other sums."""
    left, right = st.columns([3, 2], gap="large")
    evaluation = bundle.evaluation
    answer = _answer(bundle.slug, given)
    with left:
        st.subheader("The state, character by character")
        st.markdown(
            "All that the network remembers is 256 numbers between -1 and 1. Each row is one of them, each column a character that it read; "
            f"shown are the {UNITS} that move most. Type, and watch the state move. At the **=** everything that is needed for the answer must be in it."
        )
        if answer is None:
            st.info("Type a sum above to see the state.", icon=":material/keyboard:")
        else:
            st.altair_chart(
                charts_recurrent.state_map(answer.read, _liveliest(answer.states)), key=f"{bundle.slug}_state"
            )
    with right:
        st.subheader("Sums with the same answer")
        same, other = float(evaluation["map_same"]), float(evaluation["map_other"])
        st.markdown(
            f"The state after the **=** of {len(evaluation['map_a'])} sums that it never saw in training, on the plane along which they differ "
            f"most. Each colour is one answer. States of the same answer lie {other / max(same, 1e-9):.1f} times as close together as others: "
            "much of the adding is done before it writes the first digit."
        )
        own = None
        if answer is not None and given.question is not None:
            state = answer.states[len(given.question.text)]
            own = (evaluation["map_axes"] @ (state - evaluation["map_mean"]), given.question.text)
        st.altair_chart(charts_recurrent.answer_map(evaluation, own), key=f"{bundle.slug}_map")
        st.caption(
            "The diamond is your sum, the dots are twelve answers from 110 to 990."
            if own
            else "Type a sum above to see where it falls."
        )


def _liveliest(states: np.ndarray) -> np.ndarray:
    """The units that move most over a text, in the order of when they are at their highest: float32 (characters, units)."""
    chosen = states[:, np.argsort(-states.std(axis=0))[:UNITS]]
    return chosen[:, np.argsort(chosen.argmax(axis=0), kind="stable")]


def sum_mistakes(bundle: Bundle) -> None:
    """Over both operands, by carries, by the place of the digit, by length; and the mistakes themselves."""
    evaluation, facts = bundle.evaluation, bundle.variant("good")["test"]
    wrong = round(facts["n"] * (1 - facts["exact_match"]))
    st.markdown(
        f"Of {facts['n']:,} sums that it never saw in either order, **{facts['exact_match']:.2%}** are exactly right; {wrong:,} are not. Of all "
        f"{facts['small_n']:,} sums of numbers below {round(facts['small_n'] ** 0.5)}, **{facts['small_exact_match']:.2%}** are. Of sums of four-digit numbers, "
        f"longer than any in training: **{facts['longer_exact_match']:.1%}**."
    )
    _by_operands(bundle, evaluation)
    carries, places, lengths = st.columns(3, gap="medium")
    with carries:
        st.subheader("By carries")
        st.altair_chart(charts_recurrent.wrong_bars(*_shares(evaluation, "carries", range(4)), "carries"))
        st.caption(f"How often one has to carry when adding by hand.{_why_without_carries(evaluation)}")
    with places:
        st.subheader("By digit")
        count, missed = evaluation["places_count_good"], evaluation["places_wrong_good"]
        names = ["1s", "10s", "100s", "1000s"]
        st.altair_chart(charts_recurrent.wrong_bars(names, missed, count, "digit of the answer"))
        st.caption("Which digit of the answer is wrong. The figure on a bar counts the wrong answers.")
    with lengths:
        st.subheader("By length")
        st.altair_chart(
            charts_recurrent.wrong_bars(*_shares(evaluation, "lengths", range(1, 5)), "digits of the longer number")
        )
        st.caption("Four digits never came up in training.")
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("The surest mistakes")
        _mistakes(evaluation)
    with right:
        calibration(bundle, "sums")


def _why_without_carries(evaluation: dict[str, np.ndarray]) -> str:
    _, wrong, count = _shares(evaluation, "carries", range(4))
    share = wrong / np.maximum(count, 1)
    if share[0] <= share[1:].max():
        return ""
    return (
        " Sums without any are missed most: see the mistakes below, digits that add up to nine, where a carry is nearly due, and "
        "very small sums, of which it met few."
    )


def _shares(evaluation: dict[str, np.ndarray], what: str, names: range) -> tuple[list[str], np.ndarray, np.ndarray]:
    count = evaluation[f"{what}_count"]
    return [str(name) for name in names], count - evaluation[f"{what}_right_good"], count


@st.fragment
def _by_operands(bundle: Bundle, evaluation: dict[str, np.ndarray]) -> None:
    names = {variant: charts.TITLES[variant] for variant in bundle.variants}
    variant = st.segmented_control(
        "Wrong answers over both numbers, by the network that is",
        list(names),
        default="good",
        required=True,
        format_func=lambda name: names[name].lower(),
        key=f"{bundle.slug}_heat",
    )
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts_recurrent.operand_map(evaluation["heat_count"], evaluation[f"heat_right_{variant}"]))
    with right:
        st.markdown(
            "Each square holds the unseen sums of 25 x 25 numbers. Orange: some of them are wrong; red: all of them. Look at the other two "
            "networks, too.\n\n"
            "**Why numbers of four digits fail.** At school we learn a rule for one column, and repeat it as often as needed. Nothing ever asked this network for such "
            "a rule: three digits were all there was, and it found a way that serves three. It is very good at what is like its examples, and lost "
            "one step beyond. That is called *failing to extrapolate*, and large language models know it, too."
        )


def _mistakes(evaluation: dict[str, np.ndarray]) -> None:
    a, b = evaluation["mistakes_a"], evaluation["mistakes_b"]
    if not len(a):
        st.success("There is none among the test sums.", icon=":material/check_circle:")
        return
    rows = pd.DataFrame(
        {
            "sum": [f"{x}+{y}" for x, y in zip(a, b, strict=True)],
            "true answer": a + b,
            "it wrote": evaluation["mistakes_written"],
            "how sure": evaluation["mistakes_probability"],
        }
    )
    st.dataframe(
        rows,
        hide_index=True,
        height=300,
        column_config={"how sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)},
    )
