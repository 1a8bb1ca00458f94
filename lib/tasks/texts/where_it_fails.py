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
from lib.ui import cached
from lib.ui.calibration import calibration
from lib.ui.header import fragment
from lib.vocabulary import UNKNOWN

OFTEN = 50
"""Letters at a place of their word from which on their mean is shown."""
SHOWN = 160
"""Characters of a passage that are shown."""


def writing_mistakes(bundle: Bundle) -> None:
    """By the kind of character, by its place in the word, by how much is read, and the passages themselves."""
    cached.show(_scores, bundle.slug)
    _passages(bundle)


def _scores(bundle: Bundle) -> None:
    evaluation, facts = bundle.evaluation, bundle.variant("good")
    test = facts["test"]
    st.markdown(
        f"On the test text its first guess is right for **{test['accuracy']:.1%}** of the characters. The loss counts in **bits per character**: "
        f"how much more a reader must be told to know the next one. Blind guessing among {len(bundle.classes)} characters takes "
        f"{np.log2(len(bundle.classes)):.1f} bits."
    )
    rows = [(f"test text ({test['n']:,} characters)", test["bits_per_character"], f"{test['loss']:.3f}")]
    validation = facts["validation"]
    rows.append(("validation text", validation["bits_per_character"], f"{validation['loss']:.3f}"))
    rows += [(where, score["bits_per_character"], "") for where, score in bundle.facts["elsewhere"].items()]
    st.dataframe(
        pd.DataFrame(
            [(what, f"{bits:.2f}", nats) for what, bits, nats in rows], columns=["text", "bits per character", "nats"]
        ),
        hide_index=True,
        width="content",
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which characters surprise it")
        kinds = pd.DataFrame({key: evaluation[f"kind_{key}"] for key in ("count", "bits", "accuracy")})
        kinds["name"] = list(analysis.KINDS)
        kinds = kinds[kinds["count"] > 0]
        st.altair_chart(bits_bars(kinds), alt="Bits per character for each kind of character")
        by_name = kinds.set_index("name")["bits"]
        st.caption(
            f"The first letter of a word takes {by_name[analysis.KINDS[0]]:.1f} bits, a later letter {by_name[analysis.KINDS[2]]:.1f}. A text "
            "says something new where a new word begins."
        )
    with right:
        st.subheader("How far back it looks")
        lengths, bits = evaluation["context_length"], evaluation["context_bits"]
        st.altair_chart(context_curve(lengths, bits), alt="Bits per character against the number of characters read")
        st.caption(
            f"With one character it guesses badly ({bits[0]:.2f} bits); with {lengths[-1]}, much better ({bits[-1]:.2f}). Where the curve is "
            "flat, older characters no longer help: its memory ends there."
        )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("From letter to letter")
        often = evaluation["place_count"] >= OFTEN
        st.altair_chart(
            place_curve(evaluation["place_bits"][often], evaluation["place_count"][often]),
            alt="Bits per character from the first letter of a word to the twelfth",
        )
        st.caption(
            "The further into a word, the fewer words are possible. Long words are rare, so the end of the curve is uneven."
        )
    with right:
        calibration(bundle, "characters")


@fragment
def _passages(bundle: Bundle) -> None:
    evaluation = bundle.evaluation
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
            f"{UNKNOWN} stands for characters that this network does not know, and for words that WikiText-2 leaves out. The network reads this "
            "sign but never writes it."
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
