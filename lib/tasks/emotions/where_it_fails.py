"""Where the network fails, and what it cannot know."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.emotions import charts
from lib.tasks.emotions.data import PEOPLE
from lib.ui import cached
from lib.ui.calibration import calibration

PAIRS = 4
"""Pairs of emotions that the page names."""


def where_emotions_fail(bundle: Bundle) -> None:
    """Confusion, calibration, and the limits that no score shows."""
    cached.show(_failures, bundle.slug)


def _failures(bundle: Bundle) -> None:
    evaluation, facts = bundle.evaluation, bundle.facts
    test = bundle.variant("good")["test"]
    counts = evaluation["confusion_good"]
    st.markdown(
        f"The test has {test['n']:,} faces. The network chooses the word of the label for **{test['accuracy']:.1%}** of them. People who were asked to "
        f"label such faces agreed with the labels in about **{PEOPLE:.0%}** ([Goodfellow et al., 2013](https://arxiv.org/abs/1307.0414)). That does not "
        "mean that it reads people better than people do. It has learnt how *this collection* is labelled."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What it mixes up**")
        st.altair_chart(charts.confusion(counts), alt="Confusion matrix of the seven emotions")
    with right:
        disagreed = evaluation["disagreements"]
        st.markdown("**Do people mix up the same?**")
        st.markdown(
            "Some photos are in the collection several times. Different people chose different words for "
            f"{int(np.triu(disagreed).sum())} of them. The table shows the pairs that the network mixes up most often, and how many photos people labelled "
            "in both ways."
        )
        st.dataframe(
            [
                {
                    "pair": f"{bundle.classes[j]} and {bundle.classes[i]}",
                    "mixed up by the network": int(counts[i, j] + counts[j, i]),
                    "photos with both labels": int(disagreed[i, j]),
                }
                for i, j in mixed_up(counts)
            ],
            hide_index=True,
        )
        st.markdown(
            "Where people disagree, no network can be right every time. The labels set a ceiling that no training passes. The photos show people who were "
            "not asked, so we do not show them here."
        )
    calibration(bundle, "faces")
    st.markdown(
        "We adjust how sure it is, so that '70% sure' is right about 70% of the time. For that we divide its scores by one number, the *temperature* "
        f"{facts['temperature']:.2f}, chosen on the validation faces ([Guo et al., 2017](https://arxiv.org/abs/1706.04599)). On the test faces it is off by "
        f"{test['calibration_error']:.1%} on average, without the temperature by {facts['calibration_error_before']:.1%}."
    )
    _limits()


def mixed_up(counts: np.ndarray, most: int = PAIRS) -> list[tuple[int, int]]:
    """Pairs of emotions that are taken for each other most often, the worst first.

    Args:
        counts: int (7, 7), rows are labels.
        most: how many pairs.
    """
    both = (counts + counts.T) * np.tri(len(counts), k=-1, dtype=int)
    worst = np.argsort(-both, axis=None, kind="stable")[:most]
    return [(int(i), int(j)) for i, j in zip(*np.unravel_index(worst, both.shape), strict=True)]


def _limits() -> None:
    st.subheader("What such a network cannot know")
    st.markdown(
        "- **A face is not a feeling.** People smile when they are shy, and cry when they are happy. One look at a face says little about what a person "
        "feels ([Barrett et al., 2019](https://doi.org/10.1177/1529100619832930)).\n"
        "- **Seven words are not all feelings.** Bored, proud, tired or in love: it has no word for these, so it always picks a wrong one.\n"
        "- **Data of some people are not all people.** The photos came from a search engine. Some groups of people are rare in them, and nobody counted "
        "who is in them. So nobody can say how well the network reads whom.\n"
        "- **It does not know why.** A scream of joy and a scream of fear can look the same. It sees 48 x 48 pixels and no story."
    )
    st.warning(
        "**Do not use it on people.** Not to hire, to mark, to sell, to watch or to treat anybody. In the European Union, the "
        "[AI Act](https://artificialintelligenceact.eu/article/5/) forbids systems that infer emotions at work and in school, except for medical or safety "
        "reasons. This page is for learning how such systems work, and why they fail.",
        icon=":material/block:",
    )
