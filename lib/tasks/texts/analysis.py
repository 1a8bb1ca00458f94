"""Where a language model finds a text easy and where hard, what its units watch, and how much it copies."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from lib.metrics import softmax
from lib.recurrent import Network
from lib.tasks.texts.copying import Fingerprint
from lib.tasks.texts.writer import START, TextScore, Writer

KINDS = (
    "first letter of a word",
    "second letter of a word",
    "later letter of a word",
    "space",
    "line break",
    "digit",
    "punctuation",
)
PLACES = 12
"""Letters of a word that are told apart."""
CONTEXTS = (1, 2, 4, 8, 16, 32, 64, 128)
PASSAGE = 240
"""Characters of a passage that is shown."""


def place_in_word(text: str) -> np.ndarray:
    """For each character: 1 for the first letter of a word, 2 for the second, and so on; 0 for what is no letter."""
    places = np.zeros(len(text), int)
    for i, character in enumerate(text):
        if character.isalpha():
            places[i] = 1 + (places[i - 1] if i else 0)
    return places


def kinds(text: str) -> np.ndarray:
    """The kind of each character, as its index in `KINDS`."""
    place = place_in_word(text)
    result = np.minimum(place, 3) - 1
    for i in np.flatnonzero(place == 0):
        character = text[i]
        kind = "line break" if character == "\n" else "space" if character.isspace() else "punctuation"
        result[i] = KINDS.index("digit" if character.isdigit() else kind)
    return result


def _means(groups: np.ndarray, score: TextScore, n: int, prefix: str) -> dict[str, np.ndarray]:
    count = np.bincount(groups, minlength=n)
    with np.errstate(invalid="ignore"):
        return {
            f"{prefix}_count": count,
            f"{prefix}_bits": np.bincount(groups, score.nats / np.log(2), n) / count,
            f"{prefix}_accuracy": np.bincount(groups, score.right, n) / count,
        }


def by_kind(text: str, score: TextScore) -> dict[str, np.ndarray]:
    """Bits per character and share predicted correctly, for each of `KINDS` (nan where there is none)."""
    return _means(kinds(text), score, len(KINDS), "kind")


def by_place(text: str, score: TextScore) -> dict[str, np.ndarray]:
    """The same for the first letter of a word, the second, and so on up to `PLACES`."""
    place = place_in_word(text)
    letters = (place > 0) & (place <= PLACES)
    some = TextScore(score.nats[letters], score.predicted[letters], score.confidence[letters], score.right[letters])
    return _means(place[letters] - 1, some, PLACES, "place")


def by_context(network: Network, ids: np.ndarray, n: int, seed: int) -> dict[str, np.ndarray]:
    """Bits per character at `n` places of a text, when only so many of the characters before are read."""
    longest = max(length for length in CONTEXTS if length < len(ids))
    lengths = [length for length in CONTEXTS if length <= longest]
    places = np.random.default_rng(seed).integers(longest, len(ids), n)
    bits = []
    for length in lengths:
        state = network.start(n)
        for i in range(length, 0, -1):
            scores, state = network.step(ids[places - i], state)
        chosen = softmax(scores)[np.arange(n), ids[places]]
        bits.append(float(-np.log2(np.maximum(chosen, 1e-12)).mean()))
    return {"context_length": np.array(lengths), "context_bits": np.array(bits)}


def passages(text: str, score: TextScore, most: int = 4) -> dict[str, np.ndarray]:
    """The passages that surprised it most and least: their texts, and the bits of each character."""
    # From the beginning of a word on.
    starts = np.unique([1 + text.rfind(" ", 0, start + 1) for start in range(0, max(1, len(text) - PASSAGE), PASSAGE)])
    bits = score.nats / np.log(2)
    order = np.argsort([-bits[start : start + PASSAGE].mean() for start in starts])
    result: dict[str, np.ndarray] = {}
    for name, chosen in (("hard", order[:most]), ("easy", order[::-1][:most])):
        pieces = [text[start : start + PASSAGE] for start in starts[chosen]]
        surprise = np.zeros((len(pieces), PASSAGE), np.float16)
        for i, start in enumerate(starts[chosen]):
            surprise[i, : len(pieces[i])] = bits[start : start + PASSAGE]
        result |= {f"{name}_texts": np.array(pieces), f"{name}_bits": surprise}
    return result


def write_many(
    model: Writer, prompt: str, characters: int, temperature: float, seed: int, each: int = 500
) -> list[str]:
    """Texts that a model writes side by side, without the prompt, so many characters in all."""
    n = max(1, characters // each)
    seeds = [1000 * seed + i for i in range(n)]
    *_, traces = model.write(prompt, min(each, characters), [temperature] * n, seed=seeds)
    return [trace.text[len(prompt) :] for trace in traces]


def copying(fingerprint: Fingerprint, texts: list[str]) -> dict:
    """How much of some texts stands word for word in a corpus: share of windows, and the longest passage."""
    copies = [fingerprint.copied(text) for text in texts]
    longest = max(range(len(texts)), key=lambda i: copies[i].longest)
    start = copies[longest].where
    return {
        "characters": sum(map(len, texts)),
        "share": round(float(np.mean([copied.share for copied in copies])), 6),
        "longest": copies[longest].longest,
        "passage": texts[longest][start : start + min(copies[longest].longest, 400)],
    }


def _inside(pattern: str) -> Callable[[str], np.ndarray]:
    def mark(text: str) -> np.ndarray:
        marked = np.zeros(len(text))
        for match in re.finditer(pattern, text, flags=re.MULTILINE):
            marked[match.start() : match.end()] = 1
        return marked

    return mark


def _line_so_far(text: str) -> np.ndarray:
    lengths = np.zeros(len(text))
    for i, character in enumerate(text):
        lengths[i] = 0 if character == "\n" else 1 + (lengths[i - 1] if i else 0)
    return np.minimum(lengths, 80)


PROPERTIES: dict[str, Callable[[str], np.ndarray]] = {
    "inside a speaker's name": _inside(r"^[A-Z][A-Za-z ]{1,24}:$"),
    "inside a heading": _inside(r"^= .* =$"),
    "inside brackets": _inside(r"\([^()\n]*"),
    "inside a number": _inside(r"\d+"),
    "inside a name or after a capital letter": _inside(r"\b[A-Z][a-z]+"),
    "length of the line so far": _line_so_far,
    "place in the word": lambda text: np.minimum(place_in_word(text), 8).astype(float),
    "end of a sentence": _inside(r"[.?!][\s]*"),
}
"""What a unit may have learnt to watch: a number for each character of a text, known once that character is read."""


def telling_units(model: Writer, text: str) -> list[dict]:
    """For each of `PROPERTIES` that a text has, the unit of the top layer that follows it most closely.

    After Karpathy, Johnson and Fei-Fei (2015), "Visualizing and understanding recurrent networks", who found such units by eye;
    here by the correlation of their states with the property.

    Returns:
        Rows of ``property``, ``unit`` and ``correlation``, the closest first.
    """
    known, _ = model.vocabulary.known(text)
    ids = model.vocabulary.encode(START + known)
    states = model.network.read(ids[None], model.network.start())[2][-1][0, 1:]
    centred = states - states.mean(axis=0)
    spread = np.linalg.norm(centred, axis=0) + 1e-9
    rows = []
    for name, mark in PROPERTIES.items():
        values = mark(known)
        # Too rare to tell.
        if values.std() == 0 or (values > 0).sum() < 20:
            continue
        values = values - values.mean()
        correlation = values @ centred / (spread * np.linalg.norm(values))
        unit = int(np.abs(correlation).argmax())
        rows.append({"property": name, "unit": unit, "correlation": round(float(correlation[unit]), 3)})
    return sorted(rows, key=lambda row: -abs(row["correlation"]))
