"""Sums on the command line."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from lib import cli
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for sums an .npz with `a` and `b`"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Answers each sum."""
    from lib.tasks.sums import adder
    from lib.tasks.sums import data as sums

    network = adder.load_adder(bundle, options.variant)

    def answer(text: str) -> tuple[dict[str, Any], str]:
        question = sums.parse(text)
        written = network.answer(question)
        guesses = network.answers(question, options.top or cli.TOP)
        verdict = "right" if written.text == question.answer else f"wrong, it is {question.answer}"
        words = f"{question.text} = {written.text} ({written.probability:.1%} sure; {verdict})"
        return {"top": cli.ranking(guesses), "true": question.answer}, words

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores sums that it never saw in training, or those of a file, and all sums of numbers below 100."""
    from lib.tasks.sums import adder
    from lib.tasks.sums import data as sums

    network = adder.load_adder(bundle, options.variant)
    small = sums.Pairs(*np.divmod(np.arange(100 * 100), 100))
    test = sums.load_pairs(options.data) if options.data else sums.split_pairs()["test"]
    exact, below = float(network.written_right(test).mean()), float(network.written_right(small).mean())
    figures = {"n": len(test), "exact_match": round(exact, 6), "small_exact_match": round(below, 6)}
    what = "sums of the file" if options.data else "sums that it never saw in training"
    return figures, f"{exact:.2%} of {len(test):,} {what} exactly right, {below:.2%} of all 10,000 of numbers below 100"
