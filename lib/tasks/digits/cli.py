"""Digits on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import bundles, catalogue, datasets, metrics
from lib.catalogue import Experiment
from lib.classifier import Classifier
from lib.cli import TOP, Answer, Score, _listed, _top
from lib.images import read_image
from lib.ink import picture_to_digit
from lib.tasks.digits.data import load_mnist


def _recognise(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    # Imported where it is needed: it brings the runtime, which `--help` has no use for; as sketches bring what digits have none for.

    classifier = Classifier(bundle, options.variant)
    to_input = picture_to_digit
    if catalogue.get(bundle.slug).task == "sketch":
        from lib.tasks.sketches.strokes import picture_to_sketch

        to_input = picture_to_sketch

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = to_input(read_image(name))
        guesses = classifier.classify(image, options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


def _score_digits(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:

    classifier = Classifier(bundle, options.variant)
    data = datasets.load_labelled_images(options.data) if options.data else load_mnist().test
    probabilities = classifier.probabilities(data.images)
    accuracy, loss = metrics.accuracy(probabilities, data.labels), metrics.cross_entropy(probabilities, data.labels)
    figures = {"n": len(data), "accuracy": round(accuracy, 6), "loss": round(loss, 6)}
    return figures, f"{accuracy:.2%} of {len(data):,} images classified correctly, loss {loss:.4f} nats"
