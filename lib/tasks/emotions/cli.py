"""Emotions on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from lib import cli, photos
from lib.bundles import Bundle
from lib.catalogue import Experiment

DATA = "for emotions an .npz with `images` (uint8, n x 48 x 48) and `labels` (0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, 6 neutral)"


def predict(bundle: Bundle, options: argparse.Namespace) -> cli.Answer:
    """Finds the faces on each photo, and reads each."""
    from lib.tasks.emotions.faces import FaceFinder
    from lib.tasks.emotions.reader import EmotionReader, advice, read_faces

    finder, reader = FaceFinder(bundle), EmotionReader(bundle, options.variant)

    def answer(name: str) -> tuple[dict[str, Any], str]:
        picture, size = photos.read_photo(name), photos.upright_size(name)
        scale = size[0] / picture.width
        rows, lines = [], []
        found = read_faces(finder, reader, picture)
        for one in found:
            box = [round(scale * side, 1) for side in one.face.box]
            ranked = reader.ranked(one.probabilities)
            rows.append(
                {
                    "box": box,
                    "score": round(one.face.score, 6),
                    "label": ranked[0].label,
                    "probabilities": {guess.label: round(guess.probability, 6) for guess in ranked},
                }
            )
            best = reader.ranked(one.probabilities, options.top or cli.TOP)
            lines.append(
                f"  from ({box[0]:.0f}, {box[1]:.0f}) to ({box[2]:.0f}, {box[3]:.0f}): {cli.ranking_in_words(best)}"
            )
        count = "one face" if len(found) == 1 else f"{len(found)} faces"
        lines.insert(0, f"{name}: {count}" if found else f"{name}: {advice(picture, found)}")
        return {"size": list(size), "faces": rows}, "\n".join(lines)

    return answer


def evaluate(experiment: Experiment, bundle: Bundle, options: argparse.Namespace) -> cli.Score:
    """Scores the faces that were set apart, or those of a file."""
    from lib.tasks.emotions import data as emotions
    from lib.tasks.emotions.reader import EmotionReader

    reader = EmotionReader(bundle, options.variant)
    data = emotions.load_faces(options.data) if options.data else emotions.load_test()
    figures = emotions.scores(reader.probabilities(data.images), data.labels)
    return figures, (
        f"{figures['accuracy']:.2%} of {len(data):,} faces read correctly, {figures['macro_recall']:.2%} in the mean over the "
        f"emotions, calibration error {figures['calibration_error']:.2%}"
    )
