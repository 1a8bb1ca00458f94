"""The page on object detection, without a browser."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, photos
from lib.tasks.detection.detector import Detector
from tests.apps import everything, metrics, open_page

SLUG = "object_detection"


@pytest.fixture
def runs(monkeypatch) -> list[int]:
    """Grows by one whenever the network is run."""
    counted: list[int] = []
    real = Detector.raw

    def raw(self, image):
        counted.append(1)
        return real(self, image)

    monkeypatch.setattr(Detector, "raw", raw)
    return counted


@pytest.fixture
def stream(monkeypatch) -> SimpleNamespace:
    """The state of a video that needs no browser."""
    state = SimpleNamespace(playing=False, signalling=False)
    monkeypatch.setattr("streamlit_webrtc.webrtc_streamer", lambda **options: SimpleNamespace(state=state))
    return state


def found(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.startswith("Found: "))


def slider(app: AppTest, name: str):
    return app.slider(key=f"{SLUG}_{name}")


def test_an_example_is_looked_at_without_a_click():
    app = open_page(SLUG)
    assert found(app) == "Found: **cup**, **dining table**."
    assert app.dataframe[0].value["found"].tolist() == ["cup", "dining table"]
    assert app.dataframe[0].value["box"].str.fullmatch(r"\d+, \d+ to \d+, \d+").all()
    assert "Photo: " in everything(app)


def test_threshold_and_classes_do_not_run_the_network_again(runs):
    app = open_page(SLUG)
    assert len(runs) == 1
    slider(app, "photo_threshold").set_value(0.9).run()
    assert found(app) == "Found: **cup**."
    slider(app, "photo_threshold").set_value(0.1).run()
    assert len(app.dataframe[0].value) > 2
    app.multiselect(key=f"{SLUG}_photo_classes").set_value(["dining table"]).run()
    assert set(app.dataframe[0].value["found"]) == {"dining table"}
    slider(app, "nms_overlap").set_value(0.9).run()
    assert len(runs) == 1


def test_a_photo_with_nothing_known_on_it_says_so():
    app = open_page(SLUG)
    slider(app, "photo_threshold").set_value(0.95).run()
    app.multiselect(key=f"{SLUG}_photo_classes").set_value(["zebra"]).run()
    assert "No zebra has this score" in everything(app)
    assert "There is no box above" in everything(app)
    assert not app.error


def test_the_page_says_that_the_network_was_not_trained_here():
    text = everything(open_page(SLUG))
    facts = bundles.load(SLUG).facts
    test = facts["variants"]["good"]["test"]
    assert "**not trained here**" in text
    assert f"**{test['mean_average_precision']:.3f}**" in text
    assert f"{test['mean_average_precision_50']:.3f}" in text
    assert f"its makers report {facts['published']:.2f}" in text
    assert "may have seen some before" in text


def test_two_boxes_can_be_moved_over_each_other():
    app = open_page(SLUG)
    for across, down, larger, share in (
        (0, 0, 100, "1.00"),
        (100, 0, 100, "0.00"),
        (0, 0, 50, "0.25"),
        (50, 0, 100, "0.33"),
    ):
        slider(app, "across").set_value(across)
        slider(app, "down").set_value(down)
        slider(app, "larger").set_value(larger).run()
        assert metrics(app, "Intersection over union") == [share]


def boxes_before_and_after(app: AppTest) -> tuple[int, int]:
    text = everything(app)
    before, after = text.split("**Before**: ")[1], text.split("**After**: ")[1]
    return int(before.split()[0]), int(after.split()[0])


def test_suppression_follows_its_sliders():
    app = open_page(SLUG)
    before, after = boxes_before_and_after(app)
    assert before > after > 0
    slider(app, "nms_overlap").set_value(1.0).run()
    assert boxes_before_and_after(app) == (before, before)
    slider(app, "nms_overlap").set_value(0.05).run()
    assert boxes_before_and_after(app)[1] <= after
    slider(app, "nms_score").set_value(0.5).run()
    assert boxes_before_and_after(app)[0] < before


def test_the_anchor_of_each_box_is_named():
    text = everything(open_page(SLUG))
    assert "From anchor " in text
    assert "10 x 10 cells with 6 shapes each make 600 anchors" in text


def test_any_class_has_its_curve():
    app = open_page(SLUG)
    picker = app.selectbox(key=f"{SLUG}_class")
    evaluation, classes = bundles.load(SLUG).evaluation, bundles.load(SLUG).classes
    assert len(picker.options) == int((evaluation["things"] > 0).sum())
    picker.set_value("cat").run()
    assert f"**cat**: {evaluation['things'][classes.index('cat')]} on the photos" in everything(app)
    assert not app.exception


def live_page(stream) -> AppTest:
    app = open_page()
    app.session_state[f"{SLUG}_source"] = "Live video"
    app.switch_page(f"pages/{SLUG}.py").run()
    assert not app.exception
    return app


def test_live_video_invites_and_shows_no_photo(stream):
    app = live_page(stream)
    text = everything(app)
    assert "Start the camera" in text
    assert "does not store it or pass it on" in text
    # The parts below say what they need.
    assert "keep a moment of the live video" in text


def test_live_video_shows_what_it_sees_and_how_fast(stream):
    app = live_page(stream)
    stream.playing = True
    app.run()
    assert metrics(app, "Frames per second") == ["–"]
    watcher = app.session_state[f"{SLUG}_watcher"]
    picture = np.asarray(photos.example("cat").open())
    for _ in range(3):
        before = watcher.latest()
        watcher.offer(picture)
        deadline = time.monotonic() + 10
        while watcher.latest() is before:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    app.run()
    assert found(app) == "Found: **cat**."
    assert metrics(app, "Latency")[0].endswith(" ms")
    assert not np.array_equal(watcher.drawn(picture), picture)
    # The settings hold for what is drawn from the next frame on.
    slider(app, "live_threshold").set_value(0.95).run()
    assert np.array_equal(watcher.drawn(picture), picture)
    app.button(key=f"{SLUG}_freeze").click().run()
    assert "shows the moment that you chose" in everything(app)
    watcher.stop()


def test_live_video_that_cannot_be_offers_the_other_ways(stream, monkeypatch):
    monkeypatch.setattr("lib.ui.inputs.live._near", lambda url: False)
    app = live_page(stream)
    assert "needs a TURN server" in app.warning[0].value
    next(button for button in app.button if "Take a picture" in button.label).click().run()
    assert app.session_state[f"{SLUG}_source"] == "Camera"
    assert not app.exception
