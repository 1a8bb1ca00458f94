"""Inside the adding network: its state, character by character."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.sums import charts
from lib.tasks.sums.input import GivenSum
from lib.tasks.sums.try_it import answer_to
from lib.ui import cached
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
            "The network's whole memory is its **state**: 256 numbers between -1 and 1. Each row is one of these numbers, each column a "
            f"character that it read. You see the {UNITS} numbers that change most. At the **=** the state must hold all that the answer needs."
        )
        if answer is None:
            st.info("Type a sum above to see the state.", icon=":material/keyboard:")
        else:
            st.vega_lite_chart(
                state_map(answer.read, _liveliest(answer.states)),
                alt="Heat map of the state after each character",
                key=f"{bundle.slug}_state",
            )
    with right:
        st.subheader("Sums with the same answer")
        same, other = float(evaluation["map_same"]), float(evaluation["map_other"])
        st.markdown(
            f"Each dot is the state after the **=** for one of {len(evaluation['map_a'])} new sums. The colour is the answer. Sums with the same "
            f"answer give similar states: {other / max(same, 1e-9):.1f} times closer together than others. So most of the adding is done before "
            "the network writes the first digit."
        )
        own = None
        if answer is not None and given.question is not None:
            state = answer.states[len(given.question.text)]
            own = (evaluation["map_axes"] @ (state - evaluation["map_mean"]), given.question.text)
        st.vega_lite_chart(
            charts.answer_map(cached.load(charts.map_of_states, bundle.slug), own),
            alt="Map of the states of many sums, coloured by the answer",
            key=f"{bundle.slug}_map",
        )
        st.caption(
            "The diamond is your sum. The dots are sums with twelve different answers, from 110 to 990."
            if own
            else "Type a sum above to see where it falls."
        )


def _liveliest(states: np.ndarray) -> np.ndarray:
    """The units that move most over a text, in the order of when they are at their highest: float32 (characters, units)."""
    chosen = states[:, np.argsort(-states.std(axis=0))[:UNITS]]
    return chosen[:, np.argsort(chosen.argmax(axis=0), kind="stable")]
