"""The models without the pages: ``python -m lib list | predict | evaluate``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lib import bundles, catalogue, datasets, metrics
from lib import images as preprocess
from lib.catalogue import Experiment

TOP = 3
"""Answers that are printed unless one asks for more."""


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
        except preprocess.InputError as error:
            status = 1
            if options.json:
                print(json.dumps({"input": given, "error": str(error)}), flush=True)
            print(f"{given}: {error}", file=sys.stderr)
            continue
        print(json.dumps({"input": given, **row}) if options.json else words, flush=True)
    return status


Answer = Callable[[str], tuple[dict[str, Any], str]]
"""From what was given to a row for ``--json`` and to words."""


def _top(guesses: Sequence[metrics.Guess]) -> list[dict[str, Any]]:
    return [{"label": guess.label, "probability": round(guess.probability, 6)} for guess in guesses]


def _listed(guesses: Sequence[metrics.Guess]) -> str:
    return ", ".join(f"{guess.label} ({guess.probability:.1%})" for guess in guesses)


def _recognise(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    # Imported where it is needed: it brings the runtime, which `--help` has no use for; as sketches bring what digits have none for.
    from lib.classifier import Classifier

    classifier = Classifier(bundle, options.variant)
    to_input = preprocess.picture_to_digit
    if catalogue.get(bundle.slug).task == "sketch":
        from lib.tasks.sketches.strokes import picture_to_sketch

        to_input = picture_to_sketch

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = to_input(preprocess.read_image(name))
        guesses = classifier.classify(image, options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


def _add(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    from lib.tasks.sums import adder
    from lib.tasks.sums import data as sums

    network = adder.load(bundle, options.variant)

    def answer(text: str) -> tuple[dict[str, Any], str]:
        question = sums.parse(text)
        written = network.answer(question)
        guesses = network.answers(question, options.top or TOP)
        verdict = "right" if written.text == question.answer else f"wrong, it is {question.answer}"
        words = f"{question.text} = {written.text} ({written.probability:.1%} sure; {verdict})"
        return {"top": _top(guesses), "true": question.answer}, words

    return answer


def _write_on(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    from lib.tasks.texts import writer

    model = writer.load(bundle, options.variant)

    def answer(given: str) -> tuple[dict[str, Any], str]:
        prompt, strange = model.prepare(given, bundle.facts["start"])
        if strange:
            print(f"Left out, for this network does not know them: {strange}", file=sys.stderr)
        ways = model.write(prompt, options.length, [options.temperature], options.top_k, options.seed)
        *_, [trace] = ways
        return {"prompt": prompt, "text": trace.text[len(prompt) :], "seed": options.seed}, trace.text

    return answer


def _name(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    from lib import photos
    from lib.tasks.photos import recogniser as recognition

    recogniser = recognition.Recogniser(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        square = photos.to_square(photos.read_photo(name), recognition.SIDE)
        guesses = recogniser.guesses(recogniser.probabilities(square[None])[0], options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


def _detect(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    from lib import photos
    from lib.tasks.detection import detector as detect

    detector = detect.Detector(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = photos.read_photo(name)
        size = photos.upright_size(name)
        raw = detector.raw(image).resized(size)
        found = detector.detections(raw, options.threshold or detect.THRESHOLD, most=options.top or detect.MOST)
        rows = [
            {"label": one.label, "score": round(one.score, 6), "box": [round(side, 1) for side in one.box]}
            for one in found
        ]
        lines = [f"{name}: {len(found)} found" + (f" on {size[0]} x {size[1]} pixels" if found else "")]
        for one in found:
            left, top, right, bottom = (round(side) for side in one.box)
            lines.append(f"  {one.label} ({one.score:.1%}) from ({left}, {top}) to ({right}, {bottom})")
        return {"size": list(size), "detections": rows}, "\n".join(lines)

    return answer


def _read_hands(bundle: bundles.Bundle, options: argparse.Namespace) -> Answer:
    from lib import photos
    from lib.tasks.hands.reader import HandReader

    reader = HandReader(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        guesses = reader.classify(photos.read_photo(name), options.top or TOP)
        return {"top": _top(guesses)}, f"{name}: {_listed(guesses)}"

    return answer


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


Score = tuple[dict[str, Any], str]


def _score_digits(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.classifier import Classifier

    classifier = Classifier(bundle, options.variant)
    data = datasets.load_labelled_images(options.data) if options.data else datasets.load_mnist().test
    probabilities = classifier.probabilities(data.images)
    accuracy, loss = metrics.accuracy(probabilities, data.labels), metrics.cross_entropy(probabilities, data.labels)
    figures = {"n": len(data), "accuracy": round(accuracy, 6), "loss": round(loss, 6)}
    return figures, f"{accuracy:.2%} of {len(data):,} images classified correctly, loss {loss:.4f} nats"


def _score_sketches(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.classifier import Classifier
    from lib.tasks.sketches import data as quickdraw

    classifier, classes = Classifier(bundle, options.variant), bundle.classes
    if options.data:
        data = datasets.load_labelled_images(options.data, classes, named=True)
    else:
        data = quickdraw.load_quickdraw().test
    probabilities = classifier.probabilities(data.images)
    rich = bundle.facts["rich"]
    scores = metrics.sketch_scores(probabilities, data.labels, [classes.index(name) for name in rich])
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


def _score_sums(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.tasks.sums import adder
    from lib.tasks.sums import data as sums

    network = adder.load(bundle, options.variant)
    small = sums.Pairs(*np.divmod(np.arange(100 * 100), 100))
    test = sums.load_pairs(options.data) if options.data else sums.split_pairs()["test"]
    exact, below = float(network.written_right(test).mean()), float(network.written_right(small).mean())
    figures = {"n": len(test), "exact_match": round(exact, 6), "small_exact_match": round(below, 6)}
    what = "sums of the file" if options.data else "sums that it never saw in training"
    return figures, f"{exact:.2%} of {len(test):,} {what} exactly right, {below:.2%} of all 10,000 of numbers below 100"


def _score_text(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.tasks.texts import data as corpora
    from lib.tasks.texts import writer

    model = writer.load(bundle, options.variant)
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
        f"{score.accuracy:.1%} of them foretold"
    )


def _score_photos(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib import photos
    from lib.tasks.photos import data as imagenet
    from lib.tasks.photos import recogniser as recognition

    recogniser = recognition.Recogniser(bundle, options.variant)
    data = imagenet.load_photos(bundle.facts["wnids"], options.data)
    squares = np.stack([photos.to_square(image, recognition.SIDE) for image in data])
    scores = metrics.photo_scores(recogniser.probabilities(squares), data.labels)
    return scores, (
        f"{scores['accuracy']:.2%} of {len(data):,} photos recognised, {scores['top_5_accuracy']:.2%} within five guesses, "
        f"loss {scores['loss']:.4f} nats"
    )


def _score_detection(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.tasks.detection import data as coco
    from lib.tasks.detection import detector as detect

    detector = detect.Detector(bundle, options.variant)
    data = coco.load_labelled_photos(options.data) if options.data else coco.load_test_photos()
    scores = coco.score(data, coco.find_all(detector, data))
    mean, at_half = scores.mean_average_precision, scores.mean_average_precision_50
    figures = {"n": len(data), "mean_average_precision": round(mean, 6), "mean_average_precision_50": round(at_half, 6)}
    return figures, (
        f"mean average precision {mean:.3f} over overlaps of 0.5 to 0.95 and {at_half:.3f} at 0.5, on {len(data):,} photos with "
        f"{len(data.label):,} things"
    )


def _score_hands(experiment: Experiment, bundle: bundles.Bundle, options: argparse.Namespace) -> Score:
    from lib.tasks.hands import data as hands
    from lib.tasks.hands.reader import HandReader

    reader = HandReader(bundle, options.variant)
    data = hands.load_photos(options.data, reader.side)[0] if options.data else hands.load_held_out(reader.side)
    figures = hands.scores(reader.probabilities(data.images), data.labels)
    words = f"{figures['accuracy']:.2%} of {len(data):,} photos read correctly"
    if "hands_accuracy" in figures:
        words += f", {figures['hands_accuracy']:.2%} of rock, paper and scissors"
    if "nothing_recall" in figures:
        words += f", {figures['nothing_recall']:.2%} of those without a hand"
    return figures, words


if __name__ == "__main__":
    sys.exit(main())
