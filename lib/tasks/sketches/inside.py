"""Inside the sketch networks: which stroke tells it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.classifier import Classifier
from lib.tasks.sketches import charts
from lib.tasks.sketches import strokes as sketches
from lib.tasks.sketches.input import GivenSketch
from lib.ui.sentences import ordinal


def strokes_that_matter(classifier: Classifier, given: GivenSketch) -> None:
    """The sketch with each stroke left out in turn, and what that does to the answer."""
    st.subheader("Which stroke matters most?")
    if given.image is None or len(given.strokes) < 2:
        st.info(
            "Draw at least two strokes above. We leave out each one in turn, to see which one the network needs.",
            icon=":material/draw:",
        )
        return
    best = classifier.classify(given.image, top=1)[0]
    # More would be too small to look at.
    strokes = given.strokes[: charts.MOST_STROKES]
    left_out, numbers = [], []
    for i in range(len(strokes)):
        others = [stroke for j, stroke in enumerate(given.strokes) if j != i]
        try:
            left_out.append(sketches.normalise_strokes(others))
        except sketches.BlankInputError:
            continue
        numbers.append(i)
    probabilities = classifier.probabilities(np.stack(left_out))
    label = classifier.classes.index(best.label)
    change = probabilities[:, label] - best.probability
    instead = [classifier.classes[i] for i in probabilities.argmax(axis=1)]
    rows = pd.DataFrame({"stroke": [i + 1 for i in numbers], "change": change, "instead": instead})
    left, right = st.columns([2, 3], gap="medium")
    left.vega_lite_chart(
        charts.coloured_strokes(strokes, dict(zip(numbers, change, strict=True))),
        alt="Your sketch, each stroke coloured by how much it matters",
    )
    right.vega_lite_chart(
        charts.without_each_stroke(rows, best.label), alt="How the answer changes without each stroke"
    )
    most = rows.loc[rows["change"].idxmin()]
    if most["change"] < -0.01:
        same = most["instead"] == best.label
        then = "the network still says the same" if same else f"the network says *{most['instead']}*"
        st.caption(
            f"The **{ordinal(int(most['stroke']))} stroke** matters most. Without it {then}: **{best.label}** loses "
            f"{-100 * most['change']:.0f} percentage points."
        )
    else:
        st.caption(f"The network needs no single stroke to see **{best.label}**. Without any one, little changes.")
