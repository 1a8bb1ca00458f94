"""Texts on the command line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from lib import cli, datasets
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for texts a text in UTF-8, as it is or packed"


def add_options(command: argparse.ArgumentParser) -> None:
    """What only texts know."""
    texts = command.add_argument_group("texts only")
    texts.add_argument("--length", type=cli.positive, default=300, help="characters to write (default: 300)")
    texts.add_argument(
        "--temperature", type=cli.not_negative, default=0.8, help="how daring (default: 0.8; 0: not at all)"
    )
    texts.add_argument("--top-k", type=cli.positive, help="choose among so many characters only (default: all)")


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Writes on from each prompt."""
    from lib.tasks.texts import writer

    model = writer.load_writer(bundle, options.variant)

    def answer(given: str) -> tuple[dict[str, Any], str]:
        prompt, strange, instead = model.prepare(given, bundle.facts["start"])
        if instead:
            pairs = ", ".join(f"{near or 'nothing'} for {sign}" for sign, near in instead.items())
            print(f"Near signs, because this network does not know these: {pairs}", file=sys.stderr)
        if strange:
            print(f"Left out, because this network does not know them: {strange}", file=sys.stderr)
        ways = model.write(prompt, options.length, [options.temperature], options.top_k, options.seed)
        *_, [trace] = ways
        return {"prompt": prompt, "text": trace.text[len(prompt) :], "seed": options.seed}, trace.text

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the test text, or a file."""
    from lib.tasks.texts import data as corpora
    from lib.tasks.texts import writer

    model = writer.load_writer(bundle, options.variant)
    if options.data:
        text, before = corpora.load_text(options.data), writer.START
    else:
        corpus = corpora.LOADERS[experiment.slug]()
        text, before = corpus.test, corpus.validation
    unknown = model.vocabulary.unknown is not None
    text, before = (part if unknown else model.vocabulary.known(part)[0] for part in (text, before))
    if not text:
        raise datasets.DatasetError(f"{options.data} holds no character that this network knows.")
    score = writer.score_text(model.network, model.vocabulary.encode(text), model.vocabulary.encode(before))
    figures: dict[str, Any] = {
        "n": len(text),
        "bits_per_character": round(score.bits_per_character, 6),
        "loss": round(score.loss, 6),
        "accuracy": round(score.accuracy, 6),
    }
    return figures, (
        f"{score.bits_per_character:.3f} bits per character ({score.loss:.3f} nats) over {len(text):,} characters, "
        f"{score.accuracy:.1%} of them predicted correctly"
    )
