"""What the tasks' command lines share.

Each task has a module ``lib/tasks/<task>/cli.py`` with

- ``DATA``: what a file for ``evaluate --data`` holds, in words,
- ``predict(bundle, options)``: a function from an input to its `Answer`,
- ``evaluate(experiment, bundle, options)``: a `Score`,
- ``add_options(command)``, where ``predict`` has options that only this task knows.

These modules import models inside their functions: ``--help`` and ``list`` need no model, and answer at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lib.metrics import Guess

if TYPE_CHECKING:
    from lib.paper import Reading

STRANGE = "This looks like nothing that the network knows."
TOP = 3
"""Answers that are printed unless one asks for more."""

Answer = Callable[[str], tuple[dict[str, Any], str]]
"""From what was given to a row for ``--json`` and to words."""

Score = tuple[dict[str, Any], str]
"""Figures for ``--json``, and words."""


def ranking(guesses: Sequence[Guess]) -> list[dict[str, Any]]:
    """Guesses for ``--json``."""
    return [{"label": guess.label, "probability": round(guess.probability, 6)} for guess in guesses]


def ranking_in_words(guesses: Sequence[Guess]) -> str:
    """Guesses for people."""
    return ", ".join(f"{guess.label} ({guess.probability:.1%})" for guess in guesses)


def guessing(guess: Callable[[str], Sequence[Guess]]) -> Answer:
    """The answer of a classifier: `guess` gives the classes of a file, most probable first."""

    def answer(name: str) -> tuple[dict[str, Any], str]:
        guesses = guess(name)
        return {"top": ranking(guesses)}, f"{name}: {ranking_in_words(guesses)}"

    return answer


def found(reading: Reading, scale: float = 1.0) -> dict[str, Any]:
    """What was taken away before a picture was read, for ``--json``.

    Args:
        reading: of the picture.
        scale: by how much the picture's file is larger than what was read.
    """
    corners = None
    if reading.corners is not None:
        corners = [[round(scale * x), round(scale * y)] for x, y in reading.corners]
    return {"sheet": corners, "lines": len(reading.lines), "frame": reading.frame, "shadow": reading.shadow}


def positive(text: str) -> int:
    """A whole number from 1 on."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def share(text: str) -> float:
    """A number above 0, up to 1."""
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return value


def not_negative(text: str) -> float:
    """A finite number from 0 on."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value
