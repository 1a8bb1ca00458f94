"""Sums need no file."""

from __future__ import annotations

from pathlib import Path


def write(data: Path, evaluation: Path) -> None:
    """Nothing: sums are made up."""
