"""Training curves."""

from __future__ import annotations

import streamlit as st

from lib import charts
from lib.bundles import Bundle
from lib.reading import read_curves


def learning(bundle: Bundle) -> None:
    """Loss and accuracy over the epochs of the good variant, and a sentence that reads them."""
    st.header("How it learnt", divider="gray")
    facts, history = bundle.variant("good"), bundle.history
    good = history[history["variant"] == "good"]
    st.markdown(
        f"An **epoch** is one pass over all {facts['train_size']:,} training digits. After each one the network is asked about "
        f"{bundle.facts['dataset']['validation']:,} **validation** digits that it does not learn from. The *loss* says how "
        "surprised it was by the right answers: less is better."
    )
    left, right = st.columns(2)
    left.altair_chart(charts.training_curve(good, "loss", facts["chosen_epoch"]))
    right.altair_chart(charts.training_curve(good, "accuracy", facts["chosen_epoch"]))
    st.markdown(f"{facts['description']} {read_curves(good, facts['chosen_epoch'])}")
