"""A file of Fashion-MNIST's form; that of MNIST comes from the digits."""

from __future__ import annotations

from pathlib import Path

from lib.mnist import FASHION_FILE
from tests.digits.small_data import write_mnist


def write(data: Path, evaluation: Path) -> None:
    """Write it where notebooks look for it: to them it makes no difference that it shows digits."""
    write_mnist(data / FASHION_FILE)
