"""What looks at live video keeps up with it, ends with it, and knows when there can be none."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.inputs import live
from lib.ui.inputs.newest_frame import KEPT, Watcher


def picture(value: int, shape: tuple[int, ...] = (4, 6, 3)) -> np.ndarray:
    return np.full(shape, value, np.uint8)


class Slow:
    """Work that goes on only when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Semaphore(0), threading.Semaphore(0)
        self.values: list[int] = []

    def __call__(self, given: np.ndarray) -> int:
        self.begun.release()
        assert self.let.acquire(timeout=10)
        self.values.append(int(given[0, 0, 0]))
        return self.values[-1]


def until(condition) -> None:
    """Wait for what another thread does."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.001)


def test_frames_that_come_meanwhile_are_dropped_and_never_queued():
    slow = Slow()
    watcher = Watcher(slow)
    watcher.offer(picture(0))
    assert slow.begun.acquire(timeout=10)
    for value in range(1, 10):
        watcher.offer(picture(value))
    slow.let.release(2)
    until(lambda: len(slow.values) == 2)
    # The first, and the newest of those that came while it was looked at.
    assert slow.values == [0, 9]
    until(lambda: watcher.latest() is not None and watcher.latest().result == 9)
    assert watcher.latest().picture[0, 0, 0] == 9
    watcher.stop()


def test_what_was_seen_since_a_moment_comes_oldest_first_and_is_bounded():
    watcher = Watcher(lambda given: int(given[0, 0, 0]))
    start = time.monotonic()
    for value in range(KEPT + 5):
        watcher.offer(picture(value))
        until(lambda value=value: watcher.latest() is not None and watcher.latest().result == value)
    seen = watcher.since(start)
    assert [each.result for each in seen] == list(range(5, KEPT + 5))
    assert all(start <= each.at and each.milliseconds >= 0 for each in seen)
    assert watcher.since(seen[-1].at) == seen[-1:]
    assert watcher.frames_per_second > 0
    watcher.stop()
    assert watcher.latest() is None
    assert watcher.since(0) == []
    assert watcher.frames_per_second == 0


def test_large_pictures_are_remembered_for_a_shorter_time(monkeypatch):
    monkeypatch.setattr("lib.ui.inputs.newest_frame.KEPT_BYTES", 3 * picture(0).nbytes)
    watcher = Watcher(lambda given: int(given[0, 0, 0]))
    for value in range(6):
        watcher.offer(picture(value))
        until(lambda value=value: watcher.latest() is not None and watcher.latest().result == value)
    assert len(watcher.since(0)) == 3
    watcher.stop()


def test_the_thread_ends_with_the_stream_and_another_begins_with_the_next():
    threads = []
    watcher = Watcher(lambda given: threads.append(threading.current_thread()))
    for count in range(1, 4):
        watcher.offer(picture(0))
        until(lambda count=count: len(threads) == count)
        watcher.stop()
        threads[-1].join(timeout=10)
        assert not threads[-1].is_alive()
    assert len(set(threads)) == 3


def test_the_thread_ends_when_pictures_cease_without_a_word(monkeypatch):
    monkeypatch.setattr("lib.ui.inputs.newest_frame.IDLE", 0.01)
    threads = []
    watcher = Watcher(lambda given: threads.append(threading.current_thread()))
    watcher.offer(picture(0))
    until(lambda: threads)
    threads[0].join(timeout=10)
    assert not threads[0].is_alive()
    watcher.offer(picture(1))
    until(lambda: len(threads) == 2)


def test_what_ends_during_the_work_leaves_nothing_behind():
    slow = Slow()
    watcher = Watcher(slow)
    watcher.offer(picture(1))
    assert slow.begun.acquire(timeout=10)
    watcher.stop()
    slow.let.release()
    until(lambda: slow.values)
    assert watcher.latest() is None


def test_an_error_is_told_once_and_the_watcher_goes_on(caplog):
    def work(given: np.ndarray) -> int:
        if given[0, 0, 0] < 3:
            raise ValueError("too dark")
        return int(given[0, 0, 0])

    done = []
    watcher = Watcher(lambda given: done.append(0) or work(given))
    for value in range(4):
        watcher.offer(picture(value))
        until(lambda value=value: len(done) == value + 1)
    until(lambda: watcher.latest() is not None)
    assert caplog.text.count("too dark") == 1
    watcher.stop()


def test_drawing_and_work_can_be_replaced_while_it_runs():
    watcher = Watcher(lambda given: 1, lambda given, result: given + np.uint8(result))
    assert watcher.drawn(picture(5))[0, 0, 0] == 5
    watcher.offer(picture(5))
    until(lambda: watcher.latest() is not None)
    assert watcher.drawn(picture(5))[0, 0, 0] == 6
    watcher.draw = lambda given, result: 1 / 0
    assert watcher.drawn(picture(7))[0, 0, 0] == 7
    watcher.draw, watcher.work = None, lambda given: 2
    assert watcher.drawn(picture(8))[0, 0, 0] == 8
    watcher.offer(picture(5))
    until(lambda: watcher.latest().result == 2)
    watcher.stop()


def test_ice_servers_come_from_the_environment(monkeypatch):
    monkeypatch.delenv(live.VARIABLE, raising=False)
    assert live.ice_servers() == []
    given = '[{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}]'
    monkeypatch.setenv(live.VARIABLE, given)
    assert live.ice_servers() == [{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}]


def test_secrets_go_before_the_environment(monkeypatch):
    monkeypatch.setenv(live.VARIABLE, '[{"urls": "stun:stun.example.org"}]')
    monkeypatch.setattr(live.st, "secrets", {live.SECRET: [{"urls": ["turn:a", "turn:b"]}]})
    assert live.ice_servers() == [{"urls": ["turn:a", "turn:b"]}]


@pytest.mark.parametrize("given", ["turn:turn.example.org", '{"urls": "turn:a"}', "[1]", '[{"url": "turn:a"}]'])
def test_servers_that_are_none_are_refused_with_a_sentence(monkeypatch, given):
    monkeypatch.setenv(live.VARIABLE, given)
    with pytest.raises(ValueError, match="ML_ICE_SERVERS must be a list of servers"):
        live.ice_servers()


@pytest.mark.parametrize(
    ("url", "near"),
    [
        (None, True),
        ("http://localhost:8501/object_detection", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501", True),
        ("https://192.168.1.20", True),
        ("https://laptop:8501", True),
        ("https://laptop.local", True),
        ("https://my-experiments.streamlit.app", False),
        ("https://8.8.8.8", False),
    ],
)
def test_what_is_near_needs_no_server(url, near):
    assert live._near(url) is near


def test_an_attempt_is_given_up_after_a_while(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: now[0])
    attempt = live._Attempt()
    attempt.follow(playing=False, signalling=False)
    assert not attempt.failed
    attempt.follow(playing=False, signalling=True)
    assert not attempt.late()
    now[0] += live.PATIENCE + 1
    assert attempt.late()
    attempt.follow(playing=False, signalling=False)
    assert attempt.failed
    attempt.follow(playing=False, signalling=True)
    assert not attempt.failed
    attempt.follow(playing=True, signalling=False)
    assert not attempt.failed
    assert not attempt.late()


def video_page() -> None:
    import streamlit as st

    from lib.ui.inputs.live import live_video

    def choose() -> None:
        st.session_state["chosen"] = True

    watcher = live_video("demo", lambda given: 0, instead={"Take a picture": choose})
    st.write("plays" if watcher else "does not play")


def test_a_remote_page_without_servers_says_so_and_offers_another_way(monkeypatch):
    monkeypatch.delenv(live.VARIABLE, raising=False)
    monkeypatch.setattr(live, "_near", lambda url: False)
    page = AppTest.from_function(video_page).run()
    assert not page.exception
    assert "needs a TURN server" in page.warning[0].value
    assert "Take a picture with the camera or upload one instead." in page.warning[0].value
    assert page.markdown[0].value == "does not play"
    page.button[0].click().run()
    assert page.session_state["chosen"]


def test_servers_that_are_set_up_wrongly_are_told_on_the_page(monkeypatch):
    monkeypatch.setenv(live.VARIABLE, "turn:turn.example.org")
    page = AppTest.from_function(video_page).run()
    assert not page.exception
    assert "must be a list of servers" in page.error[0].value


@pytest.fixture
def stream(monkeypatch) -> SimpleNamespace:
    """The state of a video that needs no browser."""
    state = SimpleNamespace(playing=False, signalling=False)
    monkeypatch.delenv(live.VARIABLE, raising=False)
    monkeypatch.setattr("streamlit_webrtc.webrtc_streamer", lambda **options: SimpleNamespace(state=state))
    return state


def test_a_video_that_plays_has_a_watcher(stream):
    page = AppTest.from_function(video_page).run()
    assert page.markdown[0].value == "does not play"
    assert "Take a picture with the camera or upload one instead." in page.caption[0].value
    stream.playing = True
    assert page.run().markdown[0].value == "plays"
    assert not page.caption


def test_what_the_video_throws_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr("streamlit_webrtc.webrtc_streamer", lambda **options: 1 / 0)
    page = AppTest.from_function(video_page).run()
    assert not page.exception
    assert "did not arrive" in page.warning[0].value


def test_the_page_waits_and_then_gives_up(stream):
    page = AppTest.from_function(video_page).run()
    assert not page.exception
    assert not page.warning
    attempt = page.session_state["demo_attempt"]
    attempt.follow(playing=False, signalling=True)
    assert "Connecting ..." in [caption.value for caption in page.run().caption]
    attempt.since -= live.PATIENCE + 1
    page.run()
    assert "did not arrive within 10 seconds" in page.warning[0].value
    assert page.button[0].label == "Take a picture"
