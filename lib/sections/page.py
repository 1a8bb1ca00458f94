"""A whole page: the parts that every experiment shows, in their order, around what only this one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from lib import experiments, session
from lib.bundles import ROOT, Bundle
from lib.experiments import Experiment
from lib.sections.anatomy import layer_table
from lib.sections.fit import fit_explorer, fit_places
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

    # All places first, so that the demo can come onto the screen before the charts are made.
    header(experiment, bundle)
    st.header("Try it", divider="gray")
    demo_place = st.container()
    learning_place, time_place, mistakes_place = st.container(), st.container(), st.container()
    places = fit_places(bundle)
    st.header("Inside", divider="gray")
    inside_place, rest_place = st.container(), st.container()

    @st.fragment
    def follow() -> None:
        with demo_place, guarded():
            given = try_it(bundle)
            if time_machine:
                with time_place, guarded():
                    time_machine(bundle, given)
            for variant, place in places.items():
                with place.answer, guarded():
                    variant_answer(bundle, variant, given)
            with inside_place, guarded():
                inside(bundle, given)

    follow()
    with learning_place, guarded():
        learning(bundle)
    with mistakes_place, guarded():
        mistakes(bundle)
    with guarded():
        fit_explorer(bundle, places)
    with rest_place:
        with guarded():
            layer_table(bundle)
        with guarded():
            reproduce(experiment, bundle)


def _leave_to_router(experiment: Experiment) -> None:
    """Start over with Home.py if this page runs without it.

    Until a server has run `st.navigation` for the first time, Streamlit takes the folder ``pages`` for its older
    kind of multipage app and runs a page that is opened by its address by itself, without sidebar sections and
    settings. Calling `st.navigation` ends that.
    """
    if session.routed():
        return
    session.arrive(experiment.slug)
    # The default page has no address of its own, which the one that was asked for needs.
    home = st.Page(lambda: None, title="Home", default=True)
    st.navigation([home, st.Page(ROOT / experiment.page, url_path=experiment.slug)], position="hidden")
    st.rerun()
