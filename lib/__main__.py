"""The models without the pages: ``python -m lib list | predict | evaluate | convert | export``."""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from lib import bundles, catalogue, cli, datasets
from lib.images import InputError


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


def _command_line(task: str) -> ModuleType:
    """The module of a task that `lib.cli` describes."""
    return importlib.import_module(f"lib.tasks.{task}.cli")


def _parser() -> argparse.ArgumentParser:
    tasks = [_command_line(task) for task in catalogue.TASKS]
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
    command.add_argument(
        "--top", type=cli.positive, help="how many answers to print (default: 3; of things found: all)"
    )
    command.add_argument("--json", action="store_true", help="one JSON object per input")
    command.add_argument("--seed", type=int, help="of texts and drawn pictures: the same one gives the same answer")
    command.add_argument(
        "--output", metavar="PNG", help="where to write a picture that is made (default: named after what was given)"
    )
    for task in tasks:
        if hasattr(task, "add_options"):
            task.add_options(command)
    command.set_defaults(run=_predict)

    command = commands.add_parser("evaluate", help="compute a model's score anew from the data")
    command.add_argument("slug", help="name of the experiment, as `list` prints it")
    command.add_argument("--variant", default="good", help="underfit, good (the default) or overfit")
    command.add_argument(
        "--data",
        metavar="FILE",
        help="score this file: " + ", ".join(task.DATA for task in tasks),
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser(
        "convert", help="write a model for the visitor's browser anew (needs what training needs)"
    )
    command.add_argument(
        "slugs", nargs="*", metavar="SLUG", help="names of experiments, as `list` prints them (default: all)"
    )
    command.set_defaults(run=_convert)

    command = commands.add_parser("export", help="write pages that need no server: gallery and all demos")
    command.add_argument("folder", help="where to write them, a new folder")
    command.set_defaults(run=_export)
    return parser


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
    answer = _command_line(experiment.task).predict(bundle, options)
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
    figures, words = _command_line(experiment.task).evaluate(experiment, bundle, options)
    if options.json:
        print(json.dumps({"slug": options.slug, "variant": options.variant, **figures}))
    else:
        print(f"{options.slug}, {options.variant}: {words}")
    return 0


def _convert(options: argparse.Namespace) -> int:
    experiments = [catalogue.get(slug) for slug in options.slugs] or catalogue.EXPERIMENTS
    try:
        converting = importlib.import_module("lib.training.for_browser")
    except ImportError as error:
        print(f"{error.name} is not installed: `make .venv/tfjs.done` installs what converts models.", file=sys.stderr)
        return 1
    for experiment in experiments:
        try:
            print(f"{experiment.slug}: {converting.convert(experiment.slug)}", flush=True)
        except converting.ConverterMissingError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _export(options: argparse.Namespace) -> int:
    from lib.site import export

    try:
        pages = export(Path(options.folder))
    except FileExistsError:
        print(f"{options.folder} is there already: please name a new folder.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{options.folder} cannot be written ({error.strerror}): please name another folder.", file=sys.stderr)
        return 1
    print(f"Wrote {pages} pages. To look at them: python -m http.server --directory {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
