"""Files of the form of Quick, Draw!'s extract."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib import bundles


def write(data: Path, evaluation: Path) -> None:
    """The bundle's test drawings to learn from, and one of each category to be scored on."""
    bundle = bundles.load("sketch_cnn")
    images, labels = bundle.evaluation["test_images"], bundle.evaluation["test_labels"]
    names, source = np.array(bundle.classes), np.zeros(len(labels), np.uint8)
    (data / "quickdraw").mkdir(exist_ok=True)
    np.savez(data / "quickdraw" / "quickdraw28.npz", images=images, labels=labels, names=names, source=source)
    first = np.unique(labels, return_index=True)[1]
    np.savez(evaluation / "quickdraw28_heldout.npz", images=images[first], labels=labels[first], names=names)
