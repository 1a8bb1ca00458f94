"""Sketches on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import bundles, datasets
from lib.catalogue import Experiment
from lib.classifier import Classifier
from lib.cli import Score
from lib.tasks.sketches import data as quickdraw
from lib.tasks.sketches.data import sketch_scores


def _score_sketches(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:

    classifier, classes = Classifier(bundle, options.variant), bundle.classes
    if options.data:
        data = datasets.load_labelled_images(options.data, classes, named=True)
    else:
        data = quickdraw.load_quickdraw().test
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
