"""From noise to a picture, in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from lib.images import InputError
from lib.tasks.generation import flow
from lib.tasks.generation.generator import checked, class_of

CLASSES = ("T-shirt", "Ankle boot")


def towards(goal):
    """The velocity of a network that knows a single picture: straight to it."""

    def velocity(x, time, wishes):
        return (goal - x) / (1 - time[..., None])

    return velocity


@pytest.mark.parametrize("steps", [1, 7])
def test_straight_way_arrives_in_any_number_of_steps(steps):
    goal = np.linspace(-1, 1, 784, dtype=np.float32).reshape(28, 28)
    wishes = flow.wish({0: 1.0}, 10, 3)
    *before, last = flow.steps_from_noise(towards(goal), flow.noise(0, 3), wishes, steps=steps, guidance=1)
    assert len(before) == steps - 1
    assert np.abs(last - goal).max() < 1e-4


def test_guidance_goes_further_where_the_class_makes_a_difference():
    asked = []

    def velocity(x, time, wishes):
        asked.append(len(x))
        return np.broadcast_to(wishes[:, :1, None] * 2 + 1, x.shape).astype(np.float32)

    start, wishes = np.zeros((2, 28, 28), np.float32), flow.wish({0: 1.0}, 10, 2)
    ends = [
        list(flow.steps_from_noise(velocity, start, wishes, steps=4, guidance=guidance))[-1].mean()
        for guidance in (0, 1, 2.5)
    ]
    # Any class: 1. This class: 3. Two and a half times as far from the first as from the second.
    assert ends == pytest.approx([1, 3, 6])
    # Without guidance, the network is asked once.
    assert sorted(set(asked)) == [2, 4]


def test_what_is_known_stays_and_the_rest_is_drawn():
    goal = np.full((28, 28), 0.5, np.float32)
    given = np.zeros((28, 28), bool)
    given[:14] = True
    picture = np.where(given, -1, 0).astype(np.float32)
    start = flow.noise(1, 2)
    *_, last = flow.steps_from_noise(
        towards(goal), start, flow.wish({}, 10, 2), steps=5, guidance=1, known=(picture, given)
    )
    assert np.abs(last[:, :14] + 1).max() < 1e-5
    assert np.abs(last[:, 14:] - 0.5).max() < 1e-4


def test_noise_is_normal_and_its_own():
    many = flow.noise(5, 100)
    assert abs(many.mean()) < 0.01
    assert abs(many.std() - 1) < 0.01
    assert np.array_equal(flow.noise(5, 3), many[:3])
    assert not np.array_equal(flow.noise(6, 3), many[:3])
    assert not np.array_equal(many[0], many[1])


def test_blended_noise_stays_as_loud():
    first, second = flow.noise(1, 20), flow.noise(2, 20)
    assert np.array_equal(flow.blended_noise(first, second, 0), first)
    assert np.allclose(flow.blended_noise(first, second, 1), second, atol=1e-6)
    assert abs(flow.blended_noise(first, second, 0.5).std() - 1) < 0.02


def test_wish_for_nothing_is_any_class():
    assert flow.wish({}, 3).tolist() == [[0, 0, 0, 1]]
    assert flow.wish({0: 0.5, 2: 0.5}, 3, 2).tolist() == [[0.5, 0, 0.5, 0]] * 2


def test_pixels_and_back():
    images = np.arange(784, dtype=np.uint8).reshape(1, 28, 28)
    assert np.array_equal(flow.pixels(flow.scaled(images)), images)
    assert flow.pixels(np.array([-3.0, 3.0])).tolist() == [0, 255]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"pictures": 0}, "1 to 100 pictures"),
        ({"pictures": 10_000}, "1 to 100 pictures"),
        ({"seed": -1}, "from 0 to"),
        ({"seed": 2**40}, "from 0 to"),
        ({"steps": 0}, "1 to 50 steps"),
        ({"guidance": float("nan")}, "from 0 to 5"),
    ],
)
def test_what_cannot_be_asked_for_gets_a_sentence(asked, sentence):
    with pytest.raises(InputError, match=sentence):
        checked(**asked)


@pytest.mark.parametrize(("text", "index"), [("t-shirt", 0), (" Ankle boot ", 1), ("ankle-boot", 1), ("1", 1)])
def test_class_by_name_or_number(text, index):
    assert class_of(text, CLASSES) == index


def test_unknown_class_names_the_known_ones():
    with pytest.raises(InputError, match=r"cannot draw 'hat'.*T-shirt, Ankle boot"):
        class_of("hat", CLASSES)
