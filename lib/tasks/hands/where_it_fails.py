"""Where the hand networks fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.hands import charts
from lib.ui.calibration import calibration

MISTAKES = 12
"""Misread ones that are shown."""


def where_hands_fail(bundle: Bundle) -> None:
    """Scores by class and source, the calibration, and rendered hands that are misread."""
    facts, evaluation = bundle.facts, bundle.evaluation
    test = bundle.variant("good")["test"]
    st.markdown(
        f"On {test['n']:,} photos of two collections that nothing was learnt from or chosen by, it reads **{test['hands_accuracy']:.1%}** of rock, paper and scissors, and sees in "
        f"**{test['nothing_recall']:.1%}** of the pictures without a hand that there is none. The photos are other people's, so they are not shown here."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Who is taken for what**")
        st.altair_chart(charts.confusion(evaluation["confusion_good"], bundle.classes))
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
        st.altair_chart(charts.by_source(rows, bundle.classes))
        st.markdown(
            " ".join(
                f"**{source['source']}**: {source['accuracy']:.0%} of {source['n']} photos."
                for source in facts["sources"]
            )
        )
    calibration(bundle, "photos")
    st.markdown(
        f"Its logits are divided by a *temperature* of {facts['temperature']:.2f}, chosen on the validation photos "
        f"([Guo et al., 2017](https://arxiv.org/abs/1706.04599)): on the test photos sureness and truth lie {test['calibration_error']:.1%} apart on average, "
        f"without it {facts['calibration_error_before']:.1%}."
        + (
            ""
            if test["calibration_error"] < facts["calibration_error_before"]
            else " Here it did not help: the validation photos are harder than those of the test, and made it more modest than it needs to be."
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
        f"To see mistakes without showing people: each rendered hand before a plain wall, in a pose, light and skin that it was not shown. **{wrong:,} of {counts.sum():,}** are misread; "
        "the surest mistakes first."
    )
    images, predicted = evaluation["samples_images"], evaluation["samples_predicted"]
    true, sure = evaluation["samples_true"], evaluation["samples_probability"]
    with st.container(horizontal=True, gap="small"):
        for i in range(min(len(images), MISTAKES)):
            said, really = bundle.classes[predicted[i]], bundle.classes[true[i]]
            st.image(pictures.enlarge(images[i], 2), caption=f"{really}, read as {said} ({sure[i]:.0%})", width=120)
