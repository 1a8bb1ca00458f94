"""How to make the model again, and the model to take home."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.bundles import ROOT, Bundle, BundleError
from lib.catalogue import Experiment
from lib.take_home import bare_page, browser_files, tfjs_zip
from lib.ui import cached


def reproduce(experiment: Experiment, bundle: Bundle) -> None:
    """Model card, command, time, versions, and downloads."""
    st.header("Make it yourself", divider="gray")
    left, right = st.columns(2, gap="large")
    facts = bundle.facts
    with left:
        st.subheader("Model card")
        st.markdown(bundle.card)
    with right:
        st.subheader("Reproduce")
        minutes = facts["training_seconds"] / 60
        trained = experiment.words.trained.format(minutes=f"**{minutes:.0f} minutes**")
        st.markdown(
            f"The notebook [`{experiment.notebook}`]({experiment.notebook_url}) {trained} on {facts['hardware']}, with seed {facts['seed']}, Python "
            f"{facts['versions']['python']}, TensorFlow {facts['versions']['tensorflow']} and Keras "
            f"{facts['versions']['keras']}. To run it again, and to check its score:"
        )
        st.code(
            f"make train SLUG={bundle.slug}\npython -m lib evaluate {bundle.slug}", language="bash", wrap_lines=True
        )
        if experiment.words.needs:
            st.caption(experiment.words.needs)
        st.subheader("Take it home")
        with st.container(horizontal=True):
            if "good.keras" in facts["sha256"]:
                _download(bundle, "good.keras", "Keras model")
            if bundle.served() != "good.keras":
                _download(bundle, bundle.served(), "LiteRT model")
            if "browser" in bundle.facts:
                _offer(bundle, "TensorFlow.js model", f"{bundle.slug}_tfjs.zip", lambda: tfjs_zip(bundle))
            try:
                notebook = (ROOT / experiment.notebook).read_bytes()
            except OSError:
                notebook = None
            if notebook:
                st.download_button(
                    "Notebook", notebook, f"{bundle.slug}.ipynb", icon=":material/download:", on_click="ignore"
                )
        if "browser" in bundle.facts:
            with st.expander("Run it in a page of your own", icon=":material/html:"):
                st.markdown(
                    "Unzip the TensorFlow.js model. This is its `index.html`. `python -m http.server` in the same folder serves it."
                )
                st.code(bare_page(bundle), language="html", wrap_lines=True)
        st.caption(f"The model takes {experiment.words.takes}. {_licence(bundle)} licence.")


def _licence(bundle: Bundle) -> str:
    return {
        "mit": "MIT",
        "cc-by-sa-3.0": "CC BY-SA 3.0",
        "apache-2.0": "Apache 2.0",
        "bsd-3-clause": "BSD 3-clause",
    }[bundle.facts.get("licence", "mit")]


def _download(bundle: Bundle, name: str, label: str) -> None:
    # Checked once, and read again for whoever wants it: pages open faster, and the server keeps no copies.
    _offer(bundle, label, f"{bundle.slug}_{name}", lambda: bundle.read(name), name)


def _offer(bundle: Bundle, label: str, file: str, read: Callable[[], bytes], *named: str) -> None:
    try:
        cached.load(_is_whole, bundle.slug, *named)
    except BundleError as error:
        st.error(str(error), icon=":material/build:")
        return
    st.download_button(label, read, file, icon=":material/download:", on_click="ignore")


def _is_whole(bundle: Bundle, name: str | None = None) -> bool:
    """Whether a file of the bundle, or the model for browsers, is there and undamaged; raises `BundleError` if not."""
    return bool(bundle.read(name) if name else browser_files(bundle))
