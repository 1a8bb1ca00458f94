"""A whole page: the parts that every experiment shows, in their order, around what only this one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import catalogue
from lib.bundles import ROOT, Bundle
from lib.catalogue import Experiment
from lib.ui import cached, session
from lib.ui.header import fragment, guarded, header, open_bundle
from lib.ui.inputs import browser
from lib.ui.inside import layer_table
from lib.ui.learning import learning
from lib.ui.reproduce import reproduce
from lib.ui.two_places import two_places
from lib.ui.variants import FIT_TITLE, FitPlaces, fit_explorer, fit_places

Given = TypeVar("Given")


Show = Callable[[Bundle], None]
"""Shows a part of a page."""


@dataclass(frozen=True)
class Places:
    """Where the parts of a page go. All are made first, so that the demo comes onto the screen before the charts."""

    demo: DeltaGenerator
    learning: DeltaGenerator
    time: DeltaGenerator
    mistakes: DeltaGenerator
    fit: FitPlaces
    inside_title: DeltaGenerator
    inside: DeltaGenerator
    rest: DeltaGenerator


Live = Callable[[Bundle, Places], None]
"""Shows what depends on the person: the demo, and what follows from it, each in its place."""


def experiment_page(
    slug: str,
    *,
    live: Live,
    where_it_fails: Show,
    how_it_learnt: Callable[[Experiment, Bundle], None] = learning,
    lesson: Show | None = None,
    three_ways: Show | None = None,
) -> None:
    """Show an experiment.

    Args:
        slug: of the experiment.
        live: shows the demo, and the parts that follow what the person gives; see `answering`.
        where_it_fails: shows the mistakes of the good variant.
        how_it_learnt: shows the training, in place of the curves of the good variant.
        lesson: shows, below that, what this experiment teaches about learning; made once, see `cached.show`.
        three_ways: shows under- and overfitting in a way of its own, where variants do not answer, or the bundle has none; made
            once, too. Without it, a page without variants has no section on it.
    """
    experiment = catalogue.get(slug)
    _leave_to_router(experiment)
    bundle = open_bundle(experiment)
    header(experiment, bundle)
    places = _lay_out(bundle, [] if three_ways or len(bundle.variants) == 1 else bundle.variants)
    live(bundle, places)
    with places.learning, guarded():
        how_it_learnt(experiment, bundle)
        if lesson:
            cached.show(lesson, slug)
    with places.mistakes, guarded():
        st.header("Where it fails", divider="gray")
        where_it_fails(bundle)
    with guarded():
        if places.fit.answers:
            fit_explorer(experiment, bundle, places.fit)
    places.inside_title.header("Inside", divider="gray")
    with places.rest:
        two_places(experiment, bundle)
        with guarded():
            cached.show(layer_table, slug)
        with guarded():
            reproduce(experiment, bundle)
    if three_ways:
        with places.fit.curves, guarded():
            st.header(FIT_TITLE, divider="gray")
            cached.show(three_ways, slug)


def answering(
    *,
    try_it: Callable[[Bundle], Given],
    inside: Callable[[Bundle, Given], None],
    variant_answer: Callable[[Bundle, str, Given], None] | None = None,
    time_machine: Callable[[Bundle, Given], None] | None = None,
    set_up: Callable[[Bundle], bool | None] | None = None,
) -> Live:
    """A demo that answers at once.

    What follows the person's input (the demo, the time machine, the variants' answers and the inside) is one
    fragment spread over the page: a stroke reruns it and nothing else, the answer first.

    Args:
        try_it: shows the demo and returns what the person gave.
        inside: shows what the model does with it.
        variant_answer: shows what the named variant says about it.
        time_machine: shows what earlier moments of the training made of it.
        set_up: shows, above the demo, what must not stand in a fragment, such as live video; it shares what it finds
            through the session. True if it stands in the demo's place, so that there is nothing to follow.
    """

    def live(bundle: Bundle, places: Places) -> None:
        instead = False
        if set_up:
            with places.demo, guarded():
                instead = bool(set_up(bundle))
        demo = places.demo.container() if set_up else places.demo

        def follow() -> None:
            with demo, guarded():
                given = try_it(bundle)
                if time_machine:
                    with places.time, guarded():
                        time_machine(bundle, given)
                for variant, place in places.fit.answers.items():
                    if variant_answer:
                        with place, st.container(border=True), guarded():
                            variant_answer(bundle, variant, given)
                with places.inside, guarded():
                    inside(bundle, given)

        # A component of the demo may speak up when the person has just left it. As long as the fragment that it speaks to is
        # known, Streamlit runs that at once, and loses what the page had still to say.
        (follow if instead else fragment(follow))()

    return live


def _lay_out(bundle: Bundle, variants: list[str]) -> Places:
    """The places of all parts. They take no room until they are filled, so that nothing on the screen is moved by what comes above."""
    st.header("Try it", divider="gray")
    browser.switch(bundle)
    demo, learning_place, time, mistakes = (st.container() for _ in range(4))
    fit = fit_places(variants)
    return Places(demo, learning_place, time, mistakes, fit, st.container(), st.container(), st.container())


def _leave_to_router(experiment: Experiment) -> None:
    """Start over with Home.py if this page runs without it.

    Until a server has run `st.navigation` for the first time, Streamlit takes the folder ``pages`` for its older
    kind of multipage app and runs a page that is opened by its address by itself, without the menu and the
    settings. Calling `st.navigation` ends that.
    """
    if session.routed():
        return
    session.arrive(experiment.slug)
    # The default page has no address of its own, which the one that was asked for needs.
    home = st.Page(lambda: None, title="Home", default=True)
    st.navigation([home, st.Page(ROOT / experiment.page, url_path=experiment.slug)], position="hidden")
    st.rerun()
