"""Texts as numbers: the vocabulary of a character-level network, and which passages it has copied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

UNKNOWN = "\ufffd"
"""Stands for every character that a vocabulary lacks: read where a corpus has one, never written."""


@dataclass(frozen=True)
class Vocabulary:
    """The characters that a network knows; the place of each in the string is its number.

    Attributes:
        characters: each one once; holds `UNKNOWN` if the network has a sign for unknown characters.
    """

    characters: str

    def __len__(self) -> int:
        return len(self.characters)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {character: i for i, character in enumerate(self.characters)}

    @property
    def unknown(self) -> int | None:
        """Number of the sign for unknown characters, if there is one."""
        return self._ids.get(UNKNOWN)

    def encode(self, text: str) -> np.ndarray:
        """A corpus as int32 numbers; what is not in the vocabulary becomes the unknown sign.

        Raises:
            KeyError: there is such a character, and no sign for it.
        """
        ids, unknown = self._ids, self.unknown
        if unknown is None:
            return np.array([ids[character] for character in text], np.int32)
        return np.array([ids.get(character, unknown) for character in text], np.int32)

    def decode(self, ids: np.ndarray) -> str:
        return "".join(self.characters[i] for i in ids)

    def known(self, text: str) -> tuple[str, str]:
        """What of a person's text the network can read.

        Returns:
            The text without the characters that are not in the vocabulary, and those characters, each one once.
        """
        # Files from other systems end their lines otherwise.
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        strange = "".join(dict.fromkeys(c for c in text if c not in self._ids or c == UNKNOWN))
        return "".join(c for c in text if c not in strange), strange


def vocabulary_of(text: str, at_least: int = 1) -> Vocabulary:
    """The characters that stand at least so many times in a text, and a sign for the others if there are any."""
    counts = Counter(text)
    characters = "".join(sorted(c for c, n in counts.items() if n >= at_least and c != UNKNOWN))
    return Vocabulary(characters if len(characters) == len(counts) else UNKNOWN + characters)
