"""Where style transfer fails, and how it compares with the slow way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.style_transfer import charts
from lib.tasks.style_transfer.how_it_learnt import packed
from lib.ui import cached

HARD = (
    ("A face", "The eyes get the same strokes as the fur. The network does not know that a face needs eyes."),
    ("A text", "Letters are thin. Strokes that are as wide as a letter break them."),
    (
        "A flat sky",
        "There is nothing to see in it. The style must go somewhere, so the network fills it with patterns.",
    ),
)


def where_style_fails(bundle: Bundle) -> None:
    """Hard photos, the losses of ten photos, and the limits."""
    cached.show(_failures, bundle.slug)


def _failures(bundle: Bundle) -> None:
    pictures = packed(bundle, "hard")
    for i, ((title, words), column) in enumerate(zip(HARD, st.columns(3, gap="large"), strict=True)):
        with column:
            # Narrow enough for both to stand side by side in a third of the page.
            with st.container(horizontal=True, gap="small"):
                st.image(pictures[i], width=150, caption="photo", alt=f"{title}: the photo")
                st.image(pictures[i + len(HARD)], width=150, caption="painted", alt=f"{title}, painted")
            st.markdown(f"**{title}.** {words}")
    _compared(bundle)
    st.markdown(
        "- **It changes colours and strokes, not forms.** A cubist would break the face into pieces. This network paints the same face.\n"
        "- **Its strokes have one size.** It cannot paint with a wide brush in one place and a fine one in another.\n"
        "- **Frame by frame, the strokes flicker.** It paints each frame of a video anew and does not remember the last one.\n"
        "- **It does not know what a painting means.** It knows which colours and edges come together."
    )


def _compared(bundle: Bundle) -> None:
    losses, test = bundle.evaluation["losses"], bundle.variant("good")["test"]
    rows = pd.DataFrame(
        [
            {"method": method, "photo": i + 1, "content": float(content), "style": float(style)}
            for method, photos in zip(charts.METHODS, losses, strict=True)
            for i, (content, style) in enumerate(photos)
        ]
    )
    mean = {name: losses[i].mean(axis=0) for i, name in enumerate(charts.METHODS)}
    gatys, fast, right = (mean[name] for name in ("Gatys, 100 steps", "any style", "about right"))
    st.subheader("How close to the slow way?")
    left, beside = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(charts.compared(rows), alt="Content loss and style loss of ten photos, by each way to paint")
    with beside:
        seconds = bundle.facts["seconds"]
        closer = "all closer" if np.all(losses[1, :, 1] < losses[5, :, 1]) else "mostly closer"
        st.markdown(
            f"{losses.shape[1]} photos that no training saw, painted like {bundle.facts['learnt']['painting']}. Small dots are photos, a diamond is their mean. "
            "Best is the lower left corner: like the photo *and* like the painting.\n\n"
            f"- **Gatys' way** ends at a style loss of {gatys[1]:.3f}. Its pictures are {closer} to the painting than those of the network for any style "
            f"({fast[1]:.3f}).\n"
            f"- **Any style** is quick: {seconds['paint']:.1f} seconds on the server. The price: its content loss is {fast[0]:.1f}, that of Gatys' way "
            f"{gatys[0]:.1f}.\n"
            f"- **About right**, a network that knows only this painting, reaches a style loss of {right[1]:.3f}. But it changes the photo more: its content "
            f"loss is {right[0]:.1f}.\n\n"
            f"In all seven styles, the network for any style goes **{test['style_reached']:.0%}** of the way from the photo's style to the painting's. The judge "
            "is VGG16, not a person. You may like another picture better."
        )
