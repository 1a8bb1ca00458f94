"""Files of the form of those that the notebook on style transfer needs: few small photos, and a VGG16 of few filters."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib.tasks.style_transfer.data import VGG_LAYERS, pack


def write(data: Path, evaluation: Path) -> None:
    """Photos to learn from and to measure by, and the network that looks at them."""
    folder = data / "content_photos"
    folder.mkdir(exist_ok=True)
    parts = ["train"] * 3 + ["val"] * 4
    photos = pictures(len(parts))
    np.savez(folder / "bsds500_256.npz", **pack(photos), split=np.array(parts))
    np.savez(data / "vgg16.npz", allow_pickle=False, **vgg())


def pictures(count: int, side: int = 64) -> list[np.ndarray]:
    """So many pictures of coloured spots: uint8 (side, side + 32, 3)."""
    rng = np.random.default_rng(0)
    spots = rng.integers(0, 256, (count, side // 16, side // 16 + 2, 3)).astype(np.uint8)
    return list(spots.repeat(16, axis=1).repeat(16, axis=2))


def vgg(filters: int = 4) -> dict[str, np.ndarray]:
    """Weights as `lib.tasks.style_transfer.data.write_vgg` keeps them, random ones."""
    rng, before, arrays = np.random.default_rng(1), 3, {}
    for i in range(sum(VGG_LAYERS)):
        scale = 0.5 / np.sqrt(before)
        arrays[f"kernel_{i}"] = rng.normal(0, scale, (3, 3, before, filters)).astype(np.float16)
        arrays[f"bias_{i}"] = np.full(filters, 0.1, np.float32)
        before = filters
    return arrays
