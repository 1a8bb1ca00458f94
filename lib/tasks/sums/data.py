"""Sums as texts: what a person types, how it is written for the network, and which sums it learns from.

A sum is read and written as ``17+38=55`` and a line's end, one character at a time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.datasets import DatasetError, load_arrays
from lib.images import BlankInputError, InputError
from lib.vocabulary import Vocabulary

VOCABULARY = Vocabulary("\n+0123456789=")
"""All that the network can read and write; the line's end says that the answer is complete."""
END = "\n"
DIGITS = 3
"""Digits of the longest numbers that it learns from."""
MOST_DIGITS = 4
"""Digits of the longest numbers that it may be asked about."""
LIMIT = 10**DIGITS
LENGTH = 2 * DIGITS + 2 + DIGITS + 1
"""Characters that are read of the longest sum to learn from, with its answer: ``999+999=1998``."""
IGNORED = -1
"""Label of the characters that are the person's and not the network's to write."""
SHARES = {"train": 0.80, "validation": 0.05, "test": 0.15}


@dataclass(frozen=True)
class Sum:
    """Two numbers to be added, each from 0 to 9,999."""

    a: int
    b: int

    @property
    def text(self) -> str:
        """As the network reads it: ``17+38``."""
        return f"{self.a}+{self.b}"

    @property
    def answer(self) -> str:
        return str(self.a + self.b)

    @property
    def beyond_training(self) -> bool:
        """True when a number is longer than any in training."""
        return max(self.a, self.b) >= LIMIT


MINUS_SIGNS = "\u2010\u2011\u2012\u2013\u2014\u2212"
"""Hyphens, dashes and the minus sign, of which a keyboard has one."""


def plain(text: str) -> str:
    """What was typed, in the signs of a plain keyboard: full-width, Arabic and other digits become 0 to 9.

    White space at both ends and one equals sign at the end are left out.
    """
    # A square or a circled number is no digit of a larger one.
    signs = (sign if unicodedata.category(sign) == "No" else unicodedata.normalize("NFKC", sign) for sign in text)
    text = "".join(signs).strip().removesuffix("=").strip()
    digits = {character: unicodedata.decimal(character, None) for character in set(text)}
    text = "".join(character if digits[character] is None else str(digits[character]) for character in text)
    return text.translate(dict.fromkeys(map(ord, MINUS_SIGNS), "-"))


def parse(text: str) -> Sum:
    """What a person typed.

    Raises:
        BlankInputError: nothing yet.
        InputError: it is no sum of two whole numbers of up to four digits; the message says what to change.
    """
    text = plain(text)
    if not text:
        raise BlankInputError("Type a sum, for example 17+38.")
    odd = re.search(r"[^0-9+\-\s.,]", text)
    if odd:
        what = "no letters" if odd.group().isalpha() else f"not the sign {odd.group()!r}"
        raise InputError(f"This network knows digits and + only, {what}: type a sum like 17+38.")
    if "-" in text:
        raise InputError("This network has never seen a minus: type two numbers from 0 up, like 17+38.")
    if "." in text or "," in text:
        raise InputError("This network adds whole numbers: leave out points and commas, like 170+38.")
    if re.search(r"\d\s+\d", text):
        raise InputError("There is a space inside a number, or the + is missing: type a sum like 17+38.")
    parts = [part.strip() for part in text.split("+")]
    if len(parts) == 1:
        raise InputError(f"The + is missing: type a second number, like {parts[0][:MOST_DIGITS]}+38.")
    if len(parts) > 2:
        raise InputError("This network adds two numbers, not more: type one + only, like 17+38.")
    if not all(parts):
        side = "before" if not parts[0] else "after"
        raise BlankInputError(f"There is no number {side} the +: type a sum like 17+38.")
    for part in parts:
        if len(part.lstrip("0") or "0") > MOST_DIGITS:
            raise InputError(
                f"{part if len(part) <= 12 else part[:9] + '...'} has {len(part)} digits: this network learnt from numbers of up to {DIGITS} digits; "
                f"numbers of up to {MOST_DIGITS} can be tried."
            )
    # Python refuses to read thousands of zeros.
    return Sum(*(int(part.lstrip("0") or "0") for part in parts))


