"""Hands on the command line."""

from __future__ import annotations

import argparse

from lib import cli, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for hands an .npz with `jpeg`, `offsets` and `labels` (0 rock, 1 paper, 2 scissors, 3 nothing)"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Reads the hand on each photo."""
    from lib.tasks.hands.reader import HandReader

    reader = HandReader(bundle, options.variant)

    return cli.guessing(lambda name: reader.classify(photos.read_photo(name), options.top or cli.TOP))


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the photos that were set apart, or those of a file."""
    from lib.tasks.hands import data as hands
    from lib.tasks.hands.reader import HandReader

    reader = HandReader(bundle, options.variant)
    data = hands.load_photos(options.data, reader.side)[0] if options.data else hands.load_held_out(reader.side)
    figures = hands.scores(reader.probabilities(data.images), data.labels)
    words = f"{figures['accuracy']:.2%} of {len(data):,} photos read correctly"
    if "hands_accuracy" in figures:
        words += f", {figures['hands_accuracy']:.2%} of rock, paper and scissors"
    if "nothing_recall" in figures:
        words += f", {figures['nothing_recall']:.2%} of those without a hand"
    return figures, words
