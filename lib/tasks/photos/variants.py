"""Under- and overfitting where the network itself has no variants: what is learnt from few photos."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.tasks.photos import charts
from lib.tasks.photos.how_it_learnt import CURVES_OF, transfer_table

WORDS = {
    "early": (
        "Too simple",
        "A last layer on the **early features**: the averages of 16 maps of edges and patches.",
    ),
    "frozen": (
        "About right",
        "A last layer on the **frozen features** of the whole network: 1,280 numbers, learnt from a million photos.",
    ),
    "scratch": (
        "Memorised",
        "The same network **from scratch**: 2.2 million weights, and only a few photos to learn them from.",
    ),
}


def three_ways(bundle: Bundle) -> None:
    """Under- and overfitting when data are few: own and new photos for three of the ways to learn."""
    st.markdown(
        "The same photos, three ways to learn from them. The **gap** between the two lines is what the network memorised (*overfitting*). If the line of "
        "its own photos is low, it cannot even learn those (*underfitting*). Watch both as the number of photos grows."
    )
    table = transfer_table(bundle)
    shown = CURVES_OF if CURVES_OF in set(table["photos"]) else table["photos"].max()
    for (how, (title, words)), column in zip(WORDS.items(), st.columns(3, gap="medium"), strict=True):
        with column:
            st.subheader(title)
            st.altair_chart(
                charts.own_and_new(table, how), alt="Accuracy on its own and on new photos, against their number"
            )
            st.markdown(words)
            row = table[(table["how"] == how) & (table["photos"] == shown)].iloc[0]
            gap = 100 * (row["train"] - row["test"])
            st.caption(
                f"With {shown} photos of each: {row['train']:.0%} of its own photos right, {row['test']:.0%} of new ones. The gap is {gap:.0f} points."
            )
