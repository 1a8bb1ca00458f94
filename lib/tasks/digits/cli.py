"""Digits on the command line."""

from __future__ import annotations

import argparse

from lib import cli, datasets, metrics
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for digits an .npz with `images` (uint8, n x 28 x 28, light on dark) and `labels`"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Reads one digit from each picture."""
    from lib.classifier import Classifier
    from lib.images import read_image
    from lib.ink import picture_to_digit

    classifier = Classifier(bundle, options.variant)
    return cli.guessing(lambda name: classifier.classify(picture_to_digit(read_image(name)), options.top or cli.TOP))


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores MNIST's test digits, or those of a file."""
    from lib.classifier import Classifier
    from lib.tasks.digits.data import DIGITS, load_mnist

    classifier = Classifier(bundle, options.variant)
    data = datasets.load_labelled_images(options.data, DIGITS) if options.data else load_mnist().test
    probabilities = classifier.probabilities(data.images)
    accuracy, loss = metrics.accuracy(probabilities, data.labels), metrics.cross_entropy(probabilities, data.labels)
    figures = {"n": len(data), "accuracy": round(accuracy, 6), "loss": round(loss, 6)}
    return figures, f"{accuracy:.2%} of {len(data):,} images classified correctly, loss {loss:.4f} nats"
