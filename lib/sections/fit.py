"""Too simple, about right, memorised: three variants of a model side by side."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import charts
from lib.bundles import Bundle
from lib.reading import read_curves


def fit_explorer(bundle: Bundle) -> dict[str, DeltaGenerator]:
    """Curves and figures of the variants in columns.

    Returns:
        For each variant a container in its column, for its answer to what the person gives.
    """
    st.header("Too simple, about right, memorised", divider="gray")
    st.markdown(
        "The same task, three networks. One is too small to learn it (*underfitting*), one learnt what digits have in common, and "
        "one had so few digits that it learnt them by heart (*overfitting*). The scale of the three charts is the same."
    )
    places = {}
    bounds = charts.loss_bounds(bundle.history)
    for variant, column in zip(bundle.variants, st.columns(len(bundle.variants), gap="medium"), strict=True):
        facts = bundle.variant(variant)
        with column:
            st.subheader(charts.TITLES[variant])
            places[variant] = st.container(border=True)
            st.altair_chart(charts.variant_curve(bundle.history, variant, bounds))
            st.markdown(
                f"**{facts['test']['accuracy']:.1%}** of the test set, {facts['parameters']:,} parameters, "
                f"learnt from {facts['train_size']:,} digits. {facts['description']}"
            )
            history = bundle.history[bundle.history["variant"] == variant]
            st.caption(read_curves(history, facts["chosen_epoch"]))
    return places
