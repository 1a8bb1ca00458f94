"""Drawing on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from lib import cli, datasets
from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.images import InputError

DATA = "for drawn pictures an .npz with real `images` (uint8, n x 28 x 28, light on dark) and `labels`"
COLUMNS = 10


def add_options(command: argparse.ArgumentParser) -> None:
    """What only drawing needs."""
    command.add_argument("--steps", type=int, default=20, help="steps from noise to a drawn picture (default: 20)")
    command.add_argument(
        "--guidance", type=float, default=2.0, help="how strongly the class counts in drawing, 0 to 5 (default: 2)"
    )


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Draws a picture for each class that is named, all on one sheet."""
    from lib.tasks.generation.flow import noise
    from lib.tasks.generation.generator import Generator, checked, class_of
    from lib.tasks.generation.reader import Reader

    generator, reader, classes = Generator(bundle, options.variant), Reader(bundle), tuple(bundle.classes)
    seed, path = options.seed or 0, Path(options.output or f"{bundle.slug}.png")
    pictures: list[np.ndarray] = []

    def answer(name: str) -> tuple[dict[str, Any], str]:
        checked(len(options.inputs), seed, options.steps, options.guidance)
        label = class_of(name, classes)
        drawn = generator.finish([label], noise(seed, len(pictures) + 1)[-1:], options.steps, options.guidance)
        pictures.extend(drawn)
        # Written with each picture, so that it is there if a later input is wrong.
        _save(pictures, path)
        asked, read = classes[label], classes[int(reader.read(drawn)[0])]
        row = {"class": asked, "read_as": read, "place": len(pictures), "output": str(path)}
        return row, f"{asked}: drawn in {path}, place {len(pictures)}, and read as {read}"

    return answer


def _save(drawn: list[np.ndarray], path: Path) -> None:
    from PIL import Image

    from lib.pictures import grey, sheet

    try:
        Image.fromarray(sheet([grey(one) for one in drawn], min(COLUMNS, len(drawn)))).save(path, "PNG")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): please name another file.") from None


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores as many drawn pictures as there are real ones in the test set, or in a file."""
    from lib.tasks.generation import data, measure

    bundle.variant(options.variant)
    if options.data:
        real = datasets.load_labelled_images(options.data, bundle.classes)
    else:
        real = data.load(experiment.slug).test
    figures = measure.scores(bundle, options.variant, real)
    return figures, (
        f"{figures['read_as_asked']:.1%} of {figures['n']:,} drawn pictures read as asked, Frechet distance "
        f"{figures['frechet_distance']:.2f}, precision {figures['precision']:.2f}, recall {figures['recall']:.2f}"
    )
