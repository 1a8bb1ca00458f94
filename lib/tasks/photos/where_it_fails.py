"""Where the photo classifier fails."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.photos import charts
from lib.ui.calibration import calibration


def robustness(bundle: Bundle) -> None:
    """What is done to photos, and how much accuracy it costs."""
    table = bundle.table("robustness.csv", ["what", "value", "accuracy"])
    for place, what in zip([*st.columns(2, gap="large"), *st.columns(2, gap="large")], charts.UNITS, strict=True):
        place.altair_chart(charts.bearing(table, what))


def where_it_fails(bundle: Bundle) -> None:
    """Which guess is right, the surest mistakes, what it can bear, and how sure it is."""
    test, evaluation, classes = bundle.variant("good")["test"], bundle.evaluation, bundle.classes
    preparation = bundle.facts["preparation"]
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which guess was right?")
        st.altair_chart(charts.right_guess(evaluation["rank"].tolist()))
        st.markdown(
            f"Of {test['n']:,} photos of as many classes, the first guess is right for **{test['accuracy']:.1%}**, one of the first five for "
            f"**{test['top_5_accuracy']:.1%}**. These photos were set apart here, but most probably are among those that the network's makers trained it on: on ImageNet's own validation photos they report "
            "71.9% and 90.3%."
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
            "Many are no real mistakes: some classes are hard to tell apart even by their names, and a photo may show both things."
        )
    st.subheader("What it can bear")
    robustness(bundle)
    st.caption(
        "500 other photos, changed as in *What if?* above: a quarter turn, which changes nothing for you, costs it much, for no photo that it learnt from lay on its side."
    )
    calibration(bundle, "photos")
    st.subheader("A pixel of padding")
    crop, wrong = preparation["crop"], preparation["crop, padded as Keras does"]
    st.markdown(
        f"This network's weights were learnt in PyTorch, which pads photos on all four sides where a layer skips every second pixel. Keras pads at the right and below only. With the same weights, and this one "
        f"difference, **{crop:.1%}** of 500 other photos become **{wrong:.1%}**: what a network is given must be *exactly* what it learnt with."
    )
    st.dataframe(
        pd.DataFrame({"how the photo was given": list(preparation), "accuracy": list(preparation.values())}),
        hide_index=True,
        width="content",
        column_config={"accuracy": st.column_config.NumberColumn(format="percent")},
    )
