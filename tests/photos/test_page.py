"""The page on image classification, without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, photos
from lib.tasks.photos import few_shot
from tests.apps import button, everything, metrics, open_page

SLUG = "image_classification"


def teaching() -> AppTest:
    """The page, on its part for teaching."""
    app = open_page(SLUG)
    app.session_state[f"{SLUG}_task"] = "Teach it your own classes"
    app.run()
    assert not app.exception
    return app


def test_an_example_is_recognised_without_a_click():
    app = open_page(SLUG)
    assert metrics(app, "It sees") == ["Egyptian cat"]
    text = everything(app)
    assert "Photo: " in text
    assert "Another square, another answer?" in text


def test_changes_move_the_probability_and_can_be_undone():
    app = open_page(SLUG)
    before = metrics(app, "Still")[0]
    app.slider(key=f"{SLUG}_blur").set_value(10.0).run()
    assert not app.exception
    assert metrics(app, "Still")[0] != before
    button(app, "Undo all changes").click().run()
    assert app.slider(key=f"{SLUG}_blur").value == 0
    assert metrics(app, "Still")[0] == before


@pytest.mark.parametrize("way", ["squeeze", "pad"])
def test_the_square_can_be_made_in_other_ways(way):
    app = open_page(SLUG)
    app.radio(key=f"{SLUG}_way").set_value(way).run()
    assert not app.exception
    assert metrics(app, "It sees")
    assert "cut the middle out" in everything(app)


def test_the_page_says_that_the_network_was_not_trained_here():
    text = everything(open_page(SLUG))
    test = bundles.load(SLUG).variant("good")["test"]
    assert "**Not here.**" in text
    assert f"**{test['accuracy']:.1%}**" in text
    assert f"**{test['top_5_accuracy']:.1%}**" in text
    assert "probably trained it on these photos" in text


def test_classes_are_taught_and_answer():
    app = teaching()
    button(app, "Train").click().run()
    assert any("at least two photos" in warning.value for warning in app.warning)
    button(app, "No photos? Take pieces of three examples").click().run()
    assert "6 photos" in everything(app)
    button(app, "Train").click().run()
    assert not app.exception
    assert "leave-one-out" in everything(app)
    lesson = app.session_state[f"{SLUG}_lesson"]
    assert lesson.head.classes == ("cat", "espresso", "panda")
    assert lesson.moments["step"].max() == few_shot.STEPS
    app.session_state[f"{SLUG}_ask_source"] = "Example"
    app.run()
    assert metrics(app, "Your network says") == ["cat"]


def test_names_must_differ():
    app = teaching()
    button(app, "No photos? Take pieces of three examples").click().run()
    app.text_input[1].set_value("cat").run()
    button(app, "Train").click().run()
    assert any("same name" in warning.value for warning in app.warning)
    assert app.session_state[f"{SLUG}_lesson"].head is None


def test_a_class_can_be_added_and_removed_and_all_forgotten():
    app = teaching()
    for _ in range(3):
        button(app, "Add a class").click().run()
    assert len(app.text_input) == 5
    assert button(app, "Add a class").disabled
    button(app, "Remove the last").click().run()
    assert len(app.text_input) == 4
    button(app, "Start over").click().run()
    assert len(app.text_input) == 2


def test_the_camera_is_asked_for_only_when_its_place_is_opened():
    app = teaching()
    # A browser switches the camera on as soon as it is on the page, folded away or not.
    assert not app.get("camera_input")
    app.session_state[f"{SLUG}_taking"] = True
    assert app.run().get("camera_input")


def test_starting_over_forgets_what_was_learnt_and_late_files_of_old_classes():
    app = teaching()
    button(app, "No photos? Take pieces of three examples").click().run()
    button(app, "Train").click().run()
    assert "leave-one-out" in everything(app)
    button(app, "Start over").click().run()
    assert not app.exception
    assert "leave-one-out" not in everything(app)
    assert any("Bring back a head" in expander.label for expander in app.get("expander"))
    lesson = app.session_state[f"{SLUG}_lesson"]
    # What a widget of the third class tells when it goes away.
    script = f"""
import streamlit as st
from lib.tasks.photos import teaching
lesson = st.session_state.setdefault("{SLUG}_lesson", teaching._Lesson(turn={lesson.turn}))
teaching._add_files("{SLUG}", 2, "{SLUG}_teach_{lesson.turn - 1}_files_2_6")
st.markdown(str(sum(len(taught.features) for taught in lesson.classes)))
"""
    late = AppTest.from_string(script).run()
    assert not late.exception
    assert late.markdown[0].value == "0"


def test_what_is_left_in_the_uploader_can_be_forgotten():
    app = open_page(SLUG)
    # Its components can only be declared once an app has been started.
    from lib.ui.inputs.photo import Photo

    app.session_state[f"{SLUG}_upload_kept"] = [Photo("a*b.jpg", photos.example("macaw").open())]
    app.session_state[f"{SLUG}_source"] = "Upload"
    app.run()
    assert metrics(app, "It sees") == ["macaw"]
    button(app, "Forget this photo").click().run()
    assert not app.exception
    assert not metrics(app, "It sees")
    assert "They stay in this session's memory" in everything(app)


def test_sessions_do_not_share_what_they_teach():
    one, other = teaching(), teaching()
    button(one, "No photos? Take pieces of three examples").click().run()
    other.run()
    assert not any(len(taught.features) for taught in other.session_state[f"{SLUG}_lesson"].classes)
    assert all(np.isfinite(f).all() for taught in one.session_state[f"{SLUG}_lesson"].classes for f in taught.features)
