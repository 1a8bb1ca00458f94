"""A whole page: the parts that every experiment shows, in their order, around what only this one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import experiments
from lib.bundles import ROOT, Bundle
from lib.experiments import Experiment
from lib.sections.anatomy import layer_table
from lib.sections.fit import fit_explorer
from lib.sections.header import guarded, header, open_bundle
from lib.sections.learning import learning
from lib.sections.mistakes import mistakes
from lib.sections.reproduce import reproduce

Given = TypeVar("Given")


def experiment_page(
    slug: str,
    *,
    try_it: Callable[[Bundle], Given],
    variant_answer: Callable[[Bundle, str, Given], None],
    inside: Callable[[Bundle, Given], None],
    time_machine: Callable[[Bundle, Given], None] | None = None,
) -> None:
    """Show an experiment.

    What follows the person's input (the demo, the time machine, the variants' answers and the inside) is one
    fragment spread over the page: a stroke reruns it and nothing else, the answer first.

    Args:
        slug: of the experiment.
        try_it: shows the live demo and returns what the person gave.
        variant_answer: shows what the named variant says about it.
        inside: shows what the model does with it.
        time_machine: shows what earlier moments of the training made of it.
    """
    experiment = experiments.get(slug)
    _leave_to_router(experiment)
    bundle = open_bundle(experiment)

    header(experiment, bundle)
    st.header("Try it", divider="gray")
    demo_place = st.container()
    with guarded():
        learning(bundle)
    time_place = st.container()
    with guarded():
        mistakes(bundle)
    answer_places: dict[str, DeltaGenerator] = {}
    with guarded():
        answer_places = fit_explorer(bundle)
    st.header("Inside", divider="gray")
    inside_place = st.container()
    with guarded():
        layer_table(bundle)
    with guarded():
        reproduce(experiment, bundle)

    @st.fragment
    def follow() -> None:
        with demo_place, guarded():
            given = try_it(bundle)
            if time_machine:
                with time_place, guarded():
                    time_machine(bundle, given)
            for variant, place in answer_places.items():
                with place, guarded():
                    variant_answer(bundle, variant, given)
            with inside_place, guarded():
                inside(bundle, given)

    follow()


ROUTED = "routed"
"""Set in the session by Home.py, which knows all pages."""


def _leave_to_router(experiment: Experiment) -> None:
    """Start over with Home.py if this page runs without it.

    Until a server has run `st.navigation` for the first time, Streamlit takes the folder ``pages`` for its older
    kind of multipage app and runs a page that is opened by its address by itself, without sidebar sections and
    settings. Calling `st.navigation` ends that.
    """
    if ROUTED in st.session_state:
        return
    st.session_state[ROUTED] = True
    # The default page has no address of its own, which the one that was asked for needs.
    home = st.Page(lambda: None, title="Home", default=True)
    st.navigation([home, st.Page(ROOT / experiment.page, url_path=experiment.slug)], position="hidden")
    st.rerun()
