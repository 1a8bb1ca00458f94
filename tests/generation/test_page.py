"""The pages of the networks that draw, without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles
from lib.images import BlankInputError
from lib.tasks.generation.breed import children
from lib.tasks.generation.flow import noise, wish
from lib.tasks.generation.game import new_round, score
from lib.tasks.generation.generator import Generator
from lib.tasks.generation.input import article
from lib.tasks.generation.walk import STOPS, way
from tests.apps import button, everything, open_page
from tests.conftest import ROOT

SLUG = "generate_digits"


@pytest.fixture
def app() -> AppTest:
    """The page, which draws in two steps."""
    app = open_page(SLUG)
    app.slider(key=f"{SLUG}_steps").set_value(2)
    return app


def group(app: AppTest, key: str):
    return next(one for one in app.button_group if one.key == f"{SLUG}_{key}")


def go(app: AppTest, mode: str) -> None:
    group(app, "mode").set_value(mode).run()
    assert not app.exception


def drawn(app: AppTest, key: str = "drawn") -> np.ndarray:
    assert not app.exception
    return app.session_state[f"{SLUG}_{key}"]["pictures"]


def test_all_parts_are_there(app):
    titles = [one.value for one in app.subheader]
    for part in (
        "The loss, and why it says little",
        "Time machine",
        "How good? Three ways to draw",
        "Does it copy?",
        "Asked for one thing, drew another",
        "Few steps",
        "Strong guidance",
        "Each of its pictures, and the most similar of its training pictures",
        "Down to the whole, up to the details: a U-Net",
        "Where noise flows",
        "A plane of pictures",
    ):
        assert part in titles
    assert not app.error
    assert f"{SLUG}_drawn" not in app.session_state


def test_pictures_are_those_of_class_seed_and_settings(app):
    app.number_input(key=f"{SLUG}_seed").set_value(5)
    group(app, "label").set_value("7").run()
    button(app, "Draw").click().run()
    first = drawn(app)
    *_, last = Generator(bundles.load(SLUG)).draw([7] * 16, 5, 2)
    np.testing.assert_array_equal(first, last)
    # The same again, by somebody else.
    other = open_page(SLUG)
    other.slider(key=f"{SLUG}_steps").set_value(2)
    other.number_input(key=f"{SLUG}_seed").set_value(5)
    group(other, "label").set_value("7").run()
    button(other, "Draw").click().run()
    np.testing.assert_array_equal(drawn(other), first)


def test_another_class_draws_again_from_the_same_noise(app):
    button(app, "Draw").click().run()
    first, asked = drawn(app), app.session_state[f"{SLUG}_drawn"]["asked"]
    group(app, "label").set_value("0").run()
    now = app.session_state[f"{SLUG}_drawn"]["asked"]
    assert (now[0], now[1]) == (0, asked[1])
    assert (drawn(app) != first).any()
    assert "on its way to a 0" in everything(app)
    button(app, "New noise").click().run()
    assert app.session_state[f"{SLUG}_drawn"]["asked"][1] != asked[1]


def test_visitors_have_different_noise():
    assert len({open_page(SLUG).session_state[f"{SLUG}_seed"] for _ in range(3)}) == 3


def test_stopped_drawing_stays_and_is_not_drawn_on(app):
    button(app, "Draw").click().run()
    pictures = drawn(app)
    # As a click on *Stop* leaves the session.
    app.session_state[f"{SLUG}_drawn"]["step"] = 1
    button(app, "Stop").click().run()
    assert drawn(app) is pictures
    assert app.session_state[f"{SLUG}_drawn"]["step"] == 1


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_seed_that_cannot_be_gets_a_sentence(app, seed):
    app.number_input(key=f"{SLUG}_seed").set_value(seed)
    button(app, "Draw").click().run()
    assert not app.exception
    assert [one.value for one in app.warning] == ["The seed must be a whole number from 0 to 2147483647."]
    assert f"{SLUG}_drawn" not in app.session_state


def test_walk_goes_from_one_picture_to_another(app):
    go(app, "Walk")
    button(app, "Walk").click().run()
    assert drawn(app, "walked").shape == (STOPS, 28, 28)
    assert "5 parts 3 to 5 parts 8" in everything(app)
    app.select_slider(key=f"{SLUG}_place").set_value("100%").run()
    assert "0 parts 3 to 10 parts 8" in everything(app)


def test_ends_of_a_walk_are_its_pictures():
    starts, wishes = way(10, (3, 8), (1, 2))
    np.testing.assert_allclose(starts[[0, -1]], [noise(1, 1)[0], noise(2, 1)[0]], atol=1e-6)
    np.testing.assert_allclose(wishes[[0, -1]], np.concatenate([wish({3: 1.0}, 10), wish({8: 1.0}, 10)]))
    # As loud on the way as at the ends, also if both ends are the same.
    for seeds in ((1, 2), (1, 1)):
        assert all(0.9 < one.std() < 1.1 for one in way(10, (3, 8), seeds)[0])


def test_empty_half_gets_a_sentence(app):
    go(app, "Finish")
    button(app, "Finish it").click().run()
    assert not app.exception
    assert [one.value for one in app.warning] == ["The upper half is empty. Please draw something there first."]


def test_half_is_finished_as_it_is(app):
    from lib.tasks.generation.finish import upper_half

    go(app, "Finish")
    # The third example: the first two buttons of that name are none of the canvas' own.
    app.button(key=f"{SLUG}_half_example_2").click().run()
    button(app, "Finish it").click().run()
    pictures, half = drawn(app, "finished"), upper_half(app.session_state[f"canvas_{SLUG}_half"]["rgba"])
    assert pictures.shape == (8, 28, 28)
    np.testing.assert_array_equal(pictures[:, :14], np.broadcast_to(half[:14], (8, 14, 28)))
    assert len({picture.tobytes() for picture in pictures}) == 8


def test_ink_stays_where_it_is_drawn():
    from lib.tasks.generation.finish import upper_half

    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[20:60, 200:220, 3] = 255
    rgba[200:, :, 3] = 255
    half = upper_half(rgba)
    assert half[2:6, 20:22].min() == 255
    assert half.sum() == 8 * 255
    rgba[:140] = 0
    with pytest.raises(BlankInputError, match="upper half"):
        upper_half(rgba)


def test_children_come_from_the_parents(app):
    go(app, "Breed")
    button(app, "Start").click().run()
    first = drawn(app, "bred")
    button(app, "Make children").click().run()
    assert [one.value for one in app.warning] == ["Please pick one or more parents first."]
    assert drawn(app, "bred") is first
    for i in (2, 5):
        app.checkbox(key=f"{SLUG}_parent_1_{i}").check()
    before = app.session_state[f"{SLUG}_bred"]["wishes_of_all"]
    app.run()
    button(app, "Make children").click().run()
    state = app.session_state[f"{SLUG}_bred"]
    assert not app.exception
    assert state["generation"] == 2
    assert {row.tobytes() for row in state["wishes_of_all"]} <= {before[i].tobytes() for i in (2, 5)}
    assert not any(box.value for box in app.checkbox)
    button(app, "Start over").click().run()
    assert app.session_state[f"{SLUG}_bred"]["generation"] == 1


def test_child_is_like_its_parent_but_not_the_same():
    starts, wishes = noise(1, 16), np.eye(11, dtype=np.float32)[np.arange(16) % 10]
    mixed, asked = children(starts, wishes, [4], seed=2)
    assert mixed.shape == starts.shape
    assert (asked == wishes[4]).all()
    likeness = [np.corrcoef(starts[4].ravel(), child.ravel())[0, 1] for child in mixed]
    assert all(0.8 < one < 0.99 for one in likeness)
    assert 0.9 < mixed.std() < 1.1


def test_game_counts_what_was_judged_correctly(app):
    go(app, "Real or drawn?")
    state = app.session_state[f"{SLUG}_guessing"]
    assert state["round"]["drawn"].sum() == 10
    fakes = np.flatnonzero(state["round"]["drawn"]).tolist()
    for i in fakes[:8]:
        app.checkbox(key=f"{SLUG}_guess_0_{i}").check()
    button(app, "Check").click().run()
    assert not app.exception
    assert "You: **18 of 20**" in everything(app)
    button(app, "Next round").click().run()
    button(app, "Check").click().run()
    # Whoever picks nothing takes all for real.
    assert "You: **10 of 20**" in everything(app)
    assert "After 2 rounds: best **18**, mean **14.0**" in everything(app)


def test_round_has_ten_of_each():
    bundle = bundles.load(SLUG)
    one = new_round(bundle, 1)
    assert one["pictures"].shape == (20, 28, 28)
    real = {image.tobytes() for image in bundle.evaluation["game_real"]}
    assert [image.tobytes() in real for image in one["pictures"]] == (~one["drawn"]).tolist()
    assert score(one["drawn"], np.flatnonzero(one["drawn"]).tolist()) == 20
    assert score(one["drawn"], np.flatnonzero(~one["drawn"]).tolist()) == 0


def test_time_machine_names_the_moment(app):
    slider = app.select_slider(key=f"{SLUG}_moment")
    slider.set_value("untrained").run()
    assert not app.exception
    assert "**Untrained.**" in everything(app)


def test_articles():
    assert [article(name) for name in ("3", "8", "ankle boot", "bag")] == ["a 3", "an 8", "an ankle boot", "a bag"]


def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slug: str) -> Path:
    """The bundle's folder of an experiment, a copy of the digits' that a test may change; the others are as they were."""
    models = tmp_path / "models"
    models.mkdir()
    for folder in bundles.models_dir().iterdir():
        if folder.name != slug:
            (models / folder.name).symlink_to(folder)
    shutil.copytree(ROOT / "models" / SLUG, models / slug)
    monkeypatch.setenv("ML_MODELS_DIR", str(models))
    return models / slug


def test_clothes_are_spoken_of_as_garments():
    app = open_page("generate_clothes")
    assert [one.value for one in app.error] == []
    text = everything(app)
    assert "garment" in text
    assert "digit " not in text


@pytest.mark.parametrize("name", ["good.tflite", "evaluation.npz", "settings.csv"])
def test_damaged_file_gets_a_sentence(tmp_path, monkeypatch, name):
    (copied(tmp_path, monkeypatch, SLUG) / name).write_bytes(b"nonsense")
    app = open_page(SLUG)
    if name == "good.tflite":
        button(app, "Draw").click().run()
    assert not app.exception
    assert app.error
    assert all(name in one.value for one in app.error)
    assert app.header[-1].value == "Make it yourself"
