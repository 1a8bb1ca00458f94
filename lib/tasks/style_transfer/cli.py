"""Style transfer on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lib import cli, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.images import InputError

DATA = "for style_transfer an .npz with `jpeg` (uint8, all photos' files in a row) and `offsets`"


def _between(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return value


def add_options(command: argparse.ArgumentParser) -> None:
    """What only painting needs."""
    command.add_argument(
        "--style", metavar="PICTURE", help="paint in the style of this picture (default: Starry Night)"
    )
    command.add_argument("--strength", type=_between, default=1.0, help="how strong the style is, 0 to 1 (default: 1)")
    command.add_argument("--keep-colours", action="store_true", help="keep the colours of the photo")
    command.add_argument("--side", type=cli.positive, help="longer side of the painted photo in pixels (default: 384)")


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Paints each photo."""
    from PIL import Image

    from lib.tasks.style_transfer.painter import LONGEST, MOST, Painter, advice
    from lib.tasks.style_transfer.paintings import LEARNT, painting

    bundle.variant(options.variant)
    painter = Painter(bundle)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        if options.output and len(options.inputs) > 1:
            raise InputError("--output names one file: please paint one photo at a time, or leave it out.")
        if options.side and not 64 <= options.side <= MOST:
            raise InputError(f"--side must be from 64 to {MOST} pixels.")
        picture = photos.read_photo(name)
        if words := advice(picture):
            raise InputError(words)
        try:
            wanted = photos.read_photo(options.style) if options.style else painting(LEARNT).open()
        except InputError as error:
            raise InputError(f"The style ({options.style}): {error}") from None
        _, painted = painter.paint_with(
            picture,
            (painter.style(wanted), None),
            strength=options.strength,
            own_colours=options.keep_colours,
            longest=options.side or LONGEST,
        )
        path = Path(options.output or f"{Path(name).with_suffix('')}_painted.png")
        try:
            Image.fromarray(painted).save(path, "PNG")
        except OSError as error:
            raise InputError(f"{path} cannot be written ({error.strerror}): please name another file.") from None
        height, width = painted.shape[:2]
        row = {"output": str(path), "size": [width, height], "style": options.style or LEARNT}
        return row | {"strength": options.strength}, f"{name}: painted, {width} x {height} pixels, in {path}"

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores photos that were set apart, or those of a file."""
    from lib.tasks.style_transfer import data as style_data
    from lib.tasks.style_transfer import measure

    bundle.variant(options.variant)
    pictures = style_data.load_packed(options.data) if options.data else style_data.load_test()
    figures = measure.scores(bundle, pictures, style_data.load_vgg())
    return figures, (
        f"{len(pictures)} photos in seven styles: {figures['style_reached']:.1%} of the way to the style, style loss "
        f"{figures['style_loss']:.3f}, content loss {figures['content_loss']:.1f}"
    )
