"""Where the photo classifier fails."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.photos import charts
from lib.tasks.photos.demo import KNOWS
from lib.ui import cached
from lib.ui.calibration import calibration
from lib.ui.strangers import strangers_section


def robustness(bundle: Bundle) -> None:
    """What is done to photos, and how much accuracy it costs."""
    table = bundle.table("robustness.csv", ["what", "value", "accuracy"])
    for place, what in zip([*st.columns(2, gap="large"), *st.columns(2, gap="large")], charts.UNITS, strict=True):
        place.altair_chart(charts.bearing(table, what), alt=f"Accuracy on photos that are {charts.UNITS[what]}")


def where_it_fails(bundle: Bundle) -> None:
    """Which guess is right, the surest mistakes, changed photos, and how sure it is."""
    cached.show(_failures, bundle.slug)


def _failures(bundle: Bundle) -> None:
    test, evaluation, classes = bundle.variant("good")["test"], bundle.evaluation, bundle.classes
    preparation = bundle.facts["preparation"]
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which guess was right?")
        st.altair_chart(charts.right_guess(evaluation["rank"].tolist()), alt="Which of its guesses was right")
        st.markdown(
            f"The test has {test['n']:,} photos of {test['n']:,} classes. The first guess is right for **{test['accuracy']:.1%}**, one of the first five "
            f"for **{test['top_5_accuracy']:.1%}**. But the makers of the network probably trained it on these photos. On ImageNet's validation photos they "
            "report 71.9% and 90.3%."
        )
    with right:
        st.subheader("The surest mistakes")
        table = pd.DataFrame(
            {
                "it shows": [classes[i] for i in evaluation["mistakes_true"]],
                "it said": [classes[i] for i in evaluation["mistakes_guessed"]],
                "how sure": evaluation["mistakes_probability"],
                "rank": evaluation["mistakes_rank"],
            }
        )
        st.dataframe(
            table,
            hide_index=True,
            height=300,
            column_config={
                "how sure": st.column_config.NumberColumn(format="percent", width="small"),
                "rank": st.column_config.NumberColumn(width="small", help="At which guess it would have been right"),
            },
        )
        st.caption(
            "Many are no real mistakes. Some classes are hard to tell apart even by their names, and some photos show both things."
        )
    st.subheader("Changed photos")
    robustness(bundle)
    st.caption(
        "500 other photos, changed as in *What if?* above. You read a photo turned by 90° easily. The network does not: it has never seen one."
    )
    calibration(bundle, "photos")
    strangers_section(bundle, KNOWS)
    st.subheader("A pixel of padding")
    crop, wrong = preparation["crop"], preparation["crop, padded as Keras does"]
    st.markdown(
        "This network was trained in PyTorch. Where a layer skips every second pixel, PyTorch adds a border on all four sides, Keras only at the right and "
        f"below. With the same weights, this one difference turns **{crop:.1%}** right into **{wrong:.1%}**. The input must be *exactly* as in the "
        "training."
    )
    st.dataframe(
        pd.DataFrame({"how the photo was given": list(preparation), "accuracy": list(preparation.values())}),
        hide_index=True,
        width="content",
        column_config={"accuracy": st.column_config.NumberColumn(format="percent")},
    )
