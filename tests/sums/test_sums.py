import numpy as np
import pytest

from lib import bundles
from lib.datasets import DatasetError
from lib.images import BlankInputError, InputError
from lib.tasks.sums import adder
from lib.tasks.sums import data as sums
from lib.tasks.sums.data import Pairs, Sum
from lib.tasks.sums.input import read


@pytest.mark.parametrize(
    ("typed", "a", "b"),
    [
        ("17+38", 17, 38),
        (" 17 + 38 ", 17, 38),
        ("17+38=", 17, 38),
        ("0+0", 0, 0),
        ("007+08", 7, 8),
        ("9999+9999", 9999, 9999),
        ("17＋38", 17, 38),
        ("１７＋３８＝", 17, 38),
        ("١٧+٣٨", 17, 38),
        ("१७ + ३८", 17, 38),
        ("0" * 5000 + "7+8", 7, 8),
    ],
)
def test_sums_are_understood(typed, a, b):
    assert sums.parse(typed) == Sum(a, b)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("17", "The + is missing"),
        ("9" * 5000 + "+1", "999999999... has 5000 digits"),
        ("17 38", "the + is missing"),
        ("1 7+38", "space inside a number"),
        ("seventeen+38", "no letters"),
        ("17*38", "not the sign '*'"),
        ("-17+38", "never seen a minus"),
        ("17-38", "never seen a minus"),
        ("−17+38", "never seen a minus"),
        ("1.5+2", "whole numbers"),
        ("1,000+2", "whole numbers"),
        ("12345+1", "12345 has 5 digits"),
        ("1" * 40 + "+1", "has 40 digits"),
        ("1+2+3", "one + only"),
        ("²+3", "not the sign"),
    ],
)
def test_anything_else_gets_a_sentence(typed, part):
    with pytest.raises(InputError, match=part.replace("+", r"\+").replace("*", r"\*")) as error:
        sums.parse(typed)
    assert not isinstance(error.value, BlankInputError)


@pytest.mark.parametrize("typed", ["", "   ", "=", "+3", "3+", "+"])
def test_what_is_not_finished_is_no_mistake(typed):
    with pytest.raises(BlankInputError):
        sums.parse(typed)


def test_remarks_say_what_was_changed_and_what_to_expect():
    assert read("17+38").message == ""
    assert "Read as `17+38`" in read("17 + 038").message
    assert "In training no number had more than 3 digits" in read("1234+1").message


def test_splits_cover_all_sums_once_and_keep_twins_together():
    pairs = sums.split_pairs()
    where = np.full((1000, 1000), -1)
    for i, values in enumerate(pairs.values()):
        assert (where[values.a, values.b] == -1).all()
        where[values.a, values.b] = i
        assert len(values) / 1e6 == pytest.approx(list(sums.SHARES.values())[i], abs=0.002)
    assert (where >= 0).all()
    assert (where == where.T).all()
    assert (sums.split_pairs()["test"].a == pairs["test"].a).all()


def test_carries_and_lengths_as_by_hand():
    a, b = np.array([17, 999, 11, 0, 55]), np.array([38, 1, 22, 0, 55])
    assert sums.carries(a, b).tolist() == [1, 3, 0, 0, 2]
    assert sums.lengths(np.array([0, 9, 10, 99, 100, 9999])).tolist() == [1, 1, 2, 2, 3, 4]


def test_only_the_answer_is_asked_for():
    given, wanted = sums.encode(Pairs(np.array([17, 5]), np.array([38, 5])), sums.LENGTH)
    names = sums.VOCABULARY.characters
    assert "".join(names[i] for i in given[0]).startswith("17+38=55\n")
    assert [names[i] if i >= 0 else "" for i in wanted[0]] == ["", "", "", "", "", "5", "5", "\n", "", "", "", ""]
    assert [names[i] if i >= 0 else "" for i in wanted[1]] == ["", "", "", "1", "0", "\n", "", "", "", "", "", ""]
    longest, _ = sums.encode(Pairs(np.array([999]), np.array([999])), sums.LENGTH)
    assert "".join(names[i] for i in longest[0]) == "999+999=1998"


def test_short_sums_are_drawn_more_often():
    pairs = sums.split_pairs()["train"]
    weights = sums.sampling_weights(pairs)
    assert weights.sum() == pytest.approx(1)
    short = (pairs.a < 10) & (pairs.b < 10)
    assert weights[short].sum() == pytest.approx(0.5 / 9, rel=0.01)


@pytest.fixture(scope="module")
def network():
    return adder.load_adder(bundles.load("numbers_sum"))


@pytest.mark.parametrize("typed", ["17+38", "999+1", "586+749", "0+0", "100+20"])
def test_network_adds(network, typed):
    question = sums.parse(typed)
    written = network.answer(question)
    assert written.text == question.answer
    assert written.ended
    assert [guesses[0].label for guesses in written.guesses] == [*question.answer, "\n"]
    for guesses in written.guesses:
        assert sum(guess.probability for guess in guesses) == pytest.approx(1, abs=1e-4)
    assert written.read == f"{question.text}={question.answer}"
    assert written.states.shape == (len(written.read), 256)


def test_most_probable_answer_comes_first(network):
    best, second = network.answers(Sum(107, 92), 2)
    assert best.label == network.answer(Sum(107, 92)).text
    assert best.probability > second.probability
    assert best.probability == pytest.approx(network.answer(Sum(107, 92)).probability, rel=1e-3)


def test_judging_many_agrees_with_writing_each(network):
    rng = np.random.default_rng(0)
    some = Pairs(*rng.integers(0, 1500, (2, 60)))
    right = network.written_right(some)
    for a, b, expected in zip(some.a.tolist(), some.b.tolist(), right, strict=True):
        assert (network.answer(Sum(a, b)).text == str(a + b)) == expected


@pytest.mark.parametrize(
    ("arrays", "part"),
    [
        ({"a": np.array([1])}, "no array 'b'"),
        ({"a": np.array([1, 2]), "b": np.array([1])}, "equally many"),
        ({"a": np.array([1.5]), "b": np.array([1.0])}, "whole numbers"),
        ({"a": np.array([-1]), "b": np.array([1])}, "between 0 and 9,999"),
        ({"a": np.array([], int), "b": np.array([], int)}, "at least one"),
    ],
)
def test_files_of_another_form_are_refused(tmp_path, arrays, part):
    np.savez(tmp_path / "sums.npz", **arrays)
    with pytest.raises(DatasetError, match=part):
        sums.load_pairs(tmp_path / "sums.npz")
