"""Photos on the command line."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from lib import cli, metrics, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for photos one with `jpeg`, `offsets` and `wnid`"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Names what each photo shows."""
    from lib.tasks.photos.recogniser import INPUT_SIDE, Recogniser

    recogniser = Recogniser(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        look = recogniser.look(photos.to_square(photos.read_photo(name), INPUT_SIDE))
        guesses = recogniser.guesses(look.probabilities, options.top or cli.TOP)
        row, words = {"top": cli.ranking(guesses)}, f"{name}: {cli.ranking_in_words(guesses)}"
        return (row | {"strange": True}, f"{words}\n  {cli.STRANGE}") if look.strange else (row, words)

    return answer


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
