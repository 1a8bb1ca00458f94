"""Texts as numbers: the vocabulary of a character-level network, and which passages it has copied."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

UNKNOWN = "\ufffd"
"""Stands for every character that a vocabulary lacks: read where a corpus has one, never written."""


NEAR = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    **dict.fromkeys("\u2014\u2015", "--"),
    **dict.fromkeys("\u200b\u200c\u200d\u00ad\ufeff", ""),
    "\t": " ",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
    "×": "x",
}
"""What is written instead of signs that Unicode takes for no relatives: quotes, dashes, invisible signs and letters with strokes."""


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

    def near(self, text: str) -> tuple[str, dict[str, str]]:
        """A person's text with near signs for those that the network does not know: ``'`` for a curly quote, u for ü.

        Returns:
            The text, and what was written for which sign. A sign without any near one stays.
        """
        # Files from other systems end their lines otherwise.
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        instead = {}
        for sign in dict.fromkeys(text):
            if sign in self._ids or sign == UNKNOWN:
                continue
            apart = unicodedata.normalize("NFKD", NEAR.get(sign, sign))
            bare = "".join(part for part in apart if not unicodedata.category(part).startswith("M"))
            written = "".join(NEAR.get(part, part) if part not in self._ids else part for part in bare)
            if all(part in self._ids for part in written) and (written or sign in NEAR or apart != bare):
                instead[sign] = written
        return "".join(instead.get(sign, sign) for sign in text), instead

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
