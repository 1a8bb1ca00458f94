"""Sketches on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import cli, datasets
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for sketches one that also has `names`, which the labels index"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Recognises the drawing on each picture."""
    from lib.classifier import Classifier
    from lib.images import read_image
    from lib.photos import upright_size
    from lib.tasks.sketches.strokes import normalise_ink, read_picture

    classifier = Classifier(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = read_image(name)
        found = read_picture(image)
        drawing = normalise_ink(found.ink, found.levels)
        guesses = classifier.classify(drawing, options.top or cli.TOP)
        row: dict[str, Any] = {
            "top": cli.ranking(guesses),
            "found": cli.found(found, max(upright_size(name)) / max(image.size)),
        }
        said = [*found.sentences()]
        if classifier.is_strange(drawing):
            row["strange"] = True
            said.append(cli.STRANGE)
        return row, "\n  ".join([f"{name}: {cli.ranking_in_words(guesses)}", *said])

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the test drawings, or those of a file."""
    from lib.classifier import Classifier
    from lib.tasks.sketches.data import load_quickdraw, sketch_scores

    classifier, classes = Classifier(bundle, options.variant), bundle.classes
    data = datasets.load_labelled_images(options.data, classes, named=True) if options.data else load_quickdraw().test
    probabilities = classifier.probabilities(data.images)
    rich = bundle.facts["rich"]
    scores = sketch_scores(probabilities, data.labels, [classes.index(name) for name in rich])
    figures: dict[str, Any] = {
        name: scores[name] for name in ("n", "accuracy", "top_5_accuracy", "loss", "rich_accuracy") if name in scores
    }
    words = (
        f"{scores['accuracy']:.2%} of {len(data):,} drawings recognised, {scores['top_5_accuracy']:.2%} within five guesses, "
        f"loss {scores['loss']:.4f} nats"
    )
    if "rich_accuracy" in scores:
        words += (
            f"; of the {len(rich)} categories with thousands of training drawings alone {scores['rich_accuracy']:.2%}"
        )
    return figures, words
