"""What the language models predict badly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts import analysis
from lib.tasks.texts.charts import bits_bars, context_curve, place_curve
from lib.tasks.texts.tinted import tinted_text
from lib.tasks.texts.try_it import BITS
from lib.ui.calibration import calibration
from lib.vocabulary import UNKNOWN

OFTEN = 50
"""Letters at a place of their word from which on their mean is shown."""
SHOWN = 160
"""Characters of a passage that are shown."""


def writing_mistakes(bundle: Bundle) -> None:
    """By the kind of character, by its place in the word, by how much is read, and the passages themselves."""
    evaluation, facts = bundle.evaluation, bundle.variant("good")
    test = facts["test"]
    sentences = [
        f"Read from beginning to end, the {test['n']:,} test characters take **{test['bits_per_character']:.2f} bits per character** ({test['loss']:.3f} nats; the "
        f"validation text {facts['validation']['bits_per_character']:.2f} bits, {facts['validation']['loss']:.3f} nats), and its first guess is right "
        f"**{test['accuracy']:.1%}** of the time. Guessing blindly among {len(bundle.classes)} characters takes {np.log2(len(bundle.classes)):.1f} bits."
    ]
    sentences += [
        f"On the {where} it takes {score['bits_per_character']:.2f} bits."
        for where, score in bundle.facts["elsewhere"].items()
    ]
    st.markdown(" ".join(sentences))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which characters surprise it")
        kinds = pd.DataFrame({key: evaluation[f"kind_{key}"] for key in ("count", "bits", "accuracy")})
        kinds["name"] = list(analysis.KINDS)
        kinds = kinds[kinds["count"] > 0]
        st.altair_chart(bits_bars(kinds))
        by_name = kinds.set_index("name")["bits"]
        st.caption(
            f"The first letter of a word takes {by_name[analysis.KINDS[0]]:.1f} bits, a later one {by_name[analysis.KINDS[2]]:.1f}: a new word "
            "is where a text says something new."
        )
    with right:
        st.subheader("How far back it looks")
        st.altair_chart(context_curve(evaluation["context_length"], evaluation["context_bits"]))
        lengths, bits = evaluation["context_length"], evaluation["context_bits"]
        st.caption(
            f"Measured at some thousand places of the test text: reading one character only it takes {bits[0]:.2f} bits for the next, reading {lengths[-1]} of them {bits[-1]:.2f}. "
            "Where the curve is flat, older characters no longer help it: that is how long its memory is."
        )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("From letter to letter")
        often = evaluation["place_count"] >= OFTEN
        st.altair_chart(place_curve(evaluation["place_bits"][often], evaluation["place_count"][often]))
        st.caption(
            "The further into a word, the fewer words are left that it could be. Long words are rare, so that the end of the curve is uneven."
        )
    with right:
        calibration(bundle, "characters")
    st.subheader("Passages that surprised it most, and least")
    which = st.segmented_control(
        "Passages",
        ["most", "least"],
        default="most",
        required=True,
        key=f"{bundle.slug}_passages",
        label_visibility="collapsed",
    )
    name = "hard" if which == "most" else "easy"
    if UNKNOWN in bundle.classes:
        st.caption(
            f"{UNKNOWN} stands for what this network has no sign for: rare characters, and words that WikiText-2 leaves out. It reads the sign, and "
            "never writes it."
        )
    columns = st.columns(2, gap="medium")
    for i, (text, bits) in enumerate(zip(evaluation[f"{name}_texts"], evaluation[f"{name}_bits"], strict=True)):
        passage = str(text)[:SHOWN]
        surprise = bits[: len(passage)].astype(float)
        with columns[i % 2], st.container(border=True):
            tinted_text(
                passage,
                surprise / BITS,
                key=f"{bundle.slug}_{name}_{i}",
                label=f"A passage of the test text with {surprise.mean():.1f} bits per character",
            )
            st.caption(f"{surprise.mean():.2f} bits per character")
