"""Too simple, about right, memorised: three variants of a model side by side."""

from __future__ import annotations

import streamlit as st

from lib import cached, charts
from lib.bundles import Bundle
from lib.inputs.digit import GivenDigit
from lib.reading import read_curves
from lib.sections.header import guarded


def fit_explorer(bundle: Bundle) -> list:
    """Curves and figures of the variants in columns.

    Returns:
        One container in each column, in the order of ``bundle.variants``, for the variants' answers.
    """
    st.header("Too simple, about right, memorised", divider="gray")
    st.markdown(
        "The same task, three networks. One is too small to learn it (*underfitting*), one learnt what digits have in common, and "
        "one had so few digits that it learnt them by heart (*overfitting*). The scale of the three charts is the same."
    )
    places = []
    bounds = charts.loss_bounds(bundle.history)
    for variant, column in zip(bundle.variants, st.columns(len(bundle.variants), gap="medium"), strict=True):
        facts = bundle.variant(variant)
        with column:
            st.subheader(charts.TITLES[variant])
            places.append(st.container(border=True))
            st.altair_chart(charts.variant_curve(bundle.history, variant, bounds))
            st.markdown(
                f"**{facts['test']['accuracy']:.1%}** of the test set, {facts['parameters']:,} parameters, "
                f"learnt from {facts['train_size']:,} digits. {facts['description']}"
            )
            history = bundle.history[bundle.history["variant"] == variant]
            st.caption(read_curves(history, facts["chosen_epoch"]))
    return places


def variant_answers(bundle: Bundle, places: list, given: GivenDigit) -> None:
    """What each variant says about the drawing, in the containers that `fit_explorer` returned."""
    for variant, place in zip(bundle.variants, places, strict=True):
        with place, guarded():
            if given.image is None:
                answer, sure = "–", "Draw a digit above to hear this network's answer."
            else:
                best, second = cached.classifier(bundle.slug, variant).classify(given.image, top=2)
                answer = best.label
                sure = f"{best.probability:.1%} sure. Next: {second.label} with {second.probability:.1%}."
            with st.container(key=f"answer_{variant}"):
                st.metric("About your digit it says", answer)
            st.caption(sure)
