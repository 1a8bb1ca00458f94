"""Digits recognition with a convolutional network."""

import streamlit as st

from lib import cached, experiments, sections

experiment = experiments.get("digits_cnn")
bundle = sections.open_bundle(experiment)

sections.header(experiment, bundle)
st.header("Try it", divider="gray")
try_it = st.container()
with sections.guarded():
    sections.learning(bundle)
with sections.guarded():
    sections.mistakes(bundle)
with sections.guarded():
    answers = sections.fit_explorer(bundle)
st.header("Inside", divider="gray")
inside = st.container()
with sections.guarded():
    sections.layer_table(bundle)
with sections.guarded():
    sections.reproduce(experiment, bundle)


@st.fragment
def demo() -> None:
    """Everything that follows the drawing; a stroke reruns this and nothing else."""
    with try_it, sections.guarded():
        given = sections.try_digit(bundle)
        sections.variant_answers(bundle, answers, given)
        with inside, sections.guarded():
            sections.feature_maps(cached.classifier(bundle.slug), given, bundle.slug)


demo()
