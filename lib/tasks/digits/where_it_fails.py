"""Where a classifier fails: confusion matrix, real mistakes, calibration, and drawings."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.digits.charts import accuracy_by_pen, confusion_matrix, preprocessing_bars
from lib.tasks.digits.demo import KNOWS
from lib.ui import cached
from lib.ui.calibration import calibration
from lib.ui.charts import Spec, finished
from lib.ui.header import fragment
from lib.ui.sentences import times
from lib.ui.strangers import strangers_section

MOST_PICTURES = 24
"""Pictures that a cell opens."""


def mistakes(bundle: Bundle) -> None:
    """Confusion matrix with the digits behind it, the worth of the preprocessing, and the calibration."""
    confusion(bundle)
    cached.show(preprocessing_finding, bundle.slug)
    cached.show(strangers_section, bundle.slug, KNOWS)
    cached.show(calibration, bundle.slug, "digits")


def _matrix(bundle: Bundle) -> Spec:
    return finished(confusion_matrix(bundle.evaluation["confusion_good"], bundle.classes))


@fragment
def confusion(bundle: Bundle) -> None:
    """Confusion matrix of the test set; picking a cell shows the digits behind it."""
    counts = bundle.evaluation["confusion_good"]
    st.markdown(read_confusion(counts.tolist(), bundle.classes) + " **Pick a cell** to see the digits behind it.")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        event = st.vega_lite_chart(
            cached.load(_matrix, bundle.slug),
            alt="Confusion matrix: for each true digit, how often the network read it as which digit",
            on_select="rerun",
            selection_mode="cell",
            key=f"{bundle.slug}_confusion",
        )
    picked = event["selection"].get("cell") or []
    # Of the height of the matrix, so that nothing below moves when another cell is picked.
    with right, st.container(key="mistakes", height=480, border=True):
        _samples(bundle, picked[0] if picked else None)


def _samples(bundle: Bundle, cell: dict | None) -> None:
    evaluation, classes = bundle.evaluation, bundle.classes
    true, predicted = evaluation["samples_true"], evaluation["samples_predicted"]
    if cell is None:
        chosen = np.flatnonzero(true != predicted)
        title = "The surest mistakes"
    else:
        row, column = classes.index(str(cell["true"])), classes.index(str(cell["predicted"]))
        chosen = np.flatnonzero((true == row) & (predicted == column))
        count = int(evaluation["confusion_good"][row, column])
        if row == column:
            title = f"{classes[row]} read correctly, {times(count)}; the closest calls"
        else:
            title = f"A {classes[row]} read as a {classes[column]}, {times(count)}"
    st.subheader(title)
    if not len(chosen):
        st.markdown("No test digit fell into this cell.")
        return
    with st.container(horizontal=True, gap="small"):
        for i in chosen[:MOST_PICTURES]:
            probability = float(evaluation["samples_probability"][i])
            st.image(
                pictures.digit(evaluation["samples_images"][i], 3),
                caption=f"{classes[true[i]]}, read {classes[predicted[i]]}: {probability:.0%}",
                alt=f"A handwritten {classes[true[i]]}",
                width=84,
            )


def preprocessing_finding(bundle: Bundle) -> None:
    """How much of the accuracy is made before the network sees anything: measured on drawings."""
    drawn = bundle.facts.get("freehand")
    if not drawn:
        return
    st.subheader("What the preprocessing is worth")
    test = bundle.variant("good")["test"]
    points = 100 * (drawn["pasted"] - drawn["pasted_naive"])
    st.markdown(
        f"On clean test digits the network is right {test['accuracy']:.2%} of the time. But nobody draws like the test set. So we put "
        f"{drawn['n']:,} test digits on a canvas, at any size and in any place. We read each one twice: from the whole canvas made small, and "
        f"after cropping, scaling and centring it as MNIST's makers did. The network is the same, and **{points:.0f} more of 100** "
        "digits are read correctly."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.altair_chart(
            preprocessing_bars(drawn["pasted"], drawn["pasted_naive"], height=220),
            alt="Accuracy with and without the preprocessing",
        )
    with right:
        st.altair_chart(accuracy_by_pen(drawn["by_pen"], height=220), alt="Accuracy against the width of the pen")
        st.caption(f"Drawn with other pens, and slanted by up to 20 degrees: {drawn['pens']:.1%} are read correctly.")
    other_styles(bundle.facts.get("styles", {}))


def other_styles(right: dict[str, float]) -> None:
    """How well digits are read that are written as in other countries: shares by digit."""
    if not right:
        return
    others = ", ".join(f"{digit} {share:.0%}" for digit, share in right.items() if digit not in "17")
    st.subheader("Other countries, other digits")
    st.markdown(
        "MNIST was written in the United States. In much of Europe a 1 begins with an upstroke and has no base, so it looks like an American 7. "
        "That is why a 7 has a bar there. MNIST has few of both. So a program drew digits in such styles, and the network saw them in the last "
        f"epochs of its training. Of 1,000 others it reads **{right['1']:.0%}** of the 1s and **{right['7']:.0%}** of the 7s. Of the other digits it reads: {others}."
    )


def read_confusion(counts: list[list[int]], classes: list[str]) -> str:
    """How many mistakes there are and which is the most frequent one.

    Args:
        counts: rows are true classes, columns predicted ones.
        classes: their names.
    """
    n = sum(map(sum, counts))
    pairs = [
        (count, classes[true], classes[predicted])
        for true, row in enumerate(counts)
        for predicted, count in enumerate(row)
        if true != predicted
    ]
    wrong = sum(count for count, *_ in pairs)
    if not wrong:
        return f"All {n:,} test digits were read correctly."
    most, true, predicted = max(pairs)
    return (
        f"**{wrong:,} of {n:,}** test digits were misread. The most frequent mistake: "
        f"a **{true}** read as a **{predicted}**, {times(most)}."
    )
