"""The network that adds numbers as texts: it reads a sum and writes the answer, a character at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib import recurrent
from lib.bundles import Bundle
from lib.metrics import Guess, softmax
from lib.recurrent import Network
from lib.tasks.sums import data as sums
from lib.tasks.sums.data import END, VOCABULARY, Pairs, Sum

MOST_WRITTEN = 8
"""Characters after which an answer ends, should the network never end it itself."""
BATCH = 512
"""Sums that are worked out at once. What more of them need does not fit into a processor's cache."""


@dataclass(frozen=True)
class Written:
    """An answer and how it came about.

    Attributes:
        text: the digits that the network wrote.
        ended: False if it was cut off, since the network would not end it.
        guesses: for each character written, the line's end included, all that it considered, most probable first.
        read: the characters that it read or wrote, one for each row of `states`.
        states: after each of them, float32 (characters, units).
    """

    text: str
    ended: bool
    guesses: list[list[Guess]]
    read: str
    states: np.ndarray

    @property
    def probability(self) -> float:
        """How probable the network finds the whole answer."""
        return float(np.prod([guesses[0].probability for guesses in self.guesses]))


class Adder:
    """A network that adds; threads share it freely.

    Args:
        network: scores the next character.
    """

    def __init__(self, network: Network) -> None:
        self.network = network

    def answer(self, question: Sum) -> Written:
        """Read a sum, and write the most probable character until the line ends."""
        ids = VOCABULARY.encode(f"{question.text}=")
        scores, state, states = self.network.read(ids[None], self.network.start())
        kept, guesses, text = [states[-1][0]], [], ""
        after = scores[:, -1]
        while True:
            probabilities = softmax(after)[0]
            order = np.argsort(-probabilities, kind="stable")
            guesses.append([Guess(VOCABULARY.characters[i], float(probabilities[i])) for i in order])
            best = guesses[-1][0].label
            if best == END or len(text) == MOST_WRITTEN:
                break
            text += best
            after, state = self.network.step(order[:1], state)
            kept.append(state[-1])
        read = f"{question.text}={text}"
        return Written(text, best == END, guesses, read, np.concatenate(kept))

    def answers(self, question: Sum, top: int) -> list[Guess]:
        """The whole answers that it finds most probable, most probable first.

        Beam search: of all beginnings of an answer, the `top` most probable ones (five at least) are followed.
        """
        ids = VOCABULARY.encode(f"{question.text}=")
        scores, state, _ = self.network.read(ids[None], self.network.start())
        beams, done = [("", 1.0, scores[0, -1], state)], list[Guess]()
        for _ in range(MOST_WRITTEN + 1):
            longer = []
            for text, chance, after, state in beams:
                for i, probability in enumerate(softmax(after[None])[0]):
                    character = VOCABULARY.characters[i]
                    if character == END and text:
                        done.append(Guess(text, chance * float(probability)))
                    elif character.isdigit():
                        longer.append((chance * float(probability), text + character, i, state))
            longer = sorted(longer, key=lambda beam: -beam[0])[: max(5, top)]
            beams = []
            for chance, text, i, state in longer:
                after, next_state = self.network.step(np.array([i]), state)
                beams.append((text, chance, after[0], next_state))
        return sorted(done, key=lambda guess: -guess.probability)[:top]

    def states(self, text: str) -> np.ndarray:
        """The state after each character of a text of digits, ``+`` and ``=``: float32 (characters, units)."""
        ids = VOCABULARY.encode(text)
        return self.network.read(ids[None], self.network.start())[2][-1][0]

    def written_right(self, pairs: Pairs) -> np.ndarray:
        """Whether the network writes exactly the right answer to each sum: bool (n)."""
        return np.concatenate([self.digits_right(part).all(axis=1) for part in _parts(pairs)])

    def digits_right(self, pairs: Pairs) -> np.ndarray:
        """Whether each character of each answer is right, given the right ones before it.

        Returns:
            bool (n, length): one column for each character that was read. Those after which the network need not
            write anything count as right.
        """
        a, b = int(pairs.a.max()), int(pairs.b.max())
        length = len(f"{a}+{b}={a + b}")
        given, wanted = sums.encode(pairs, length)
        right = np.ones(given.shape, bool)
        # Sums that begin alike share a state, which is worked out once: `row` is its place.
        state, row = self.network.start(), np.zeros(len(given), np.int64)
        for i in range(length):
            beginnings = row * self.network.characters + given[:, i]
            _, first, beginning = np.unique(beginnings, return_index=True, return_inverse=True)
            scores, state = self.network.step(given[first, i], [layer[row[first]] for layer in state])
            row = beginning
            right[:, i] = (wanted[:, i] < 0) | (scores.argmax(axis=1)[row] == wanted[:, i])
        return right


def load_adder(bundle: Bundle, variant: str = "good") -> Adder:
    """An adding network of a bundle.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """
    return Adder(recurrent.load_network(bundle, variant))


def _parts(pairs: Pairs) -> list[Pairs]:
    index = np.arange(len(pairs))
    return [pairs.take(index[start : start + BATCH]) for start in range(0, len(pairs), BATCH)]
