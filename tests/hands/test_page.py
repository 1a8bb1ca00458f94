"""Both pages on hands, without a browser."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, catalogue, photos
from lib.tasks.hands.rules import PREDICTOR, Commitment, Game, beats
from lib.ui.inputs.newest_frame import Seen
from tests.apps import button, everything, open_page

SLUGS = catalogue.slugs("hands")


def game(app: AppTest) -> Game:
    return app.session_state["rps_game"]


def shoot(app: AppTest) -> None:
    button(app, "Shoot!").click().run()
    assert not app.exception


def choose(app: AppTest, name: str, value: str) -> None:
    next(one for one in app.button_group if one.key and one.key.endswith(name)).set_value(value).run()


def said(app: AppTest) -> str:
    return " ".join(box.value for kind in ("success", "info", "warning", "error") for box in app.get(kind))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_round_with_an_example(slug):
    app = open_page(slug)
    assert "press *Shoot!*" in said(app)
    sealed = game(app).sealed
    assert any(code.value == sealed.digest for code in app.code)
    shoot(app)
    assert f"You: **rock**. The machine: **{sealed.move}**" in said(app)
    assert any(code.value == sealed.check for code in app.code)
    assert "Read from 6 views of the picture" in everything(app)
    assert not any(sealed.move in code.value for code in app.code if code.value == game(app).sealed.digest)
    assert "One round" in app.get("expander")[0].label or any("One round" in e.label for e in app.get("expander"))


def test_no_hand_is_asked_for_again():
    app = open_page(SLUGS[-1])
    choose(app, "_example", "espresso")
    sealed = game(app).sealed
    shoot(app)
    assert "The machine keeps its move" in said(app)
    assert game(app).sealed is sealed
    assert not game(app).history


def test_the_best_of_five_is_won_and_a_new_match_begins():
    app = open_page(SLUGS[-1])
    for _ in range(3):
        game(app).sealed = Commitment("scissors")
        shoot(app)
    assert "You win the match 3 : 0" in everything(app)
    shoot(app)
    assert len(game(app).match.rounds) == 1
    assert len(game(app).history) == 4


def test_the_mind_reader_shows_its_table_after_the_round():
    app = open_page(SLUGS[-1])
    choose(app, "_opponent", PREDICTOR)
    shoot(app)
    assert "It knew nothing about you yet" in everything(app)
    shoot(app)
    shoot(app)
    assert game(app).history[-1].commitment.move == beats("rock")
    assert "it expected **rock**" in everything(app)


def test_both_pages_share_the_game():
    app = open_page(SLUGS[0])
    shoot(app)
    app.switch_page(f"pages/{SLUGS[-1]}.py").run()
    assert not app.exception
    assert len(game(app).history) == 1


def test_a_photo_of_the_camera_is_one_round_only():
    app = open_page(SLUGS[-1])
    # Its components can only be declared once an app has been started.
    from lib.ui.inputs.photo import Photo

    app.session_state[f"{SLUGS[-1]}_camera_kept"] = [Photo("photo.jpg", photos.Example("paper", "", "").open())]
    choose(app, "_source", "Camera")
    assert len(game(app).history) == 1
    choose(app, "_source", "Example")
    shoot(app)
    choose(app, "_source", "Camera")
    assert len(game(app).history) == 2
    button(app, "Forget all rounds").click().run()
    assert not app.exception
    assert not game(app).history


def test_rounds_can_be_forgotten():
    app = open_page(SLUGS[-1])
    shoot(app)
    button(app, "Forget all rounds").click().run()
    assert not game(app).history


@pytest.mark.parametrize("slug", SLUGS)
def test_lessons_are_told_with_the_bundles_figures(slug):
    text = everything(open_page(slug))
    facts = bundles.load(slug).facts
    rendered, random = facts["splits"][:2]
    assert f"**{rendered['new']:.0%}** of real ones" in text
    assert f"the truth **{random['new']:.0%}**" in text
    assert f"**{facts['variants']['good']['test']['hands_accuracy']:.1%}** of rock, paper and scissors" in text
    assert f"the *temperature* {facts['temperature']:.2f}" in text


def test_evidence_for_any_class():
    app = open_page(SLUGS[-1])
    choose(app, "_evidence", "scissors")
    assert everything(app).count("Evidence for **scissors**") == len(SLUGS)


class Camera:
    """Stands for a watcher of live video in which a hand is seen."""

    def __init__(self, probabilities: list[float], frames: int) -> None:
        self.probabilities, self.frames = np.array(probabilities, np.float32), frames

    def since(self, moment: float) -> list[Seen[np.ndarray]]:
        picture = np.full((48, 64, 3), 90, np.uint8)
        return [Seen(self.probabilities, picture, time.monotonic(), 5.0)] * self.frames


@pytest.fixture
def live(monkeypatch):
    """Lets a page see video without a browser, whose clock has no time to run."""
    # Components can only be declared once an app has been started.
    open_page(SLUGS[-1])
    monkeypatch.setattr("lib.tasks.hands.try_it.SECONDS", 0.0)
    monkeypatch.setattr("lib.tasks.hands.try_it.PATIENCE", 0.05)
    seen = SimpleNamespace(watcher=None)
    monkeypatch.setattr("lib.tasks.hands.input.live_video", lambda *given: seen.watcher)
    return seen


def open_live(live, watcher: Camera | None) -> AppTest:
    live.watcher = watcher
    app = open_page(SLUGS[-1])
    choose(app, "_source", "Live video")
    return app


def test_a_round_with_video(live):
    app = open_live(live, Camera([0.02, 0.02, 0.95, 0.01], 6))
    assert "neither stored nor passed on" in everything(app)
    shoot(app)
    assert "You: **scissors**" in said(app)
    assert "Read from 6 frames, 95% sure, 0.0 s after *shoot*." in everything(app)
    assert game(app).frame.size == (64, 48)


def test_video_without_a_hand_or_without_frames(live):
    app = open_live(live, Camera([0.02, 0.02, 0.01, 0.95], 6))
    shoot(app)
    assert "I see no hand" in said(app)
    live.watcher = Camera([0.9, 0.1, 0, 0], 0)
    app.run()
    shoot(app)
    assert "No picture came from the camera" in said(app)


def test_no_shot_without_a_camera(live):
    app = open_live(live, None)
    assert button(app, "Shoot!").disabled
