"""Hands on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import bundles, photos
from lib.catalogue import Experiment
from lib.cli import TOP, Answer, Score, _listed, _top
from lib.tasks.hands import data as hands
from lib.tasks.hands.reader import HandReader


def _read_hands(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:

    reader = HandReader(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        guesses = reader.classify(photos.read_photo(name), options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


def _score_hands(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:

    reader = HandReader(bundle, options.variant)
    data = hands.load_photos(options.data, reader.side)[0] if options.data else hands.load_held_out(reader.side)
    figures = hands.scores(reader.probabilities(data.images), data.labels)
    words = f"{figures['accuracy']:.2%} of {len(data):,} photos read correctly"
    if "hands_accuracy" in figures:
        words += f", {figures['hands_accuracy']:.2%} of rock, paper and scissors"
    if "nothing_recall" in figures:
        words += f", {figures['nothing_recall']:.2%} of those without a hand"
    return figures, words