@dataclass(frozen=True)
class Pairs:
    """Sums, as their two numbers: int64 (n) each."""

    a: np.ndarray
    b: np.ndarray

    def __len__(self) -> int:
        return len(self.a)

    def take(self, index: np.ndarray) -> Pairs:
        return Pairs(self.a[index], self.b[index])


def split_pairs(seed: int = 0) -> dict[str, Pairs]:
    """All sums of numbers of up to three digits: which to learn from, to choose by, and to be scored on.

    Whoever has seen 17+38 need not be asked 38+17: the two always go together.

    Returns:
        ``train``, ``validation`` and ``test``, of the sizes in `SHARES`, a million in all.
    """
    draw = np.triu(np.random.default_rng(seed).random((LIMIT, LIMIT)))
    draw = np.maximum(draw, draw.T)
    edges = np.cumsum([0.0, *SHARES.values()])
    return {
        name: Pairs(*np.nonzero((draw >= low) & (draw < high)))
        for name, low, high in zip(SHARES, edges[:-1], edges[1:], strict=True)
    }


def carries(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How often one carries when adding by hand; int64, of the shape of both."""
    count, carry = np.zeros_like(a), np.zeros_like(a)
    for place in 10 ** np.arange(MOST_DIGITS + 1):
        carry = ((a // place) % 10 + (b // place) % 10 + carry) // 10
        count += carry
    return count


def lengths(numbers: np.ndarray) -> np.ndarray:
    """Number of digits of each number; int64."""
    return 1 + sum((numbers >= 10**i).astype(np.int64) for i in range(1, MOST_DIGITS + 1))


def load_pairs(path: str | Path) -> Pairs:
    """Sums of one's own: an ``.npz`` with ``a`` and ``b``, whole numbers from 0 to 9,999.

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    arrays = load_arrays(path, ("a", "b"))
    a, b = arrays["a"], arrays["b"]
    for numbers in (a, b):
        if numbers.ndim != 1 or not len(numbers) or len(a) != len(b) or not np.issubdtype(numbers.dtype, np.integer):
            raise DatasetError(f"{path}: a and b must be equally many whole numbers, and there must be at least one.")
        if numbers.min() < 0 or numbers.max() >= 10**MOST_DIGITS:
            raise DatasetError(f"{path}: numbers must lie between 0 and {10**MOST_DIGITS - 1:,}.")
    return Pairs(a.astype(np.int64), b.astype(np.int64))


def sampling_weights(pairs: Pairs) -> np.ndarray:
    """How often each sum should be met in training: float64 (n), which sum to one.

    Of all sums, 81 in 100 have two numbers of three digits, and only one in 10,000 has two of one digit. Half of the draws
    are shared evenly between the nine pairs of lengths, so that the short ones are met often enough to be learnt.
    """
    kinds = lengths(pairs.a) * 10 + lengths(pairs.b)
    present, inverse, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    return 0.5 / len(pairs) + 0.5 / (len(present) * counts[inverse])


def encode(pairs: Pairs, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and their answers as numbers of characters.

    Args:
        pairs: the sums.
        length: characters of each row; what is too short is filled up at its end.

    Returns:
        What the network reads, int32 (n, length); and what it should write after each character, int32 of the same
        shape, `IGNORED` where the next character is the person's.
    """
    ids = {character: i for i, character in enumerate(VOCABULARY.characters)}
    texts = [f"{a}+{b}={a + b}{END}" for a, b in zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)]
    given = np.full((len(texts), length), ids[END], np.int32)
    wanted = np.full((len(texts), length), IGNORED, np.int32)
    for i, text in enumerate(texts):
        row = [ids[character] for character in text]
        first = text.index("=")
        given[i, : len(row) - 1] = row[:-1]
        wanted[i, first : len(row) - 1] = row[first + 1 :]
    return given, wanted
