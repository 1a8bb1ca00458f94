"""What all sessions share: each bundle and each model is read once and kept."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib import bundles
from lib import classifier as predict
from lib.classifier import Classifier
from lib.metrics import Guess
from lib.tasks.detection.detector import Detector
from lib.tasks.digits.timeline import Timeline
from lib.tasks.hands.reader import HandReader
from lib.tasks.photos.recogniser import Recogniser
from lib.tasks.sums import adder as adders
from lib.tasks.sums.adder import Adder
from lib.tasks.texts import writer as writers
from lib.tasks.texts.copying import Fingerprint
from lib.tasks.texts.writer import Trace, Writer


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
    """See `lib.classifier.Classifier`."""
    return _classifier(slug, variant, _written(slug))


def recogniser(slug: str) -> Recogniser:
    """See `lib.tasks.photos.recogniser.Recogniser`."""
    return _recogniser(slug, _written(slug))


def detector(slug: str) -> Detector:
    """See `lib.tasks.detection.detector.Detector`."""
    return _detector(slug, _written(slug))


def hand_reader(slug: str, variant: str = "good") -> HandReader:
    """See `lib.tasks.hands.reader.HandReader`."""
    return _hand_reader(slug, variant, _written(slug))


def timeline(slug: str) -> Timeline:
    """See `lib.tasks.digits.timeline.Timeline`."""
    return _timeline(slug, _written(slug))


def adder(slug: str, variant: str = "good") -> Adder:
    """See `lib.tasks.sums.adder.load`."""
    return _adder(slug, variant, _written(slug))


def writer(slug: str, variant: str = "good") -> Writer:
    """See `lib.tasks.texts.writer.load`."""
    return _writer(slug, variant, _written(slug))


def fingerprint(slug: str) -> Fingerprint:
    """See `lib.tasks.texts.copying.Fingerprint`."""
    return _fingerprint(slug, _written(slug))


def first_layer(slug: str) -> np.ndarray:
    """See `lib.classifier.first_layer`."""
    return _first_layer(slug, _written(slug))


def best_guess(slug: str, square: np.ndarray) -> Guess:
    """The recogniser's best guess for a photo, uint8 (224, 224, 3); remembered, as sliders rerun what stands beside them."""
    return _best_guess(slug, square, _written(slug))


def occlusion(slug: str, square: np.ndarray, label: int) -> np.ndarray:
    """See `lib.tasks.photos.recogniser.Recogniser.occlusion`; remembered, like `best_guess`."""
    return _occlusion(slug, square, label, _written(slug))


def reading(slug: str, text: str) -> Trace:
    """See `lib.tasks.texts.writer.Writer.read`; remembered: to be asked for texts of the bundle, not for what people write."""
    return _reading(slug, text, _written(slug))


@st.cache_resource(show_spinner=False, max_entries=32)
def _bundle(slug: str, written: int) -> bundles.Bundle:
    return bundles.load(slug)


@st.cache_resource(show_spinner=False, max_entries=32)
def _classifier(slug: str, variant: str, written: int) -> Classifier:
    return Classifier(bundle(slug), variant)


@st.cache_resource(show_spinner=False, max_entries=2)
def _recogniser(slug: str, written: int) -> Recogniser:
    return Recogniser(bundle(slug))


@st.cache_resource(show_spinner=False, max_entries=2)
def _detector(slug: str, written: int) -> Detector:
    return Detector(bundle(slug))


@st.cache_resource(show_spinner=False, max_entries=8)
def _hand_reader(slug: str, variant: str, written: int) -> HandReader:
    return HandReader(bundle(slug), variant)


@st.cache_resource(show_spinner=False, max_entries=8)
def _timeline(slug: str, written: int) -> Timeline:
    return Timeline(bundle(slug))


@st.cache_resource(show_spinner=False, max_entries=8)
def _adder(slug: str, variant: str, written: int) -> Adder:
    return adders.load(bundle(slug), variant)


@st.cache_resource(show_spinner=False, max_entries=8)
def _writer(slug: str, variant: str, written: int) -> Writer:
    return writers.load(bundle(slug), variant)


@st.cache_resource(show_spinner=False, max_entries=4)
def _fingerprint(slug: str, written: int) -> Fingerprint:
    return Fingerprint(bundle(slug).arrays("fingerprint.npz")["bits"])


@st.cache_resource(show_spinner=False, max_entries=4)
def _first_layer(slug: str, written: int) -> np.ndarray:
    return predict.first_layer(bundle(slug))


@st.cache_data(show_spinner=False, max_entries=128)
def _best_guess(slug: str, square: np.ndarray, written: int) -> Guess:
    network = recogniser(slug)
    return network.guesses(network.probabilities(square[None])[0], 1)[0]


@st.cache_data(show_spinner=False, max_entries=64)
def _occlusion(slug: str, square: np.ndarray, label: int, written: int) -> np.ndarray:
    return recogniser(slug).occlusion(square, label)


@st.cache_data(show_spinner=False, max_entries=4)
def _reading(slug: str, text: str, written: int) -> Trace:
    return writer(slug).read(text)
