"""Where the adding network fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.sums import charts
from lib.ui import cached
from lib.ui.calibration import calibration
from lib.ui.charts import TITLES, Spec, finished
from lib.ui.header import fragment


def sum_mistakes(bundle: Bundle) -> None:
    """Over both operands, by carries, by the place of the digit, by length; and the mistakes themselves."""
    cached.show(_scores, bundle.slug)
    _by_operands(bundle)
    cached.show(_by_kind, bundle.slug)


def _scores(bundle: Bundle) -> None:
    facts = bundle.variant("good")["test"]
    rows = {
        f"{facts['n']:,} sums that it never saw": facts["exact_match"],
        f"all {facts['small_n']:,} sums of numbers below {round(facts['small_n'] ** 0.5)}": facts["small_exact_match"],
        "sums of four-digit numbers, longer than all in training": facts["longer_exact_match"],
    }
    st.dataframe(
        pd.DataFrame({"sums": list(rows), "exactly right": [f"{share:.2%}" for share in rows.values()]}),
        hide_index=True,
        width="content",
    )


def _by_kind(bundle: Bundle) -> None:
    evaluation = bundle.evaluation
    carries, places, lengths = st.columns(3, gap="medium")
    with carries:
        st.subheader("By carries")
        st.altair_chart(
            charts.wrong_bars(*_shares(evaluation, "carries", range(4)), "carries"),
            alt="Share of wrong answers by the number of carries",
        )
        st.caption(f"How often you carry a 1 when you add by hand.{_why_without_carries(evaluation)}")
    with places:
        st.subheader("By digit")
        count, missed = evaluation["places_count_good"], evaluation["places_wrong_good"]
        names = ["1s", "10s", "100s", "1000s"]
        st.altair_chart(
            charts.wrong_bars(names, missed, count, "digit of the answer"),
            alt="Share of wrong answers by the digit that is wrong",
        )
        st.caption("Which digit of the answer is wrong. The number on a bar counts the wrong answers.")
    with lengths:
        st.subheader("By length")
        st.altair_chart(
            charts.wrong_bars(*_shares(evaluation, "lengths", range(1, 5)), "digits of the longer number"),
            alt="Share of wrong answers by the length of the numbers",
        )
        st.caption("It never saw four digits in training.")
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
    return " It fails most when there is no carry: with digits that add up to 9, and with very small sums."


def _shares(evaluation: dict[str, np.ndarray], what: str, names: range) -> tuple[list[str], np.ndarray, np.ndarray]:
    count = evaluation[f"{what}_count"]
    return [str(name) for name in names], count - evaluation[f"{what}_right_good"], count


@fragment
def _by_operands(bundle: Bundle) -> None:
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
    left.vega_lite_chart(
        cached.load(_map_of_operands, bundle.slug, variant or "good"),
        alt="Share of wrong answers over the two numbers of a sum",
    )
    with right:
        st.markdown(
            "Each square holds the new sums of 25 x 25 numbers. Orange: some answers are wrong. Red: all are. Look at the other two "
            "networks, too.\n\n"
            "**Why do four digits fail?** At school you learn a rule for one column and repeat it. Nothing in the training asks this network "
            "for such a rule: its numbers have at most three digits, and it found a way that works for three. One step further it is lost. "
            "This is called *failing to extrapolate*. Large language models have the same problem."
        )


def _map_of_operands(bundle: Bundle, variant: str) -> Spec:
    evaluation = bundle.evaluation
    return finished(charts.operand_map(evaluation["heat_count"], evaluation[f"heat_right_{variant}"]))


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
