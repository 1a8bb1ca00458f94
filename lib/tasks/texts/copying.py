"""Finds what a text copied, without the text that it copied from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.bundles import Bundle

WINDOW = 20
"""Characters that must agree for a passage to count as copied."""
_BITS_PER_WINDOW, _HASHES = 12, 8


@dataclass(frozen=True)
class Copied:
    """How much of a text stands word for word in a corpus.

    Attributes:
        inside: bool (characters of the text): which lie in a copied window.
        share: share of the text's windows of `WINDOW` characters that are copied, 0 to 1; 0 if it is shorter than one.
        longest: characters of the longest copied passage; 0 if there is none of `WINDOW` characters.
        where: where the longest one starts in the text.
    """

    inside: np.ndarray
    share: float
    longest: int
    where: int


class Fingerprint:
    """Remembers which windows of 20 characters stand in a corpus, without holding the corpus.

    A Bloom filter (Bloom, 1970): it never misses a window that is there, and takes about one in 300 others for one.

    Args:
        bits: the filter, uint8, eight bits to a number.
    """

    def __init__(self, bits: np.ndarray) -> None:
        self.bits = bits

    @classmethod
    def of(cls, corpus: str) -> Fingerprint:
        """The fingerprint of a corpus of at least `WINDOW` characters."""
        hashes = np.unique(_hashes(corpus))
        size = len(hashes) * _BITS_PER_WINDOW // 8 + 1
        bits = np.zeros(8 * size, bool)
        for place in _places(hashes, 8 * size):
            bits[place] = True
        return cls(np.packbits(bits))

    def copied(self, text: str) -> Copied:
        """How much of a text stands in the corpus."""
        inside = np.zeros(len(text), bool)
        if len(text) < WINDOW:
            return Copied(inside, 0.0, 0, 0)
        found = np.ones(len(text) - WINDOW + 1, bool)
        for place in _places(_hashes(text), 8 * len(self.bits)):
            found &= (self.bits[place >> 3] >> (7 - (place & 7)).astype(np.uint8) & 1).astype(bool)
        for start in np.flatnonzero(found):
            inside[start : start + WINDOW] = True
        # Windows that follow each other make one passage.
        edges = np.flatnonzero(np.diff(np.concatenate([[0], found.astype(np.int8), [0]])))
        runs = edges.reshape(-1, 2)
        if not len(runs):
            return Copied(inside, 0.0, 0, 0)
        start, end = runs[np.argmax(runs[:, 1] - runs[:, 0])]
        return Copied(inside, float(found.mean()), int(end - start) + WINDOW - 1, int(start))


def load_fingerprint(bundle: Bundle) -> Fingerprint:
    """The fingerprint of a bundle's training text.

    Raises:
        BundleError: the file is missing or damaged.
    """
    return Fingerprint(bundle.arrays("fingerprint.npz")["bits"])


def _hashes(text: str) -> np.ndarray:
    """A number for each window of the text, uint64."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    n = len(codes) - WINDOW + 1
    total = np.zeros(n, np.uint64)
    for i in range(WINDOW):
        total = total * np.uint64(0x9E3779B97F4A7C15) + codes[i : i + n]
    # Mixes high bits into low ones (the finaliser of Steele, Lea and Flood's SplitMix64, 2014).
    total = (total ^ (total >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    total = (total ^ (total >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return total ^ (total >> np.uint64(31))


def _places(hashes: np.ndarray, size: int) -> list[np.ndarray]:
    """The bits that belong to each window (Kirsch and Mitzenmacher, 2008: two hashes do for any number)."""
    first, second = hashes >> np.uint64(32), (hashes & np.uint64(0xFFFFFFFF)) | np.uint64(1)
    return [((first + np.uint64(i) * second) % np.uint64(size)).astype(np.int64) for i in range(_HASHES)]
