"""Digits on the command line."""

from __future__ import annotations

import argparse
import math
from typing import Any

from lib import cli, datasets, metrics
from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.metrics import Guess

DATA = "for digits an .npz with `images` (uint8, n x 28 x 28, light on dark) and `labels`"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Reads the digits on each picture, from left to right."""
    from lib.classifier import Classifier
    from lib.images import read_image
    from lib.photos import upright_size
    from lib.tasks.digits.reading import read_digits

    classifier = Classifier(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = read_image(name)
        digits, found = read_digits(image)
        each = [classifier.classify(one) for one in digits.images]
        # The picture was reduced before it was read.
        scale = max(upright_size(name)) / max(image.size)
        rows = [
            {
                "digit": guesses[0].label,
                "probability": round(guesses[0].probability, 6),
                "box": [round(scale * edge) for edge in box],
            }
            for guesses, box in zip(each, digits.boxes, strict=True)
        ]
        if len(each) == 1:
            top = each[0][: options.top or cli.TOP]
        else:
            # Several digits are one answer, as sure as all of them together.
            label = "".join(guesses[0].label for guesses in each)
            top = [Guess(label, math.prod(guesses[0].probability for guesses in each))]
        words = f"{name}: {cli.ranking_in_words(top)}"
        if len(each) > 1:
            words += "; each: " + cli.ranking_in_words([guesses[0] for guesses in each])
        for said in (*found.sentences(), digits.advice):
            words += f"\n  {said}" if said else ""
        row: dict[str, Any] = {"top": cli.ranking(top), "digits": rows, "found": cli.found(found, scale)}
        if any(classifier.is_strange(one) for one in digits.images):
            row["strange"] = True
            words += f"\n  {cli.STRANGE}"
        return row | ({"advice": digits.advice} if digits.advice else {}), words

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores MNIST's test digits, or those of a file."""
    from lib.classifier import Classifier
    from lib.mnist import DIGITS, load_mnist

    classifier = Classifier(bundle, options.variant)
    data = datasets.load_labelled_images(options.data, DIGITS) if options.data else load_mnist().test
    probabilities = classifier.probabilities(data.images)
    accuracy, loss = metrics.accuracy(probabilities, data.labels), metrics.cross_entropy(probabilities, data.labels)
    figures = {"n": len(data), "accuracy": round(accuracy, 6), "loss": round(loss, 6)}
    return figures, f"{accuracy:.2%} of {len(data):,} images classified correctly, loss {loss:.4f} nats"
