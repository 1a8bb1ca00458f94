"""The pages of the sketches."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, catalogue
from tests.apps import button, everything, metrics, open_page
from tests.gestures import CAT

SKETCHES = catalogue.slugs("sketches")


def sketch_on(app: AppTest, canvas: str = "sketch") -> None:
    """Put the strokes of a cat on a canvas, as the browser would."""
    state = app.session_state[f"canvas_{canvas}"]
    state["objects"] = [{"type": "path", "path": [["L", *point] for point in stroke]} for stroke in CAT]
    state["rgba"] = np.full((280, 280, 4), 255, np.uint8)
    app.run()
    assert not app.exception


@pytest.mark.parametrize("slug", SKETCHES)
def test_empty_sketch_gets_an_invitation(slug):
    app = open_page(slug)
    assert "please draw something" in app.info[0].value
    assert not metrics(app, "Its best guess")
    assert metrics(app, "About your sketch") == ["–", "–", "–"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketch_is_followed_stroke_by_stroke(slug):
    app = open_page(slug)
    sketch_on(app)
    text = everything(app)
    assert metrics(app, "Its best guess") == ["cat"]
    assert metrics(app, "About your sketch")[1] == "cat"
    assert "stroke**" in text or "from the first stroke on" in text
    assert "matters most" in text or "No single stroke" in text


@pytest.mark.parametrize("slug", SKETCHES)
def test_example_sketch_is_one_click_away(slug):
    app = open_page(slug)
    button(app, "bicycle").click().run()
    assert not app.exception
    assert metrics(app, "Its best guess") == ["bicycle"]
    assert "no strokes to follow" in everything(app)
    button(app, "Clear").click().run()
    assert not metrics(app, "Its best guess")


def test_sketch_follows_to_the_next_page():
    app = open_page("sketch_mlp")
    sketch_on(app)
    app.switch_page("pages/sketch_cnn.py").run()
    assert metrics(app, "Its best guess") == ["cat"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_any_category_can_be_looked_up(slug):
    app = open_page(slug)
    search = app.selectbox(key=f"{slug}_category")
    assert len(search.options) == 345
    for name in ("The Mona Lisa", "zigzag"):
        search.set_value(name).run()
        assert not app.exception
        mine = next(value for value in (m.value for m in app.markdown) if value.startswith(f"**{name}**: "))
        assert "of 10 drawings guessed at once" in mine


def play(slug: str) -> AppTest:
    app = open_page(slug)
    mode = next(control for control in app.get("button_group") if control.key == f"{slug}_source")
    mode.set_value("Play against the clock").run()
    assert not app.exception
    return app


def test_round_is_won_when_the_word_is_its_best_guess():
    app = play("sketch_cnn")
    button(app, "Start").click().run()
    state = app.session_state["sketch_cnn_game"]
    assert state["word"] in bundles.load("sketch_cnn").classes
    assert f"in {20} seconds" in app.subheader[0].value
    state["word"] = "cat"
    sketch_on(app, "game")
    assert "Guessed in" in app.success[0].value
    assert "1 of 1" in everything(app)
    # A stroke after the end changes nothing.
    app.run()
    assert "1 of 1" in everything(app)
    button(app, "Next round").click().run()
    assert app.session_state["sketch_cnn_game"]["status"] == "playing"
    assert app.session_state["sketch_cnn_game"]["word"] != "cat"


def test_round_is_lost_when_the_time_is_up():
    app = play("sketch_mlp")
    button(app, "Start").click().run()
    state = app.session_state["sketch_mlp_game"]
    state["word"] = "zebra"
    sketch_on(app, "game")
    assert "I see **cat**" in everything(app)
    state["started"] -= 21
    app.run()
    assert "Time is up. The network saw: **cat**" in app.warning[0].value
    assert "0 of 1" in everything(app)


def test_giving_up_gets_a_verdict_and_starts_no_clock():
    app = play("sketch_cnn")
    button(app, "Start").click().run()
    button(app, "Give up").click().run()
    assert not app.exception
    assert "You gave up" in app.warning[0].value
    assert "0 of 1" in everything(app)
    assert app.session_state["sketch_cnn_game"]["status"] == "lost"
    assert button(app, "Next round")


def test_leaving_ends_a_round_without_a_verdict():
    app = play("sketch_cnn")
    button(app, "Start").click().run()
    assert app.segmented_control(key="sketch_cnn_words").disabled
    # As the router does when somebody comes back from another page.
    app.session_state["visit"] += 1
    app.run()
    assert button(app, "Start")
    assert not app.session_state["sketch_cnn_game"]["rounds"]


def test_score_belongs_to_a_session():
    one = play("sketch_cnn")
    button(one, "Start").click().run()
    one.session_state["sketch_cnn_game"]["started"] -= 21
    one.run()
    assert "the canvas is empty" in one.warning[0].value
    other = play("sketch_cnn")
    assert not other.session_state["sketch_cnn_game"]["rounds"]
