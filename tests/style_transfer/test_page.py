"""The page of style transfer, without a browser."""

from __future__ import annotations

from PIL import Image

from lib.tasks.style_transfer.input import OWN
from lib.tasks.style_transfer.painter import BLACK
from lib.ui.inputs.photo import Photo
from tests.apps import everything, open_page


def test_photo_is_painted_as_the_controls_say():
    app = open_page("style_transfer")
    text = everything(app)
    assert "of the way from the photo's style" in text
    assert "The neighbours of **Starry Night**" in text
    next(one for one in app.button_group if one.key == "style_transfer_style").set_value("Great Wave")
    app.select_slider(key="style_transfer_moment").set_value("untrained")
    app.selectbox(key="style_transfer_second").set_value("Udnie").run()
    assert not app.exception
    assert app.slider(key="style_transfer_share").value == 50
    text = everything(app)
    assert "The neighbours of **Great Wave**" in text
    assert "An untrained network has random parameters" in text
    # A picture of one's own as the style, and a black photo.
    app.session_state["style_transfer_style_picture"] = Image.new("L", (64, 64), 90).convert("RGB")
    app.session_state["style_transfer_source"] = "Upload"
    app.session_state["style_transfer_upload_kept"] = [Photo("photo.jpg", Image.new("RGB", (320, 240)))]
    app.run()
    next(one for one in app.button_group if one.key == "style_transfer_style").set_value(OWN).run()
    assert not app.exception
    assert f"The neighbours of **{OWN}**" in everything(app)
    assert any(one.value == BLACK for one in app.warning)
    # One that is too narrow leaves the rest of the page.
    app.session_state["style_transfer_upload_kept"] = [Photo("photo.jpg", Image.new("RGB", (1000, 9)))]
    app.run()
    assert not app.exception
    assert any("too narrow" in one.value for one in app.warning)
