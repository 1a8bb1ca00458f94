"""The models without the pages: ``python -m lib list | predict | evaluate``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence

from lib import bundles, catalogue, datasets
from lib.images import InputError
from lib.tasks.detection.cli import _detect, _score_detection
from lib.tasks.digits.cli import _recognise, _score_digits
from lib.tasks.hands.cli import _read_hands, _score_hands
from lib.tasks.photos.cli import _name, _score_photos
from lib.tasks.sketches.cli import _score_sketches
from lib.tasks.sums.cli import _add, _score_sums
from lib.tasks.texts.cli import _score_text, _write_on


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0; 1 when an input or a file could not be used; argparse itself exits with 2 on a wrong command line.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (bundles.BundleError, datasets.DatasetError, catalogue.UnknownExperimentError) as error:
        print(error.args[0], file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output, `head` say, has seen enough.
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib", description="The dashboard's models, without the dashboard.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("list", help="all experiments with their test scores")
    command.add_argument("--json", action="store_true", help="one JSON object per line")
    command.set_defaults(run=_list)

    command = commands.add_parser("predict", help="what a model says about pictures, sums or texts")
    # So that a negative sum gets the sentence about minus signs and is not taken for an option.
    command._negative_number_matcher = re.compile(r"-\d")
    command.add_argument("slug", help="name of the experiment, as `list` prints it")
    command.add_argument("inputs", nargs="+", metavar="IMAGE-OR-TEXT", help="what the experiment takes")
    command.add_argument("--variant", default="good", help="underfit, good (the default) or overfit")
    command.add_argument("--top", type=_positive, help="how many answers to print (default: 3; of things found: all)")
    command.add_argument("--json", action="store_true", help="one JSON object per input")
    texts = command.add_argument_group("texts only")
    texts.add_argument("--length", type=_positive, default=300, help="characters to write (default: 300)")
    texts.add_argument(
        "--temperature", type=_not_negative, default=0.8, help="how daring (default: 0.8; 0: not at all)"
    )
    texts.add_argument("--top-k", type=_positive, help="choose among so many characters only (default: all)")
    texts.add_argument("--seed", type=int, help="the same one gives the same text")
    things = command.add_argument_group("object detection only")
    things.add_argument("--threshold", type=_share, help="score from which on a thing is named, 0 to 1 (default: 0.4)")
    command.set_defaults(run=_predict)

    command = commands.add_parser("evaluate", help="compute a model's score anew from the data")
    command.add_argument("slug", help="name of the experiment, as `list` prints it")
    command.add_argument("--variant", default="good", help="underfit, good (the default) or overfit")
    command.add_argument(
        "--data",
        metavar="FILE",
        help="score this file: for digits an .npz with `images` (uint8, n x 28 x 28, light on dark) and `labels`, for sketches one that also has `names`, which the labels index, for sums an .npz "
        "with `a` and `b`, for photos one with `jpeg`, `offsets` and `wnid`, for object detection an .npz with `jpeg`, `offsets`, `image_id`, `size`, `boxes` and `class_names`, for hands an .npz with `jpeg`, `offsets` and `labels` (0 rock, 1 paper, 2 scissors, 3 nothing), for texts a text in UTF-8, as it is or packed",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_evaluate)
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return value


def _not_negative(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value


def _list(options: argparse.Namespace) -> int:
    status, width = 0, max(len(experiment.slug) for experiment in catalogue.EXPERIMENTS)
    for experiment in catalogue.EXPERIMENTS:
        try:
            bundle = bundles.load(experiment.slug)
            good = bundle.variant("good")
        except bundles.BundleError as error:
            status = 1
            print(error, file=sys.stderr)
            continue
        score = good["test"][experiment.metric]
        if options.json:
            row: dict[str, object] = {"slug": experiment.slug, "title": experiment.title, "family": experiment.family}
            row |= {"dataset": experiment.dataset, "variants": bundle.variants, "parameters": good["parameters"]}
            print(json.dumps(row | {experiment.metric: score}))
        else:
            print(f"{experiment.slug:{width}}  {experiment.score(good['test']):36}  {experiment.title}")
    return status


def _predict(options: argparse.Namespace) -> int:
    experiment = catalogue.get(options.slug)
    bundle = bundles.load(options.slug)
    answer = {
        "digit": _recognise,
        "sketch": _recognise,
        "sum": _add,
        "text": _write_on,
        "photo": _name,
        "detection": _detect,
        "hand": _read_hands,
    }[experiment.task](bundle, options)
    status = 0
    for given in options.inputs:
        try:
            row, words = answer(given)
        except InputError as error:
            status = 1
            if options.json:
                print(json.dumps({"input": given, "error": str(error)}), flush=True)
            print(f"{given}: {error}", file=sys.stderr)
            continue
        print(json.dumps({"input": given, **row}) if options.json else words, flush=True)
    return status


def _evaluate(options: argparse.Namespace) -> int:
    experiment = catalogue.get(options.slug)
    bundle = bundles.load(options.slug)
    score = {
        "digit": _score_digits,
        "sketch": _score_sketches,
        "sum": _score_sums,
        "text": _score_text,
        "photo": _score_photos,
        "detection": _score_detection,
        "hand": _score_hands,
    }[experiment.task]
    figures, words = score(experiment, bundle, options)
    if options.json:
        print(json.dumps({"slug": options.slug, "variant": options.variant, **figures}))
    else:
        print(f"{options.slug}, {options.variant}: {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
