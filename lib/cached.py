"""What all sessions share: each bundle and each model is read once and kept."""

from __future__ import annotations

import streamlit as st

from lib import bundles
from lib.predict import Classifier, Timeline


def _written(slug: str) -> int:
    """When the bundle was written, so that a new training shows without a restart; 0 if it is missing."""
    try:
        return (bundles.models_dir() / slug / "bundle.json").stat().st_mtime_ns
    except OSError:
        return 0


def bundle(slug: str) -> bundles.Bundle:
    """See `lib.bundles.load`."""
    return _bundle(slug, _written(slug))


def classifier(slug: str, variant: str = "good") -> Classifier:
    """See `lib.predict.Classifier`."""
    return _classifier(slug, variant, _written(slug))


def timeline(slug: str) -> Timeline:
    """See `lib.predict.Timeline`."""
    return _timeline(slug, _written(slug))


@st.cache_resource(show_spinner=False, max_entries=32)
def _bundle(slug: str, written: int) -> bundles.Bundle:
    return bundles.load(slug)


@st.cache_resource(show_spinner=False, max_entries=32)
def _classifier(slug: str, variant: str, written: int) -> Classifier:
    return Classifier(bundle(slug), variant)


@st.cache_resource(show_spinner=False, max_entries=8)
def _timeline(slug: str, written: int) -> Timeline:
    return Timeline(bundle(slug))
