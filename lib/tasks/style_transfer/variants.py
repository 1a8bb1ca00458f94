"""Too little style, about right, too much: three networks side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.style_transfer import charts
from lib.tasks.style_transfer.how_it_learnt import STEPS
from lib.tasks.style_transfer.input import GivenStyle
from lib.tasks.style_transfer.learnt import OneStyle, way_file
from lib.ui import cached
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays

ABOUT = {
    "low": "The content counts most. The network takes the painting's colours, but not its strokes.",
    "good": "Strokes like the painter's. Large outlines stay. Small things and faces disappear.",
    "high": "The style counts most. The network covers everything with the painting's patterns.",
}


def three_weights(bundle: Bundle) -> None:
    """What the weight of the style does, in words, figures and curves."""
    weights, history = bundle.facts["learnt"]["style_weights"], bundle.history
    st.markdown(
        "The same painting, three networks: **too little style, about right, too much style**. They differ in the *style weight*: how much the style loss counts "
        "in the sum. The middle one also trained for longer. None of them memorised its photos. Here another choice can go wrong: with too little style, it is "
        "easiest to copy the photo; with too much, it is easiest to forget it. Dashed lines: training. Full lines: validation."
    )
    rows = []
    for name, title in charts.WAYS.items():
        last = history[history["variant"] == name].iloc[-1]
        rows.append(
            {
                "network": title,
                "style weight": f"{weights[name]:,g}",
                "steps": f"{int(last['epoch']) * STEPS:,}",
                "content loss": f"{last['val_content']:.1f}",
                "style loss": f"{last['val_style']:.3f}",
            }
        )
    left, right = st.columns(2, gap="medium")
    for place, loss in ((left, "content"), (right, "style")):
        place.altair_chart(
            charts.loss_curves(history, loss, STEPS),
            alt=f"{loss.capitalize()} loss of the three networks over the steps",
        )
    # A plain table breaks its headings into lines, so that all columns fit on a phone.
    st.table(pd.DataFrame(rows), hide_index=True)
    ends = {name: history[history["variant"] == name].iloc[-1] for name in charts.WAYS}
    content, style = ([float(ends[name][f"val_{loss}"]) for name in charts.WAYS] for loss in ("content", "style"))
    told = (
        f"From the first row to the last, the content loss rises from {content[0]:.1f} to {content[2]:.1f}. "
        if content[0] < content[1] < content[2]
        else ""
    )
    if style[2] >= style[1]:
        told += "More weight did not make the style loss lower than in the second row: that network trained for fewer steps. "
    st.markdown(f"{told}Which weight is right is a matter of taste. No test decides it.")


def three_painted(bundle: Bundle, given: GivenStyle) -> None:
    """The photo, painted by each of the three."""
    say_that_own_photo_stays(bundle)
    if given.picture is None:
        st.info("Give the networks a photo above.", icon=":material/add_a_photo:")
        return
    for (name, title), column in zip(charts.WAYS.items(), st.columns(3, gap="large"), strict=True):
        with column:
            st.subheader(title.capitalize())
            painted = cached.load(OneStyle, bundle.slug, way_file(bundle, name)).paint(given.picture)
            st.image(painted, alt=f"The photo, painted with {title}", width="stretch")
            st.markdown(ABOUT[name])
