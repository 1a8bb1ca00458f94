"""Under- and overfitting of a network that was not trained here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.detection import charts
from lib.tasks.detection.where_it_fails import by_size


def learnt_by_heart(bundle: Bundle) -> None:
    """Whether it does better on photos that it has learnt from."""
    test, learnt, evaluation = bundle.variant("good")["test"], bundle.facts["learnt"], bundle.evaluation
    st.markdown(
        "There is one network here, not three. But the question can be asked of it, too: a network that has *memorised* its photos does far better on "
        "them than on others. So it was also scored on photos of train2017, which it has learnt from."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(charts.size_bars(by_size(bundle), height=260))
    with right:
        small, small_learnt = (
            float(evaluation[key][0] / evaluation[key].sum()) for key in ("things_by_size", "things_by_size_learnt")
        )
        # Of what the bars show, so that the words say the same.
        apart = float(np.nanmax(np.round(evaluation["by_size_learnt"], 2) - np.round(evaluation["by_size"], 2)))
        st.markdown(
            f"On {learnt['n']} photos that it has learnt from it scores **{learnt['mean_average_precision']:.3f}**, on {test['n']} others "
            f"**{test['mean_average_precision']:.3f}**. The former are stored smaller here, so that {small_learnt:.0%} of their things are small ones "
            f"(against {small:.0%}). Of things of one size it finds "
            + (
                f"much more on what it knows, up to {100 * apart:.0f} percentage points: it has learnt some of it by heart."
                if apart > 0.15
                else f"at most {100 * max(apart, 0):.0f} percentage points more: it has learnt what things look like, and not those photos by heart."
            )
        )
        st.markdown(
            "*Too simple* shows, too. In the [collection that it comes from](https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf1_detection_zoo.md) "
            "it is listed with 0.22; a larger single-shot detector (ResNet-50, photos of 640 x 640) with 0.35 for three times the work, and the slowest network with 0.43 for seventy times."
        )
