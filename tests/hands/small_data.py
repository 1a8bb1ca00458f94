"""Files of the form of the hand photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib import photos


def write(data: Path, evaluation: Path) -> None:
    """Photos of some sources to learn from, rendered hands, and photos of two more sources to be scored on."""
    (data / "rps").mkdir(exist_ok=True)
    write_hands(data / "rps" / "rps_real.npz", (0, 1, 3, 8))
    write_hands(data / "rps" / "rps_moroney_cgi.npz", (21,), 3)
    write_hands(evaluation / "rps_real_heldout.npz", (11, 15))


def write_hands(path: Path, sources: tuple[int, ...], classes: int = 4) -> None:
    """A file of the form of the hand photos: the project's own example of each class, four times for each source."""
    files = [
        photos.example("espresso").path.with_name(f"{name}.jpg") for name in ("rock", "paper", "scissors", "espresso")
    ]
    content = [file.read_bytes() for file in files[:classes]] * 4 * len(sources)
    np.savez(
        path,
        jpeg=np.frombuffer(b"".join(content), np.uint8),
        offsets=np.cumsum([0, *map(len, content)]),
        labels=np.tile(np.arange(classes), 4 * len(sources)).astype(np.uint8),
        source=np.repeat(sources, 4 * classes).astype(np.uint8),
        source_names=np.array([f"source {i}" for i in range(22)]),
    )
