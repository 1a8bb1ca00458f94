"""Inside the language models: units that watch something."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts.tinted import tinted_text
from lib.tasks.texts.try_it import visible
from lib.tasks.texts.writer import Trace, load_writer
from lib.ui import cached
from lib.ui.charts import state_map

STATES = 24
"""Characters whose states are shown."""


def watching_units(bundle: Bundle) -> None:
    """Units that have learnt to watch something, at work on the person's text; and the state over its last characters."""
    slug = bundle.slug
    trace: Trace | None = st.session_state.get(f"{slug}_writing", {}).get("trace")
    if trace is None:
        *_, sample = bundle.facts["samples"].values()
        trace = _reading(slug, sample, cached.written(slug))
        st.info("This is an example. Press **Continue** above to see your own text here.", icon=":material/edit:")
    units = {row["property"]: row for row in bundle.facts["units"]}
    states = np.stack(trace.states).astype(np.float32)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Units that watch something")
        st.markdown(
            f"The upper layer has {states.shape[1]} units. Nobody told them what to do. But to predict the next character, it helps to know where in "
            "the text you are. We found these units by comparing each unit's state with properties of the validation text."
        )
        name = st.selectbox(
            "What it watches",
            list(units),
            key=f"{slug}_unit",
            format_func=lambda name: (
                f"{name} (unit {units[name]['unit']}, correlation {units[name]['correlation']:+.2f})"
            ),
        )
        # Orange where the property is, whichever sign the unit has learnt it with.
        values = states[:, units[name]["unit"]] * np.sign(units[name]["correlation"])
        with st.container(height=260, border=True):
            tinted_text(
                trace.text,
                values,
                key=f"{slug}_unit_text_{name}",
                label=f"The text, coloured by the state of the unit that watches: {name}",
                notes=[f"{visible(c)}: {v:+.2f}" for c, v in zip(trace.text, values, strict=True)],
            )
        st.caption(
            "Orange: the unit sees it. Blue: it does not. A unit with a negative correlation says it the other way round, so we show it "
            "turned. After [Karpathy, Johnson and Fei-Fei, 2015](https://arxiv.org/abs/1506.02078)."
        )
    with right:
        st.subheader("The state, character by character")
        last = trace.text[-STATES:]
        chosen = states[-len(last) :]
        liveliest = np.argsort(-chosen.std(axis=0))[:48]
        st.vega_lite_chart(
            state_map(last.replace("\n", "↵").replace(" ", "·"), chosen[:, liveliest]),
            alt="Heat map of the state after each character",
        )
        st.caption(f"The last {len(last)} characters, and the 48 units that change most. Each row is one unit.")


@st.cache_data(show_spinner=False, max_entries=4)
def _reading(slug: str, text: str, written: str) -> Trace:
    """What the network thinks of a text of the bundle; remembered until the bundle is written anew."""
    return cached.load(load_writer, slug).read(text)
