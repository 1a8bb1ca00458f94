"""Photos on the command line."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from lib import bundles, metrics, photos
from lib.catalogue import Experiment
from lib.cli import TOP, Answer, Score, _listed, _top
from lib.tasks.photos import data as imagenet
from lib.tasks.photos import recogniser as recognition


def _name(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:

    recogniser = recognition.Recogniser(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        square = photos.to_square(photos.read_photo(name), recognition.SIDE)
        guesses = recogniser.guesses(recogniser.probabilities(square[None])[0], options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


def _score_photos(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.tasks.photos import recogniser as recognition

    recogniser = recognition.Recogniser(bundle, options.variant)
    data = imagenet.load_photos(bundle.facts["wnids"], options.data)
    squares = np.stack([photos.to_square(image, recognition.SIDE) for image in data])
    scores = metrics.photo_scores(recogniser.probabilities(squares), data.labels)
    return scores, (
        f"{scores['accuracy']:.2%} of {len(data):,} photos recognised, {scores['top_5_accuracy']:.2%} within five guesses, "
        f"loss {scores['loss']:.4f} nats"
    )
