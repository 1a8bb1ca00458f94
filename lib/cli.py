"""What the tasks' command lines share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lib import metrics

TOP = 3
"""Answers that are printed unless one asks for more."""
Answer = Callable[[str], tuple[dict[str, Any], str]]
"""From what was given to a row for ``--json`` and to words."""
Score = tuple[dict[str, Any], str]


def _top(guesses: Sequence[metrics.Guess]) -> list[dict[str, Any]]:
    return [{"label": guess.label, "probability": round(guess.probability, 6)} for guess in guesses]


def _listed(guesses: Sequence[metrics.Guess]) -> str:
    return ", ".join(f"{guess.label} ({guess.probability:.1%})" for guess in guesses)
