"""Where the adding network fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.sums import charts
from lib.ui.calibration import calibration
from lib.ui.charts import TITLES


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
        st.altair_chart(charts.wrong_bars(*_shares(evaluation, "carries", range(4)), "carries"))
        st.caption(f"How often one has to carry when adding by hand.{_why_without_carries(evaluation)}")
    with places:
        st.subheader("By digit")
        count, missed = evaluation["places_count_good"], evaluation["places_wrong_good"]
        names = ["1s", "10s", "100s", "1000s"]
        st.altair_chart(charts.wrong_bars(names, missed, count, "digit of the answer"))
        st.caption("Which digit of the answer is wrong. The figure on a bar counts the wrong answers.")
    with lengths:
        st.subheader("By length")
        st.altair_chart(charts.wrong_bars(*_shares(evaluation, "lengths", range(1, 5)), "digits of the longer number"))
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
    names = {variant: TITLES[variant] for variant in bundle.variants}
    variant = st.segmented_control(
        "Wrong answers over both numbers, by the network that is",
        list(names),
        default="good",
        required=True,
        format_func=lambda name: names[name].lower(),
        key=f"{bundle.slug}_heat",
    )
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts.operand_map(evaluation["heat_count"], evaluation[f"heat_right_{variant}"]))
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
