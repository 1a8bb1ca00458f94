"""Too simple, about right, memorised: three networks that draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.generation import charts
from lib.tasks.generation.how_good import figure
from lib.tasks.generation.shown import still
from lib.ui.charts import TITLES
from lib.ui.sentences import memorises_from

SHOWN = {"underfit": "underfit_shown", "good": "flow_shown", "overfit": "overfit_shown"}
COPIED = 0.65
"""As near to its training pictures as this share of the distance of real ones, a network's pictures count as copies."""


def three_networks(bundle: Bundle) -> None:
    """Curves, figures and pictures of the three; and what the last one gives back."""
    own = bundle.variant("overfit")["train_size"]
    history = bundle.history
    st.markdown(
        f"The same task, three networks. One has too few parameters (*underfitting*). One has learnt what the pictures have in common. One saw only **{own} pictures**, again and "
        "again (*overfitting*)."
    )
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts.losses(history, 340), alt="Loss of the three networks, in training and in validation")
    begins = memorises_from(history[history["variant"] == "overfit"])
    right.markdown(
        "Dashed: the pictures it learns from. Full: new ones (*validation*).\n\n"
        + (
            f"The network with {own} pictures: its training loss goes on falling. On new pictures, its loss rises from epoch {begins} on. **From there on it memorises.**\n\n"
            if begins is not None
            else ""
        )
        + f"All three see as many pictures in one epoch. So the network with {own} pictures sees each of them many times."
    )
    st.dataframe(
        pd.DataFrame([_row(name, bundle.variant(name)) for name in SHOWN if name in bundle.variants]), hide_index=True
    )
    for (name, array), column in zip(SHOWN.items(), st.columns(len(SHOWN), gap="large"), strict=True):
        with column:
            st.subheader(TITLES[name])
            still(bundle.evaluation[array], "", f"Pictures of the network: {TITLES[name]}", columns=5)
            st.markdown(bundle.variant(name)["description"])
    _memorised(bundle, own)


def _row(name: str, facts: dict[str, Any]) -> dict[str, str]:
    test = facts["test"]
    return {
        "network": TITLES[name],
        "parameters": f"{facts['parameters']:,}",
        "training pictures": f"{facts['train_size']:,}",
        "epochs": f"{facts['epochs']:,}",
        "read as asked": f"{test['read_as_asked']:.1%}",
        "Frechet distance": figure(test["frechet_distance"]),
        "precision": f"{test['precision']:.2f}",
        "recall": f"{test['recall']:.2f}",
        "measured on": f"{test['n']:,}",
    }


def _memorised(bundle: Bundle, own: int) -> None:
    evaluation = bundle.evaluation
    pairs = [np.hstack(pair) for pair in zip(evaluation["memorised_drawn"], evaluation["memorised_train"], strict=True)]
    st.subheader("Each of its pictures, and the most similar of its training pictures")
    left, right = st.columns([3, 2], gap="large")
    left.image(
        pictures.sheet([pictures.grey(pair) for pair in pairs], 5, 3),
        caption=f"Left: drawn by the network that memorised. Right: the most similar of its {own} training pictures",
        alt="Pairs of a drawn picture and the most similar training picture",
        width="stretch",
    )
    drawn, tested = (evaluation[f"distance_{name}"].astype(np.float64) for name in ("memorised", "few"))
    distance, usual = float(np.median(drawn)), float(np.median(tested))
    verdict = (
        "They are **copies**. The noise decides which one comes, and nothing new ever does. What differs is small."
        if distance < COPIED * usual
        else f"Many are **copies**, others mix some of the {own}: look at the pairs. Which ones would you call copies?"
    )
    right.markdown(
        f"{verdict} Half of its pictures differ from one of its {own} training pictures by less than **{distance:.0f}** of 255. For real test pictures and the same {own}, "
        f"that is {usual:.0f}."
    )
    right.altair_chart(
        charts.distances(
            {"real test pictures": tested, f"drawn by the network with {own}": drawn},
            320,
            f"distance to the nearest of the {own} (of 255)",
        ),
        alt=f"How far drawn and test pictures are from the nearest of the {own} training pictures",
    )
    right.markdown(
        "Look at its row in the table. A network that copies can still get good marks for *read as asked*, for *precision*, and even for the *Frechet distance*: its pictures "
        "are like real ones. The search for copies shows what is wrong. Large networks that draw have given back photos of people from their training set, too "
        "([Carlini et al., 2023](https://arxiv.org/abs/2301.13188))."
    )
