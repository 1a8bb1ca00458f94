"""What tests look for in charts."""

from __future__ import annotations

import numpy as np
import pandas as pd


def marks(chart) -> list[dict]:
    """Encodings of every layer with a mark."""
    spec = _spec(chart)
    return [layer for layer in spec.get("layer", [spec]) if "mark" in layer]


def flat(chart) -> list[dict]:
    """Rows of all data."""
    tables = _spec(chart)["datasets"].values()
    return [row for rows in tables for row in (rows if isinstance(rows, list) else rows.to_pylist())]


def _spec(chart) -> dict:
    return chart if isinstance(chart, dict) else chart.to_dict()


def history(loss, val_loss, accuracy=0.99, val_accuracy=0.98, variant="good"):
    n = len(loss)
    return pd.DataFrame(
        {
            "variant": variant,
            "epoch": range(1, n + 1),
            "loss": loss,
            "val_loss": val_loss,
            "accuracy": np.broadcast_to(accuracy, n),
            "val_accuracy": np.broadcast_to(val_accuracy, n),
        }
    )
