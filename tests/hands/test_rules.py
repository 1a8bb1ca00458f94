"""The rules of the game, the move that is fixed in advance, the opponents, and reading a hand from frames."""

import hashlib
import subprocess

import numpy as np
import pytest

from lib.tasks.hands.data import HANDS
from lib.tasks.hands.rules import (
    CHANCE,
    MOVES,
    PREDICTOR,
    Commitment,
    Game,
    Match,
    Predictor,
    Round,
    beats,
    chance,
    outcome,
    read_hand,
)


def played(yours: str, machines: str) -> Round:
    return Round(yours, Commitment(machines), CHANCE, 0.9, 6)


@pytest.mark.parametrize(
    ("yours", "machines", "expected"),
    [
        ("rock", "scissors", 1),
        ("paper", "rock", 1),
        ("scissors", "paper", 1),
        ("rock", "paper", -1),
        ("paper", "scissors", -1),
        ("scissors", "rock", -1),
        ("rock", "rock", 0),
    ],
)
def test_who_wins(yours, machines, expected):
    assert outcome(yours, machines) == expected


@pytest.mark.parametrize("move", MOVES)
def test_what_beats_a_move_wins(move):
    assert outcome(beats(move), move) == 1


def test_a_seal_can_be_checked_and_says_nothing():
    one, other = Commitment("rock"), Commitment("rock")
    assert one.digest != other.digest
    assert one.digest == hashlib.sha256(f"rock {one.nonce}".encode()).hexdigest()
    assert len(one.nonce) == 32
    printed = subprocess.run(one.check, shell=True, capture_output=True, text=True, check=True).stdout
    assert printed.split()[0] == one.digest


def test_the_best_of_five():
    match = Match([played("rock", "scissors"), played("rock", "rock"), played("rock", "paper")])
    assert match.score == (1, 1)
    assert not match.over
    match.rounds += [played("rock", "paper"), played("rock", "paper")]
    assert match.over


def test_chance_plays_everything():
    assert {chance() for _ in range(200)} == set(MOVES)


def test_the_mind_reader_learns_a_habit():
    habit = ["rock", "paper"] * 4
    model = Predictor(habit)
    assert model.counts[0].tolist() == [0, 4, 0]
    assert model.probabilities()[MOVES.index("rock")] == pytest.approx(4 / 6)
    assert model.move() == beats("rock") == "paper"


def test_the_mind_reader_beats_a_habit_and_not_chance():
    rng = np.random.default_rng(0)

    def wins(moves: list[str]) -> float:
        return float(np.mean([outcome(moves[i], Predictor(moves[:i]).move()) for i in range(1, len(moves))]))

    assert wins(["rock", "paper", "scissors"] * 20) < -0.8
    assert abs(wins([MOVES[i] for i in rng.integers(0, 3, 300)])) < 0.15


def test_the_mind_reader_draws_its_first_move():
    assert {Predictor().move() for _ in range(100)} == set(MOVES)


def frames(*rows: tuple[float, float, float, float]) -> list[np.ndarray]:
    return [np.array(row, np.float32) for row in rows]


def test_frames_that_agree_are_read():
    reading = read_hand(frames((0.9, 0.05, 0.03, 0.02), (0.7, 0.2, 0.05, 0.05), (0.95, 0.02, 0.02, 0.01)))
    assert (reading.move, reading.frames, reading.why) == ("rock", 3, "")
    assert reading.probability == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "No picture came"),
        (frames((0.1, 0.1, 0.1, 0.7)), "I see no hand"),
        (frames((0.5, 0.45, 0.03, 0.02)), "Is that rock or paper"),
        (frames((0.5, 0.03, 0.02, 0.45)), "or no hand at all"),
        (frames(*[(0.99, 0.01, 0, 0)] * 11, *[(0.2, 0.8, 0, 0)] * 9), "Is that rock or paper"),
    ],
)
def test_doubt_is_a_question(given, words):
    reading = read_hand(given)
    assert reading.move is None
    assert words in reading.why


def test_an_unread_hand_changes_nothing():
    game = Game()
    sealed = game.sealed
    game.decide(read_hand([]))
    assert game.sealed is sealed
    assert not game.history


def test_a_round_is_played_with_the_move_that_was_sealed():
    game = Game()
    sealed = game.sealed
    game.decide(read_hand(frames((0.97, 0.01, 0.01, 0.01))), 0.4)
    assert game.history[0].commitment is sealed
    assert game.sealed is not sealed
    assert game.history[0].seconds == 0.4


def test_a_new_match_begins_when_one_is_won():
    game = Game()
    for _ in range(3):
        game.sealed = Commitment("scissors")
        game.decide(read_hand(frames((0.97, 0.01, 0.01, 0.01))))
    assert game.match.over
    game.decide(read_hand(frames((0.97, 0.01, 0.01, 0.01))))
    assert len(game.match.rounds) == 1
    assert len(game.history) == 4


def test_the_mind_reader_seals_what_beats_your_habit():
    game = Game(opponent=PREDICTOR)
    for _ in range(4):
        game.decide(read_hand(frames((0.97, 0.01, 0.01, 0.01))))
    assert game.sealed.move == "paper"


def test_moves_are_the_classes_without_nothing():
    assert (*MOVES, "nothing") == HANDS
