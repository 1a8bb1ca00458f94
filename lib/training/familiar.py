"""Below which familiarity a picture is called strange, and how many strangers that finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from lib.metrics import familiarity

KEPT = 0.99
"""Share of the known pictures that the threshold keeps."""


def recognised(
    logits: Callable[[np.ndarray], np.ndarray], own: np.ndarray, test: np.ndarray, strangers: dict[str, np.ndarray]
) -> dict[str, Any]:
    """Choose the threshold, and measure it.

    Args:
        logits: of the network, from images (n, ...) to (n, classes).
        own: images of what it knows, to choose the threshold by.
        test: others, to measure by.
        strangers: images of what nothing was learnt from, by kind.

    Returns:
        ``threshold``; ``kept``, the share of test images that are not below it; and ``kinds``, by kind ``n``, ``auroc`` (of the
        familiarity, against test images) and ``caught``, the share below the threshold.
    """
    threshold = float(np.quantile(familiarity(logits(own)), 1 - KEPT))
    known = familiarity(logits(test))
    kinds = {}
    for kind, images in strangers.items():
        if not len(images):  # A trial run knows few kinds.
            continue
        unknown = familiarity(logits(images))
        is_known = np.repeat([True, False], [len(known), len(unknown)])
        kinds[kind] = {
            "n": len(images),
            "auroc": round(float(roc_auc_score(is_known, np.concatenate([known, unknown]))), 4),
            "caught": round(float((unknown < threshold).mean()), 4),
        }
    return {"threshold": round(threshold, 4), "kept": round(float((known >= threshold).mean()), 4), "kinds": kinds}
