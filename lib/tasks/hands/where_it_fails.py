"""Where the hand networks fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.hands import charts
from lib.ui import cached
from lib.ui.calibration import calibration

MISTAKES = 12
"""Misread ones that are shown."""


def where_hands_fail(bundle: Bundle) -> None:
    """Scores by class and source, the calibration, and rendered hands that are misread."""
    cached.show(_failures, bundle.slug)


def _failures(bundle: Bundle) -> None:
    facts, evaluation = bundle.facts, bundle.evaluation
    test = bundle.variant("good")["test"]
    st.markdown(
        f"The test has {test['n']:,} photos from two collections that the training never used. The network reads **{test['hands_accuracy']:.1%}** of "
        f"rock, paper and scissors. In **{test['nothing_recall']:.1%}** of the pictures without a hand it sees that there is none. The photos show "
        "other people, so we do not show them here."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What it confuses**")
        st.altair_chart(
            charts.confusion(evaluation["confusion_good"], bundle.classes),
            alt="Confusion matrix of rock, paper, scissors and nothing",
        )
    with right:
        st.markdown("**The two collections**")
        rows = pd.DataFrame(
            [
                {"source": source["source"], "class": name, "share": share}
                for source in facts["sources"]
                for name, share in zip(bundle.classes, source["recalls"], strict=True)
                if share is not None
            ]
        )
        st.altair_chart(charts.by_source(rows, bundle.classes), alt="Share read correctly, by class and collection")
        st.markdown(
            " ".join(
                f"**{source['source']}**: {source['accuracy']:.0%} of {source['n']} photos."
                for source in facts["sources"]
            )
        )
    shares = {row["how"]: row["accuracy"] for row in facts["changed"]}
    st.markdown(
        f"Try it in the light of a lamp, or turn your hand over. Of the photos by which we chose the epoch, it reads **{shares['as they are']:.0%}**. "
        f"In warm light, as from a bulb, it reads **{shares['in warm light']:.0%}** of them, and **{shares['upside down']:.0%}** when they are upside down."
    )
    calibration(bundle, "photos")
    st.markdown(
        "We adjust how sure it is, so that '80% sure' is right about 80% of the time. For that we divide its scores by one number, the "
        f"*temperature* {facts['temperature']:.2f}, chosen on the validation photos ([Guo et al., 2017](https://arxiv.org/abs/1706.04599)). On the "
        f"test photos it is off by {test['calibration_error']:.1%} on average, without the temperature by {facts['calibration_error_before']:.1%}."
        + (
            ""
            if test["calibration_error"] < facts["calibration_error_before"]
            else " Here it did not help. The validation photos are harder than the test photos, so they made it less sure than it should be."
        )
    )
    _rendered(bundle)


def _rendered(bundle: Bundle) -> None:
    """Mistakes that may be shown."""
    evaluation = bundle.evaluation
    counts = evaluation["rendered_confusion"]
    wrong = int(counts.sum() - np.trace(counts))
    st.subheader("Rendered hands that it misreads")
    st.markdown(
        f"These hands were drawn by a computer, so we can show them. Their pose, light and skin are new to the network. It misreads **{wrong:,} of "
        f"{counts.sum():,}**. The surest mistakes come first."
    )
    images, predicted = evaluation["samples_images"], evaluation["samples_predicted"]
    true, sure = evaluation["samples_true"], evaluation["samples_probability"]
    with st.container(horizontal=True, gap="small"):
        for i in range(min(len(images), MISTAKES)):
            said, really = bundle.classes[predicted[i]], bundle.classes[true[i]]
            st.image(
                pictures.enlarge(images[i], 2),
                caption=f"{really}, read as {said} ({sure[i]:.0%})",
                alt=f"A rendered hand: {really}",
                width=120,
            )
