"""The epoch time machine: a drawing read by the weights of an earlier moment."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.digits.charts import moments
from lib.tasks.digits.timeline import Timeline
from lib.ui import cached, charts
from lib.ui.inputs.drawing import GivenDrawing

UNITS = 32
"""Units of the first layer that are shown."""


def moment_name(epoch: float) -> str:
    """A moment in words: ``untrained``, ``4 % of epoch 1``, ``epoch 12``."""
    if epoch == 0:
        return "untrained"
    if epoch < 1:
        share = 100 * epoch
        return f"{share:.0f} % of epoch 1" if share >= 1.5 else f"{share:.1f} % of epoch 1"
    return f"epoch {epoch:.0f}"


def time_machine(bundle: Bundle, given: GivenDrawing) -> None:
    """A slider over the training: what the network of that moment says, and how its first layer looked."""
    timeline, classes, page = cached.load(Timeline, bundle.slug), bundle.classes, bundle.slug
    kept = bundle.variant("good")["chosen_epoch"]
    st.subheader("Time machine")
    st.markdown(
        "We kept the network's weights at many moments of the training, most of them early. Go back to one and ask that network about "
        "**your digit**. The network at the top of the page is the one marked *(kept)*."
    )
    names = [moment_name(float(epoch)) for epoch in timeline.epochs]
    names[timeline.moment_of(kept)] += " (kept)"
    name = st.select_slider(
        "Moment of the training", names, value=names[timeline.moment_of(kept)], key=f"{page}_moment"
    )
    moment = names.index(name)
    left, right = st.columns(2, gap="medium")
    with left:
        st.vega_lite_chart(
            moments(timeline.epochs, timeline.val_accuracy, moment, height=230),
            alt="Validation accuracy over the training, with the chosen moment marked",
        )
        st.markdown(
            f"**{name.capitalize()}**: {timeline.val_accuracy[moment]:.1%} of the validation digits right, loss "
            f"{timeline.val_loss[moment]:.3f}."
        )
        # The strongest units at the end, so that the same ones are followed through time.
        final = timeline.first_layer(timeline.moment_of(kept))
        strongest = np.argsort(-np.abs(final).max(axis=(0, 1)))[:UNITS]
        weights = timeline.first_layer(moment)[..., strongest]
        limit = 0.6 * float(np.abs(final[..., strongest]).max())
        st.image(
            pictures.sheet([pictures.diverging(weights[..., i], limit) for i in range(UNITS)], columns=8, factor=2),
            caption=f"Weights of {UNITS} units of the first layer at that moment. Noise turns into pieces of digits. Blue: ink here "
            "switches the unit on. Orange: off.",
            alt="Weights of the first layer at that moment",
            width="stretch",
        )
    with right:
        if given.image is None:
            st.info("Draw a digit above to see that network's answer here.", icon=":material/draw:")
            probabilities = np.zeros(len(classes))
        else:
            probabilities = timeline.probabilities(moment, given.image[None])[0]
            with st.container(key="moment_answer"):
                st.metric(f"The network reads ({name})", classes[int(probabilities.argmax())])
        st.vega_lite_chart(
            charts.probability_bars(classes, probabilities),
            alt="Probabilities of the ten digits at that moment",
            key=f"{page}_moment_bars",
        )
