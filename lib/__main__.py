"""The models without the pages: ``python -m lib list | predict | evaluate``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from lib import bundles, datasets, experiments, metrics, preprocess


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0; 1 when an input or a file could not be used; argparse itself exits with 2 on a wrong command line.
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (bundles.BundleError, datasets.DatasetError, experiments.UnknownExperimentError) as error:
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

    command = commands.add_parser("predict", help="what a model says about pictures")
    command.add_argument("slug", help="name of the experiment, as `list` prints it")
    command.add_argument("inputs", nargs="+", metavar="IMAGE-OR-TEXT", help="what the experiment takes")
    command.add_argument("--variant", default="good", help="underfit, good (the default) or overfit")
    command.add_argument("--top", type=_positive, default=3, help="how many answers to print (default: 3)")
    command.add_argument("--json", action="store_true", help="one JSON object per input")
    command.set_defaults(run=_predict)

    command = commands.add_parser("evaluate", help="compute a model's score anew from the data")
    command.add_argument("slug", help="name of the experiment, as `list` prints it")
    command.add_argument("--variant", default="good", help="underfit, good (the default) or overfit")
    command.add_argument(
        "--data",
        metavar="FILE.npz",
        help="score `images` (uint8, n x 28 x 28, light on dark) and `labels` of this file",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_evaluate)
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _list(options: argparse.Namespace) -> int:
    status = 0
    for experiment in experiments.EXPERIMENTS:
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
            print(f"{experiment.slug:16} {score:7.2%} test {experiment.metric}   {experiment.title}")
    return status


def _predict(options: argparse.Namespace) -> int:
    # Imported where it is needed: it brings the runtime, which `--help` has no use for.
    from lib.predict import Classifier

    experiments.get(options.slug)
    classifier = Classifier(bundles.load(options.slug), options.variant)
    status = 0
    for name in options.inputs:
        try:
            image = preprocess.picture_to_digit(preprocess.read_image(name))
        except preprocess.InputError as error:
            status = 1
            if options.json:
                print(json.dumps({"input": name, "error": str(error)}), flush=True)
            print(f"{name}: {error}", file=sys.stderr)
            continue
        guesses = classifier.classify(image, options.top)
        if options.json:
            top = [{"label": guess.label, "probability": round(guess.probability, 6)} for guess in guesses]
            print(json.dumps({"input": name, "top": top}), flush=True)
        else:
            print(f"{name}: " + ", ".join(f"{guess.label} ({guess.probability:.1%})" for guess in guesses), flush=True)
    return status


def _evaluate(options: argparse.Namespace) -> int:
    from lib.predict import Classifier

    experiments.get(options.slug)
    classifier = Classifier(bundles.load(options.slug), options.variant)
    data = datasets.load_labelled_images(options.data) if options.data else datasets.load_mnist().test
    probabilities = classifier.probabilities(data.images)
    result = {
        "slug": options.slug,
        "variant": options.variant,
        "n": len(data),
        "accuracy": round(metrics.accuracy(probabilities, data.labels), 6),
        "loss": round(metrics.cross_entropy(probabilities, data.labels), 6),
    }
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"{options.slug}, {options.variant}: {result['accuracy']:.2%} of {result['n']:,} images "
            f"classified correctly, loss {result['loss']:.4f} nats"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
