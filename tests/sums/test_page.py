"""The page of the sums."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import button, everything, metrics, open_page


def type_sum(app: AppTest, text: str) -> None:
    app.text_input(key="numbers_sum_typed").set_value(text).run()
    assert not app.exception


def test_typed_sum_is_answered():
    app = open_page("numbers_sum")
    type_sum(app, "586+749")
    assert metrics(app, "The network writes") == ["1335"]
    assert metrics(app, "The true sum") == ["1335"]
    assert "Right" in app.success[0].value
    variants = metrics(app, "About your sum")
    assert variants[1] == "1335"
    assert len(variants) == 3


def test_longer_numbers_fail_and_the_page_says_why():
    app = open_page("numbers_sum")
    type_sum(app, "1234+4321")
    assert metrics(app, "The network writes") != ["5555"]
    assert "Wrong" in app.error[0].value
    assert "In training no number had more than 3 digits" in everything(app)


@pytest.mark.parametrize(
    ("typed", "part"), [("1 7+38", "space"), ("a+b", "no letters"), ("-1+2", "minus"), ("12345+1", "5 digits")]
)
def test_what_is_no_sum_gets_a_sentence(typed, part):
    app = open_page("numbers_sum")
    type_sum(app, typed)
    assert part in app.warning[0].value
    assert not metrics(app, "The network writes")
    assert metrics(app, "About your sum") == ["–", "–", "–"]
    type_sum(app, "")
    assert "Type a sum" in app.info[0].value
    type_sum(app, "2+2")
    assert metrics(app, "The network writes") == ["4"]


def test_example_sum_is_one_click_away():
    app = open_page("numbers_sum")
    button(app, "999+1").click().run()
    assert metrics(app, "The network writes") == ["1000"]


def test_quiz_keeps_two_scores():
    app = open_page("numbers_sum")
    button(app, "Quiz me").click().run()
    a, b = map(int, metrics(app, "The sum")[0].split("+"))
    # Enter is enough.
    app.text_input(key="numbers_sum_quiz_answer").set_value(str(a + b)).run()
    assert "You: **1 of 1**" in everything(app)
    button(app, "Quiz me").click().run()
    app.text_input(key="numbers_sum_quiz_answer").set_value("*no* [idea](x)").run()
    text = everything(app)
    assert "You: **1 of 2**" in text
    assert "of 2**" in text.split("Network:")[1][:12]
    assert not app.exception
    button(app, "Quiz me").click().run()
    button(app, "Show").click().run()
    # Who leaves it to the network is not asked.
    assert "You: **1 of 2**" in everything(app)


@pytest.mark.parametrize("variant", ["underfit", "overfit"])
def test_heat_map_of_every_variant(variant):
    app = open_page("numbers_sum")
    app.segmented_control(key="numbers_sum_heat").set_value(variant).run()
    assert not app.exception
