"""Under- and overfitting of a network that was not trained here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.detection import charts
from lib.tasks.detection.where_it_fails import by_size


def memorised(bundle: Bundle) -> None:
    """Whether it does better on photos that it has learnt from."""
    test, learnt, evaluation = bundle.variant("good")["test"], bundle.facts["learnt"], bundle.evaluation
    st.markdown(
        "There is one network here, not three. But we can ask it the same question. A network that has *memorised* its photos does far better on them "
        "than on new ones. So we also scored it on photos that it learnt from (COCO's train2017)."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(
            charts.size_bars(by_size(bundle), height=260),
            alt="Precision by size, on new photos and on those of the training",
        )
    with right:
        small, small_learnt = (
            float(evaluation[key][0] / evaluation[key].sum()) for key in ("things_by_size", "things_by_size_learnt")
        )
        # Of what the bars show, so that the words say the same.
        apart = float(np.nanmax(np.round(evaluation["by_size_learnt"], 2) - np.round(evaluation["by_size"], 2)))
        st.markdown(
            f"On {learnt['n']} photos of its training it scores **{learnt['mean_average_precision']:.3f}**, on {test['n']} new ones "
            f"**{test['mean_average_precision']:.3f}**. Do not compare these two: on the training photos here {small_learnt:.0%} of the things are "
            f"small ones, on the new photos {small:.0%}. Compare things of one size. "
            + (
                f"There it finds up to {100 * apart:.0f} percentage points more on its training photos: it has memorised some of them."
                if apart > 0.15
                else f"There it finds at most {100 * max(apart, 0):.0f} percentage points more on its training photos. It has learnt what things look "
                "like; it has not memorised the photos."
            )
        )
        st.markdown(
            "It is also *too simple*. In the [collection that it comes from](https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf1_detection_zoo.md) "
            "it has 0.22. A larger network of its kind (ResNet-50) has 0.35 and needs three times the time. The slowest one has 0.43 and needs seventy "
            "times."
        )
