"""Character-level language models: what comes next, how surprising a text is, and writing on."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from lib import recurrent
from lib.bundles import Bundle, BundleError
from lib.metrics import Guess, calibration, ranked, softmax
from lib.recurrent import Network, State
from lib.vocabulary import Vocabulary

START = "\n"
"""Read before every text: a network that has read nothing yet would not know that a line begins."""
MOST_PROMPT = 200
"""Characters of a prompt that are read, counted from its end: it would have forgotten earlier ones anyway."""
RATE, LOOK, PATIENCE = 400, 48, 0.1
"""Characters a second that are written at most, which the eye can still follow; and characters, and seconds of work, from look to
look: a machine that is busy shows less at a time, so that whoever stops it need not wait."""
TURN = threading.Lock()
"""Texts are written a look at a time, in turns: threads that compete for the interpreter at every step of a network slow
each other down many times over."""


@dataclass
class Trace:
    """A text that a network has read or written, and what it thought after each character.

    Attributes:
        text: what was read or written so far, without `START`.
        scores: float32 (characters), one array more than the text has characters: the first is for its first character,
            the last for whatever comes next.
        states: the top layer's state after each character, float16 (units): sessions keep them, to be looked at.
    """

    text: str
    scores: list[np.ndarray]
    states: list[np.ndarray]


class Prompt(NamedTuple):
    """What of a prompt is read.

    Attributes:
        text: that is read.
        strange: each character that was left out, once.
        instead: near signs that were read, by the ones that stood in the prompt.
    """

    text: str
    strange: str
    instead: dict[str, str]


class Writer:
    """A language model.

    Holds nothing but weights, so that any number of threads may use it at once.

    Args:
        network: scores the next character.
        vocabulary: what its numbers mean.
    """

    def __init__(self, network: Network, vocabulary: Vocabulary) -> None:
        self.network, self.vocabulary = network, vocabulary

    def prepare(self, prompt: str, otherwise: str) -> Prompt:
        """What of a prompt is read.

        Args:
            prompt: any text.
            otherwise: is read if nothing of the prompt is left.

        Returns:
            Its last `MOST_PROMPT` characters that are in the vocabulary.
        """
        near, instead = self.vocabulary.near(prompt)
        text, strange = self.vocabulary.known(near)
        return Prompt((text if text.strip() else otherwise)[-MOST_PROMPT:], strange, instead)

    def read(self, text: str) -> Trace:
        """Read a text, all of whose characters are in the vocabulary."""
        return self._read(text)[0]

    def _read(self, text: str) -> tuple[Trace, State]:
        ids = self.vocabulary.encode(START + text)
        scores, state, states = self.network.read(ids[None], self.network.start())
        return Trace(text, list(scores[0]), list(states[-1][0, 1:].astype(np.float16))), state

    def write(
        self,
        prompt: str,
        length: int,
        temperatures: Sequence[float] = (0.8,),
        top_k: int | None = None,
        seed: int | Sequence[int] | None = None,
    ) -> Iterator[list[Trace]]:
        """Write on, in several ways side by side, a character at a time.

        Args:
            prompt: what `prepare` gave.
            length: characters to write.
            temperatures: one for each way: below 1 keeps to the most probable characters, above 1 dares more; 0 always takes
                the most probable one.
            top_k: choose among so many of the most probable characters only; None for all.
            seed: the same one gives the same text; one for all ways or one for each; None for another text each time.

        Yields:
            The traces, one for each temperature; the same objects every time, a character longer each time. The first
            ones hold the prompt alone.
        """
        n = len(temperatures)
        rngs = [np.random.default_rng(seed[i] if isinstance(seed, Sequence) else seed) for i in range(n)]
        read, after = self._read(prompt)
        traces = [Trace(prompt, list(read.scores), list(read.states)) for _ in range(n)]
        state: State = [np.repeat(layer, n, axis=0) for layer in after]
        yield traces
        for _ in range(length):
            chosen = [
                self._choose(trace.scores[-1], temperature, top_k, rng)
                for trace, temperature, rng in zip(traces, temperatures, rngs, strict=True)
            ]
            scores, state = self.network.step(np.array(chosen), state)
            for i, trace in enumerate(traces):
                trace.text += self.vocabulary.characters[chosen[i]]
                trace.scores.append(scores[i])
                trace.states.append(state[-1][i].astype(np.float16))
            yield traces

    def _choose(self, scores: np.ndarray, temperature: float, top_k: int | None, rng: np.random.Generator) -> int:
        scores = self._writable(scores)
        if temperature <= 0:
            return int(scores.argmax())
        if top_k is not None and top_k < len(scores):
            scores = np.where(scores >= np.partition(scores, -top_k)[-top_k], scores, -np.inf)
        probabilities = softmax(scores[None].astype(np.float64) / temperature)[0]
        return min(int(np.searchsorted(probabilities.cumsum(), rng.random())), len(scores) - 1)

    def _writable(self, scores: np.ndarray) -> np.ndarray:
        """The scores, with none for the sign of unknown characters, which is never written."""
        unknown = self.vocabulary.unknown
        if unknown is None:
            return scores
        scores = scores.copy()
        scores[unknown] = -np.inf
        return scores

    def surprise(self, trace: Trace) -> np.ndarray:
        """How surprised the network was by each character of a trace, in bits: float32 (characters)."""
        if not trace.text:
            return np.zeros(0, np.float32)
        ids = self.vocabulary.encode(trace.text)
        probabilities = softmax(np.stack(trace.scores[:-1]))
        return -np.log2(np.maximum(probabilities[np.arange(len(ids)), ids], 1e-12))

    def next_characters(self, trace: Trace, place: int, top: int = 10) -> list[Guess]:
        """What the network expects after a number of characters of a trace, most probable first."""
        probabilities = softmax(trace.scores[place][None])[0]
        return ranked(self.vocabulary.characters, probabilities, top)


Step = TypeVar("Step")


def paced(ways: Iterator[Step]) -> Iterator[Step]:
    """What is written, at the first character, then every `LOOK` characters, and at the last; no faster than `RATE`."""
    # The prompt is the first step, and not worth a look of its own.
    length, start = 2, time.monotonic()
    while True:
        with TURN:
            steps, end = [], time.monotonic() + PATIENCE
            for step in itertools.islice(ways, length):
                steps.append(step)
                if time.monotonic() > end:
                    break
        if not steps:
            return
        yield steps[-1]
        time.sleep(max(0.0, start - time.monotonic()))
        length, start = LOOK, max(start, time.monotonic()) + len(steps) / RATE


def load_writer(bundle: Bundle, variant: str = "good") -> Writer:
    """A language model of a bundle.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """
    network, vocabulary = recurrent.load_network(bundle, variant), Vocabulary("".join(bundle.classes))
    if len(vocabulary) != network.characters:
        raise BundleError(f"{bundle.folder / variant}.keras knows other characters than bundle.json names.")
    return Writer(network, vocabulary)


STREAMS, CONTEXT, PIECE = 64, 256, 64


@dataclass(frozen=True)
class TextScore:
    """What a network thought of a long text, character by character.

    Attributes:
        nats: how surprised it was by each one, float32 (characters).
        predicted: which one it thought most probable, int32 (characters).
        confidence: how probable that one, float32 (characters).
        right: whether it was that one, bool (characters).
    """

    nats: np.ndarray
    predicted: np.ndarray
    confidence: np.ndarray
    right: np.ndarray

    @property
    def loss(self) -> float:
        """Cross-entropy in nats per character."""
        return float(self.nats.mean(dtype=np.float64))

    @property
    def bits_per_character(self) -> float:
        return self.loss / float(np.log(2))

    @property
    def accuracy(self) -> float:
        return float(self.right.mean())

    def calibration(self, bins: int = 10) -> dict[str, np.ndarray]:
        """See `lib.metrics.calibration_bins`."""
        return calibration(self.confidence, self.right, bins)


def score_text(network: Network, ids: np.ndarray, before: np.ndarray) -> TextScore:
    """How well a network predicts a long text.

    The text is cut into at most 64 pieces, of 64 characters at least, that are read side by side; each piece first reads the
    256 characters before it, so that no character is judged without context.

    Args:
        network: reads.
        ids: int32 (characters), one at least.
        before: int32, the end of the text that stands before, one character at least.
    """
    before = before[-CONTEXT:]
    text = np.concatenate([before, ids])
    piece = max(PIECE, -(-len(ids) // STREAMS))
    starts = np.arange(len(before), len(text), piece)
    firsts = np.maximum(0, starts - CONTEXT)
    ends = np.minimum(starts + piece, len(text))
    nats, confidence = np.zeros(len(ids), np.float32), np.zeros(len(ids), np.float32)
    predicted = np.zeros(len(ids), np.int32)
    state = network.start(len(starts))
    for column in range(int((ends - firsts).max()) - 1):
        scores, state = network.step(text[np.minimum(firsts + column, len(text) - 1)], state)
        places = firsts + column + 1
        due = np.flatnonzero((places >= starts) & (places < ends))
        probabilities, at = softmax(scores[due]), places[due]
        nats[at - len(before)] = -np.log(np.maximum(probabilities[np.arange(len(due)), text[at]], 1e-12))
        predicted[at - len(before)] = probabilities.argmax(axis=1)
        confidence[at - len(before)] = probabilities.max(axis=1)
    return TextScore(nats, predicted, confidence, predicted == ids)
