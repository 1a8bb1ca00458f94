"""The pages of the digits."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from lib import bundles, catalogue
from tests import files
from tests.apps import button, everything, metrics, open_page

SLUGS = catalogue.slugs("digits")


@pytest.mark.parametrize("slug", SLUGS)
def test_empty_canvas_gets_an_invitation(slug):
    app = open_page(slug)
    assert "please draw a digit" in app.info[0].value
    assert not metrics(app, "The network reads")
    assert metrics(app, "About your digit") == ["–", "–", "–"]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("digit", ["0", "4", "9"])
def test_example_is_one_click_away(slug, digit):
    app = open_page(slug)
    button(app, digit).click().run()
    assert not app.exception
    assert metrics(app, "The network reads")[0] == digit
    assert metrics(app, "About your digit")[1] == digit


@pytest.mark.parametrize("slug", SLUGS)
def test_clear_brings_the_invitation_back(slug):
    app = open_page(slug)
    button(app, "4").click().run()
    button(app, "Clear").click().run()
    assert "please draw a digit" in app.info[0].value
    assert button(app, "Undo").disabled
    assert button(app, "Clear").disabled


def test_drawing_follows_to_the_next_page():
    app = open_page("digits_mlp")
    button(app, "4").click().run()
    app.switch_page("pages/digits_cnn.py").run()
    assert metrics(app, "The network reads")[0] == "4"


def test_sessions_do_not_share_a_drawing():
    one, other = open_page("digits_mlp"), open_page("digits_mlp")
    button(one, "4").click().run()
    other.run()
    assert not metrics(other, "The network reads")


def test_time_machine_asks_the_network_of_that_moment():
    app = open_page("digits_mlp")
    button(app, "7").click().run()
    slider = app.select_slider(key="digits_mlp_moment")
    assert slider.options[0] == "untrained"
    assert metrics(app, "The network reads (epoch")[0] == "7"
    slider.set_value("untrained").run()
    assert not app.exception
    assert len(metrics(app, "The network reads (untrained)")) == 1
    timeline = bundles.load("digits_mlp").arrays("timeline.npz")
    assert f"{float(timeline['val_accuracy'][0]):.1%} of the validation digits" in everything(app)


def test_feature_maps_of_every_convolution():
    app = open_page("digits_cnn")
    button(app, "8").click().run()
    layer = app.segmented_control(key="digits_cnn_layer") if hasattr(app, "segmented_control") else None
    control = layer or next(c for c in app.get("button_group") if c.key == "digits_cnn_layer")
    for name in bundles.load("digits_cnn").variant("good")["inside"]:
        if name.startswith("maps"):
            control.set_value(name).run()
            assert not app.exception


def upload(slug: str, picture: Image.Image):
    """The page with a picture in its uploader."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    app = open_page(slug)
    app.session_state[f"{slug}_file"] = ("photo.png", file.getvalue())
    next(c for c in app.get("button_group") if c.key == f"{slug}_source").set_value("Upload a photo").run()
    assert not app.exception
    return app


def test_several_digits_stand_in_a_row(examples):
    sheet = Image.new("L", (400, 240), 240)
    for left, digit in ((40, 4), (220, 9)):
        sheet.paste(20, (left, 50), Image.fromarray(examples[0][digit]).resize((140, 140)))
    app = upload("digits_cnn", sheet)
    assert metrics(app, "The network reads") == ["49"]
    assert metrics(app, "About your digits")[1] == "49"
    assert "2 digits" in everything(app)


def test_photo_of_a_sheet_shows_what_had_to_go():
    desk = Image.new("L", (420, 420), 60)
    desk.paste(files.seven(), (10, 10))
    app = upload("digits_cnn", desk)
    assert metrics(app, "The network reads") == ["7"]
    said = everything(app)
    assert "What the computer has to get rid of first" in said
    assert "I found a sheet of paper and cut it out." in said


def test_what_is_no_digit_is_called_strange_and_a_digit_is_not(examples):
    house = Image.new("L", (400, 400), 240)
    pen = ImageDraw.Draw(house)
    pen.rectangle((90, 190, 310, 350), outline=20, width=12)
    pen.line(((70, 200), (200, 60), (330, 200)), fill=20, width=12)
    pen.rectangle((170, 260, 230, 350), outline=20, width=12)
    assert any("nothing I know" in one.value for one in upload("digits_mlp", house).warning)
    four = Image.new("L", (240, 240), 240)
    four.paste(20, (50, 50), Image.fromarray(examples[0][4]).resize((140, 140)))
    assert not upload("digits_mlp", four).warning
