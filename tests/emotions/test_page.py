"""The page of the emotions, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles
from lib.tasks.emotions import reader
from lib.tasks.emotions.where_it_fails import mixed_up
from lib.ui.inputs.photo import Photo
from tests.apps import everything, metrics, open_page
from tests.emotions.people import astronaut, at_the_edge, black, forty


def given(picture) -> AppTest:
    """The page of someone who has uploaded a picture."""
    app = open_page("emotions")
    app.session_state["emotions_source"] = "Upload"
    app.session_state["emotions_upload_kept"] = [Photo("photo.jpg", picture)]
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> list[str]:
    return metrics(app, "The network's guess")


def test_drawn_face_is_moved_by_sliders():
    app = open_page("emotions")
    app.slider(key="emotions_smile").set_value(1.0)
    app.slider(key="emotions_mouth").set_value(0.5).run()
    assert said(app) == ["happy"]
    # All three networks are asked about it.
    assert everything(app).count("I see **") == 3
    next(one for one in app.button_group if one.key == "emotions_example").set_value("surprise").run()
    assert not app.exception
    assert app.slider(key="emotions_smile").value == 0
    assert said(app) == ["surprise"]


def test_photo_is_read():
    app = given(astronaut())
    assert said(app) == ["happy"]
    assert not app.warning or reader.NO_FACE not in app.warning[0].value


def test_one_of_many_faces_is_chosen():
    app = given(forty())
    assert "**40 faces.**" in everything(app)
    app.number_input(key="emotions_which").set_value(40).run()
    assert not app.exception
    assert len(said(app)) == 1


@pytest.mark.parametrize(
    ("picture", "words"), [(black(), reader.BLACK), (at_the_edge(), reader.AT_THE_EDGE)], ids=["black", "edge"]
)
def test_bad_picture_gets_one_sentence(picture, words):
    app = given(picture)
    assert [one.value for one in app.warning if "Do not use it on people" not in one.value] == [words]


def test_figures_on_the_page_are_those_of_the_bundle():
    bundle = bundles.load("emotions")
    text = everything(open_page("emotions"))
    test, facts = bundle.variant("good")["test"], bundle.facts
    assert f"**{test['accuracy']:.1%}**" in text
    removed = facts["cleaning"]["before"] - facts["cleaning"]["after"]
    assert f"**{removed:,}**" in text
    assert "Do not use it to judge people" in text
    assert "BlazeFace" in text


def test_network_is_small_and_good_enough():
    bundle = bundles.load("emotions")
    good = bundle.variant("good")
    assert good["parameters"] <= 2_000_000
    assert good["test"]["accuracy"] >= 0.67
    assert good["test"]["calibration_error"] <= 0.05
    assert bundle.facts["counts"][1] <= 436
    pairs = {frozenset(bundle.classes[i] for i in pair) for pair in mixed_up(bundle.evaluation["confusion_good"])}
    assert frozenset(("fear", "sad")) in pairs
