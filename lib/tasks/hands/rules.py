"""The game of rock, paper, scissors: who wins, a move that is fixed in advance, two opponents, and reading a hand from frames.

Plain Python and NumPy, without the page.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from lib.tasks.hands.data import HANDS, NOTHING

CHANCE, PREDICTOR = "Chance", "Mind reader"
"""The opponents."""
MOVES = HANDS[:NOTHING]
"""Each is beaten by the one after it, and the first one beats the last."""
TO_WIN = 3
"""Rounds that decide a match: the best of five."""
SURE = 0.6
"""Mean probability below which a hand is not read but asked for again."""
AGREE = 0.6
"""Share of the frames that must say the same."""


def beats(move: str) -> str:
    """The move that wins against this one."""
    return MOVES[(MOVES.index(move) + 1) % len(MOVES)]


def outcome(yours: str, machines: str) -> int:
    """1 if you win, -1 if the machine does, 0 for a draw."""
    if yours == machines:
        return 0
    return 1 if beats(machines) == yours else -1


@dataclass(frozen=True)
class Commitment:
    """A move that is fixed before the other one is known, and can be shown to have been.

    The digest is shown first and says nothing about the move, since the nonce is random and long; move and nonce are
    shown afterwards, and no other move with any other nonce that one could find has the same digest (Blum, 1983, "Coin
    flipping by telephone", is the idea; SHA-256 is FIPS 180-4).

    Attributes:
        move: one of `MOVES`.
        nonce: 128 random bits as 32 hexadecimal digits.
    """

    move: str
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def text(self) -> str:
        """What is hashed."""
        return f"{self.move} {self.nonce}"

    @property
    def digest(self) -> str:
        """SHA-256 of the text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def check(self) -> str:
        """A line for a shell that prints the digest."""
        return f"printf '%s' '{self.text}' | sha256sum"


@dataclass(frozen=True)
class Round:
    """A round that was played.

    Attributes:
        yours: your move.
        commitment: the machine's.
        opponent: which one it was.
        probability: how sure the network was of your move, 0 to 1.
        frames: number of frames that it was read from.
        seconds: from "shoot" to the answer; None where there was no clock.
    """

    yours: str
    commitment: Commitment
    opponent: str
    probability: float
    frames: int
    seconds: float | None = None

    @property
    def outcome(self) -> int:
        return outcome(self.yours, self.commitment.move)


@dataclass
class Match:
    """The best of five: who first wins three rounds. A draw counts for nobody."""

    rounds: list[Round] = field(default_factory=list)

    @property
    def score(self) -> tuple[int, int]:
        """Rounds won by you and by the machine."""
        outcomes = [one.outcome for one in self.rounds]
        return outcomes.count(1), outcomes.count(-1)

    @property
    def over(self) -> bool:
        return max(self.score) >= TO_WIN


def chance() -> str:
    """The move of an opponent that cannot be outwitted, and outwits nobody: one of three at random."""
    return secrets.choice(MOVES)


class Predictor:
    """An opponent that guesses your next move from your last one, and plays what beats it.

    It is a Markov chain of first order (Markov, 1906): it counts how often each of your moves was followed by each other
    one. Whoever plays at random cannot be beaten by it on average; hardly anybody does (Wang, Xu and Zhou, 2014, "Social
    cycling and conditional responses in the rock-paper-scissors game").

    Args:
        moves: of yours, oldest first.
    """

    def __init__(self, moves: Sequence[str] = ()) -> None:
        self.moves = list(moves)
        self.counts = np.zeros((len(MOVES), len(MOVES)), np.int64)
        """How often the move of the row was followed by that of the column."""
        for before, after in zip(self.moves, self.moves[1:], strict=False):
            self.counts[MOVES.index(before), MOVES.index(after)] += 1

    def probabilities(self) -> np.ndarray:
        """Of your next move: float64 (3). One is added to each count, so that nothing is impossible (Laplace, 1814)."""
        if not self.moves:
            return np.full(len(MOVES), 1 / len(MOVES))
        row = self.counts[MOVES.index(self.moves[-1])] + 1
        return row / row.sum()

    def move(self) -> str:
        """What beats your most probable move; one of several that are equally probable is drawn."""
        probabilities = self.probabilities()
        best = [move for move, p in zip(MOVES, probabilities, strict=True) if p > probabilities.max() - 1e-9]
        return beats(secrets.choice(best))


@dataclass(frozen=True)
class Reading:
    """What several frames say about a hand.

    Attributes:
        move: one of `MOVES`; None when it could not be read.
        probability: mean over the frames, of the move or of the best guess.
        guess: the best guess, one of `HANDS`; None without frames.
        frames: how many there were.
        probabilities: mean over the frames, float (4).
        why: what to do when there is no move, in one sentence; empty when there is one.
    """

    move: str | None
    probability: float
    guess: str | None
    frames: int
    probabilities: np.ndarray
    why: str = ""


def read_hand(probabilities: Sequence[np.ndarray]) -> Reading:
    """The move that several frames, or several views of one picture, agree on.

    Args:
        probabilities: float (4) each, see `HANDS`.
    """
    if not len(probabilities):
        nobody = np.zeros(len(HANDS), np.float32)
        return Reading(None, 0.0, None, 0, nobody, "No picture came from the camera. Is it running?")
    frames = np.stack(list(probabilities))
    mean = frames.mean(axis=0)
    best = int(mean.argmax())
    share = float((frames.argmax(axis=1) == best).mean())
    told = (float(mean[best]), HANDS[best], len(frames), mean)
    if best == NOTHING:
        return Reading(
            None, *told, "I see no hand. Hold it in the middle of the picture, so near that it fills half of it."
        )
    if mean[best] < SURE or share < AGREE:
        second = HANDS[int(np.argsort(-mean)[1])]
        if second == HANDS[NOTHING]:
            why = f"Is that {HANDS[best]}, or no hand at all? Come nearer, and hold still."
        else:
            why = f"Is that {HANDS[best]} or {second}? Show it once more, with the fingers clearly spread or closed."
        return Reading(None, *told, why)
    return Reading(HANDS[best], *told)


@dataclass
class Game:
    """What both pages remember of a person's games: one for a session, shared by the pages.

    Attributes:
        opponent: `CHANCE` or `PREDICTOR`.
        sealed: the machine's move of the next round.
        match: the one that is being played, or was just won.
        history: all rounds, oldest first.
        reading: of the last hand, whether it could be read or not.
        started: when the clock began to run, by `time.monotonic`; None while it does not.
        clock: counts the clocks.
        judged: for each page, the last photo of the camera that was read, so that none is read twice by itself.
        frame: the last frame of a video that a move was read from; the newest one only, in memory.
    """

    opponent: str = CHANCE
    sealed: Commitment = field(default_factory=lambda: Commitment(chance()))
    match: Match = field(default_factory=Match)
    history: list[Round] = field(default_factory=list)
    reading: Reading | None = None
    started: float | None = None
    clock: int = 0
    judged: dict[str, object] = field(default_factory=dict)
    frame: Image.Image | None = None

    def seal(self) -> None:
        """Fix the machine's next move, before any hand is seen."""
        moves = [one.yours for one in self.history]
        self.sealed = Commitment(Predictor(moves).move() if self.opponent == PREDICTOR else chance())

    def decide(self, reading: Reading, seconds: float | None = None) -> None:
        """Play a round if the hand could be read; else the machine keeps its move."""
        self.reading = reading
        if reading.move is None:
            return
        if self.match.over:
            self.match = Match()
        one = Round(reading.move, self.sealed, self.opponent, reading.probability, reading.frames, seconds)
        self.match.rounds.append(one)
        self.history.append(one)
        self.seal()
