"""Photos on the command line."""

from __future__ import annotations

import argparse

import numpy as np

from lib import cli, metrics, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for photos one with `jpeg`, `offsets` and `wnid`"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Names what each photo shows."""
    from lib.tasks.photos.recogniser import INPUT_SIDE, Recogniser

    recogniser = Recogniser(bundle, options.variant)

    def guess(name: str) -> list[metrics.Guess]:
        square = photos.to_square(photos.read_photo(name), INPUT_SIDE)
        return recogniser.guesses(recogniser.probabilities(square[None])[0], options.top or cli.TOP)

    return cli.guessing(guess)


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the photos that were set apart, or those of a file."""
    from lib.tasks.photos.data import load_photos
    from lib.tasks.photos.recogniser import INPUT_SIDE, Recogniser

    recogniser = Recogniser(bundle, options.variant)
    data = load_photos(bundle.facts["wnids"], options.data)
    squares = np.stack([photos.to_square(image, INPUT_SIDE) for image in data])
    scores = metrics.photo_scores(recogniser.probabilities(squares), data.labels)
    return scores, (
        f"{scores['accuracy']:.2%} of {len(data):,} photos recognised, {scores['top_5_accuracy']:.2%} within five guesses, "
        f"loss {scores['loss']:.4f} nats"
    )
