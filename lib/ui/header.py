"""Title, facts and links of a page, and the guard that keeps a broken part from breaking the rest."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitInvalidLayoutContextError
from streamlit.runtime.scriptrunner import StopException

from lib import catalogue
from lib.bundles import Bundle, BundleError
from lib.catalogue import Experiment
from lib.ui import cached
from lib.ui.glossary import glossary

_LOG = logging.getLogger(__name__)
Given = ParamSpec("Given")
Result = TypeVar("Result")


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Show a missing or damaged part of a bundle as a sentence in its place, and go on with the page.

    Where a newer run of the page has begun in the meantime, this one ends without a word. Streamlit starts a full run in a thread of
    its own, and ends a fragment's run only when that writes the next time. Until then both run: the newer one takes away the places
    of the older one, and changes the session's state while the older one reads it.
    """
    try:
        yield
    except BundleError as error:
        _show(error)
    # `st.stop` would fail here as well: it writes something first.
    except StreamlitInvalidLayoutContextError:
        raise StopException from None
    except RuntimeError as error:
        if "changed size during iteration" not in str(error):
            raise
        raise StopException from None


def fragment(part: Callable[Given, Result], run_every: float | None = None) -> Callable[Given, Result | None]:
    """Streamlit's fragment, guarded in its own runs, too."""

    @functools.wraps(part)
    def shown(*given: Given.args, **named: Given.kwargs) -> Result | None:
        with guarded():
            return part(*given, **named)
        return None

    return st.fragment(shown, run_every=run_every)


def _show(error: BundleError) -> None:
    _LOG.warning("%s", error)
    st.error(str(error), icon=":material/build:")


def open_bundle(experiment: Experiment) -> Bundle:
    """The bundle of a page; where there is none, the page says so and ends there."""
    try:
        bundle = cached.bundle(experiment.slug)
        # Everything else on the page depends on these facts.
        bundle.variant("good")
    except BundleError as error:
        st.title(experiment.title)
        _show(error)
        st.stop()
    return bundle


def header(experiment: Experiment, bundle: Bundle) -> None:
    """Title, one sentence, facts, what the network is and what to try, and the neighbouring pages."""
    st.title(experiment.title)
    st.markdown(experiment.sentence)
    with guarded():
        cached.show(_facts, bundle.slug, experiment)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        before, after = catalogue.neighbours(experiment)
        # A page that is run by itself, as a test may do, has no neighbours to link to.
        with contextlib.suppress(StreamlitAPIException):
            if before:
                st.page_link(before.page, label="Previous", icon=":material/arrow_back:", help=before.title)
            if after:
                st.page_link(
                    after.page, label="Next", icon=":material/arrow_forward:", icon_position="right", help=after.title
                )
        glossary()


def _facts(bundle: Bundle, experiment: Experiment) -> None:
    good = bundle.variant("good")
    with st.container(horizontal=True, gap="small"):
        st.badge(
            experiment.score(good["test"]), icon=":material/check:", color="green", help=_test_help(experiment, bundle)
        )
        st.badge(bundle.facts["dataset"]["name"], icon=":material/database:", color="gray")
    size = bundle.size(bundle.served()) / 1e6
    # Not a caption, in which links are too pale to be read.
    st.markdown(
        f":small[{experiment.family.removesuffix('s')}, {good['parameters']:,} parameters, {size:.1f} MB. [Notebook]({experiment.notebook_url}), "
        f"[open in Colab]({experiment.colab_url})]"
    )
    # The beginning and the end of the model card, which stands as a whole at the bottom of the page.
    parts = bundle.card.split("\n\n")
    with st.expander("What is this network, and what to try", icon=":material/lightbulb:"):
        st.markdown("\n\n".join(dict.fromkeys([parts[0], parts[-1]])))


def _test_help(experiment: Experiment, bundle: Bundle) -> str:
    test = bundle.variant("good")["test"]
    return f"On {test['n']:,} {experiment.words.noun} {experiment.words.tested}"
