"""The demo in the visitor's browser."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from lib.bundles import Bundle
from lib.demo import Demo
from lib.pictures import PNG
from lib.tasks.generation.flow import GUIDANCE, MOST_GUIDANCE, MOST_STEPS, SIDE, STEPS
from lib.tasks.generation.generator import MOST_SEED

NOUNS = {"generate_digits": "digit", "generate_clothes": "garment"}
"""What one class of an experiment is."""
PENS = {"generate_digits": 22, "generate_clothes": 50}
"""Width of the pen to begin with, of the pad's 280 pixels."""
GAME = 100
"""Real and drawn pictures each that the game chooses from: ten rounds, and few enough to travel with the page."""
_ROW = 10
_GREY = 17
"""Steps of grey, which nobody sees in small pictures: 16 greys take half as many bytes as 256."""


def demo(bundle: Bundle) -> Demo:
    """Of the good network."""
    limits = {
        "steps": STEPS,
        "mostSteps": MOST_STEPS,
        "guidance": GUIDANCE,
        "mostGuidance": MOST_GUIDANCE,
        "mostSeed": MOST_SEED,
    }
    data = {
        "noun": NOUNS[bundle.slug],
        "pen": PENS[bundle.slug],
        "limits": limits,
        "real": _sprite(bundle, "game_real"),
        "drawn": _sprite(bundle, "game_drawn"),
    }
    return Demo("generate", data, (668, 1027))


def _sprite(bundle: Bundle, name: str) -> dict[str, Any]:
    """Pictures of the game in one file, in rows of ten, and their labels."""
    pictures, labels = bundle.evaluation[name][:GAME], bundle.evaluation[f"{name}_labels"][:GAME]
    rows = -(-len(pictures) // _ROW)
    whole = np.zeros((rows * _ROW, SIDE, SIDE), np.uint8)
    whole[: len(pictures)] = (pictures / _GREY).round() * _GREY
    file, size = io.BytesIO(), (rows * SIDE, _ROW * SIDE)
    picture = Image.fromarray(whole.reshape(rows, _ROW, SIDE, SIDE).swapaxes(1, 2).reshape(size))
    picture.save(file, "PNG", optimize=True)
    return {"url": PNG + base64.b64encode(file.getvalue()).decode(), "labels": labels.tolist()}
