"""Object detection on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import cli, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for object detection an .npz with `jpeg`, `offsets`, `image_id`, `size`, `boxes` and `class_names`"


def add_options(command: argparse.ArgumentParser) -> None:
    """What only object detection knows."""
    things = command.add_argument_group("object detection only")
    things.add_argument(
        "--threshold", type=cli.share, help="score from which on a thing is named, 0 to 1 (default: 0.4)"
    )


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Finds things on each photo."""
    from lib.tasks.detection import detector as detect

    detector = detect.Detector(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        image = photos.read_photo(name)
        size = photos.upright_size(name)
        raw = detector.raw(image).resized(size)
        found = detector.detections(raw, options.threshold or detect.THRESHOLD, most=options.top or detect.MOST_BOXES)
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


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the photos that were set apart, or those of a file."""
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
