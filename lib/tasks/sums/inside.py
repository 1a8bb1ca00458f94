"""Inside the adding network: its state, character by character."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.sums import charts
from lib.tasks.sums.input import GivenSum
from lib.tasks.sums.try_it import answer_to
from lib.ui.charts import state_map

UNITS = 40
"""Units whose state is shown."""


def sum_states(bundle: Bundle, given: GivenSum) -> None:
    """The state over the characters, and where it ends among the states of other sums."""
    left, right = st.columns([3, 2], gap="large")
    evaluation = bundle.evaluation
    answer = answer_to(bundle.slug, given)
    with left:
        st.subheader("The state, character by character")
        st.markdown(
            "All that the network remembers is 256 numbers between -1 and 1. Each row is one of them, each column a character that it read; "
            f"shown are the {UNITS} that move most. Type, and watch the state move. At the **=** everything that is needed for the answer must be in it."
        )
        if answer is None:
            st.info("Type a sum above to see the state.", icon=":material/keyboard:")
        else:
            st.altair_chart(state_map(answer.read, _liveliest(answer.states)), key=f"{bundle.slug}_state")
    with right:
        st.subheader("Sums with the same answer")
        same, other = float(evaluation["map_same"]), float(evaluation["map_other"])
        st.markdown(
            f"The state after the **=** of {len(evaluation['map_a'])} sums that it never saw in training, on the plane along which they differ "
            f"most. Each colour is one answer. States of the same answer lie {other / max(same, 1e-9):.1f} times as close together as others: "
            "much of the adding is done before it writes the first digit."
        )
        own = None
        if answer is not None and given.question is not None:
            state = answer.states[len(given.question.text)]
            own = (evaluation["map_axes"] @ (state - evaluation["map_mean"]), given.question.text)
        st.altair_chart(charts.answer_map(evaluation, own), key=f"{bundle.slug}_map")
        st.caption(
            "The diamond is your sum, the dots are twelve answers from 110 to 990."
            if own
            else "Type a sum above to see where it falls."
        )


def _liveliest(states: np.ndarray) -> np.ndarray:
    """The units that move most over a text, in the order of when they are at their highest: float32 (characters, units)."""
    chosen = states[:, np.argsort(-states.std(axis=0))[:UNITS]]
    return chosen[:, np.argsort(chosen.argmax(axis=0), kind="stable")]
