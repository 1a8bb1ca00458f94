"""Ways to give a photo: pick an example, upload some, take one with the camera.

What was given stays in the session's memory, so that it is still there when the person comes back from another page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from lib import photos
from lib.images import ENDINGS, InputError
from lib.ui.sentences import plain

EXAMPLE, UPLOAD, CAMERA = "Example", "Upload", "Camera"
MOST_PHOTOS = 12
"""Photos that one session may have in the uploader of a page, which bounds its memory."""
RESOLUTION: Final = "480p"
"""Asked of the camera, more than any network here looks at.

Without it the browser asks for the widget's width, and anew whenever that changes; a photo taken meanwhile is lost.
"""

_ICONS = {EXAMPLE: ":material/photo_library:", UPLOAD: ":material/upload:", CAMERA: ":material/photo_camera:"}


@dataclass(frozen=True)
class Photo:
    """A photo of the person's.

    Attributes:
        name: of the file, or of the example.
        image: RGB; None when it could not be read.
        message: why it could not, or None.
        credit: who made it, where it is an example.
    """

    name: str
    image: Image.Image | None = None
    message: str | None = None
    credit: str | None = None


@dataclass(frozen=True)
class GivenPhotos:
    """What a person gave.

    Attributes:
        photos: all of them, in their order.
        chosen: the one to look at closely; None when there is nothing yet.
        message: what to do when there is nothing to look at, or None.
        invited: True when nothing was given, so that the message is an invitation and not a complaint.
    """

    photos: Sequence[Photo] = ()
    chosen: Photo | None = None
    message: str | None = None
    invited: bool = False

    @property
    def image(self) -> Image.Image | None:
        return self.chosen.image if self.chosen else None


def photo_input(
    page: str,
    examples: Sequence[photos.Example] = photos.EXAMPLES,
    ways: Sequence[str] = (EXAMPLE, UPLOAD, CAMERA),
    several: bool = True,
) -> GivenPhotos:
    """Show the ways to give a photo, and return what was given.

    Args:
        page: slug of the page, for the widgets' keys.
        examples: what to pick from.
        ways: which of the ways to offer, the first one chosen.
        several: whether more than one photo may be uploaded.
    """
    return given_photos(page, photo_way(page, ways) or ways[0], examples, several)


def photo_way(page: str, ways: Sequence[str], icons: dict[str, str] | None = None) -> str | None:
    """Let the person choose how to give a photo; one of `ways`, the first one unless another was chosen before.

    Args:
        page: slug of the page, for the widget's key.
        ways: what to offer.
        icons: for ways of the page's own.
    """
    icons, state = _ICONS | (icons or {}), st.session_state
    # Streamlit forgets what a widget said as soon as another page is shown.
    state.setdefault(f"{page}_source", state.get(f"{page}_source_kept", ways[0]))
    way = st.segmented_control(
        "How to give a photo",
        ways,
        required=True,
        key=f"{page}_source",
        format_func=lambda way: f"{icons[way]} {way}",
        label_visibility="collapsed",
    )
    if way != CAMERA:
        # Whoever comes back has not asked for the camera, which the browser would switch on.
        state[f"{page}_source_kept"] = way
    return way


def switch_to(page: str, way: str) -> None:
    """Choose a way in the person's place; to be called like a callback."""
    st.session_state[f"{page}_source"] = way


def instead_of_video(page: str) -> dict[str, Callable[[], None]]:
    """What a page that has a camera and an upload offers where live video does not work; see `lib.ui.inputs.live.live_video`."""
    return {
        ":material/photo_camera: Take a picture": partial(switch_to, page, CAMERA),
        ":material/upload: Upload a photo": partial(switch_to, page, UPLOAD),
    }


def given_photos(
    page: str, way: str, examples: Sequence[photos.Example] = photos.EXAMPLES, several: bool = True
) -> GivenPhotos:
    """Show one of the ways to give a photo, and return what was given; see `photo_input`."""
    if way == EXAMPLE:
        return _picked(page, examples)
    if way == CAMERA:
        return _taken(page)
    return _uploaded(page, several)


def show_message(given: GivenPhotos, place: DeltaGenerator | None = None) -> None:
    """Say why there is nothing to look at, as an invitation or as a complaint."""
    if given.message:
        show, icon = (
            ((place or st).info, ":material/add_a_photo:")
            if given.invited
            else ((place or st).warning, ":material/warning:")
        )
        show(given.message, icon=icon)


def show_credit(given: GivenPhotos) -> None:
    """Whose photo it is. Not as a caption, in which links are too pale to be read."""
    if given.chosen and given.chosen.credit:
        st.markdown(f":small[{given.chosen.credit}]")


def _picked(page: str, examples: Sequence[photos.Example]) -> GivenPhotos:
    names = [one.name for one in examples]
    name = st.pills(
        "Example",
        names,
        default=names[0],
        required=True,
        wrap=True,
        key=f"{page}_example",
        label_visibility="collapsed",
    )
    one = next(one for one in examples if one.name == (name or names[0]))
    chosen = Photo(one.name, _example(one), credit=f"Photo: [{one.credit}]({one.url})")
    return GivenPhotos([chosen], chosen)


@st.cache_resource(show_spinner=False, max_entries=2 * len(photos.EXAMPLES))
def _example(one: photos.Example) -> Image.Image:
    """An example, decoded once for all sessions, none of which changes it."""
    return one.open()


def _taken(page: str) -> GivenPhotos:
    st.camera_input(
        "Take a photo",
        key=f"{page}_camera",
        resolution=RESOLUTION,
        help="The photo stays in this session's memory and is never stored.",
        on_change=_keep,
        args=(page, "camera"),
        label_visibility="collapsed",
    )
    return _kept(page, "camera", "Allow the camera and press *Take Photo*. The photo stays in this session's memory.")


def _uploaded(page: str, several: bool) -> GivenPhotos:
    st.file_uploader(
        "Photos" if several else "A photo",
        type=list(ENDINGS),
        accept_multiple_files=several,
        key=f"{page}_upload",
        help="Photos stay in this session's memory and are never stored.",
        on_change=_keep,
        args=(page, "upload"),
        label_visibility="collapsed",
    )
    what = "Drop photos here, or browse for them" if several else "Drop a photo here, or browse for one"
    return _kept(page, "upload", f"{what}. They stay in this session's memory." if several else f"{what}.")


def _keep(page: str, way: str) -> None:
    """Decode what was given, once, and keep it while its widget is off the screen, which forgets it."""
    files = st.session_state.get(f"{page}_{way}") or []
    files = files if isinstance(files, list) else [files]
    st.session_state[f"{page}_{way}_kept"] = [_read(file) for file in files[:MOST_PHOTOS]]
    st.session_state[f"{page}_{way}_left_out"] = max(0, len(files) - MOST_PHOTOS)


def _read(file) -> Photo:  # type: ignore[no-untyped-def]  # Streamlit's class of uploaded files is its own.
    try:
        return Photo(file.name, photos.read_photo(file.getvalue()))
    except InputError as error:
        return Photo(file.name, message=str(error))


def _kept(page: str, way: str, invitation: str) -> GivenPhotos:
    kept: list[Photo] = st.session_state.get(f"{page}_{way}_kept") or []
    if not kept:
        return GivenPhotos(message=invitation, invited=True)
    if not st.session_state.get(f"{page}_{way}"):
        # Back from elsewhere the widget is empty, and has no cross beside what was given.
        st.button(
            "Forget these photos" if len(kept) > 1 else "Forget this photo",
            icon=":material/delete:",
            key=f"{page}_{way}_forget",
            on_click=_keep,
            args=(page, way),
        )
    left_out = st.session_state.get(f"{page}_{way}_left_out", 0)
    if left_out:
        st.caption(f"The network looks at the first {MOST_PHOTOS} photos. We left out {left_out}.")
    chosen = kept[0]
    if len(kept) > 1:
        index = st.pills(
            "Which photo",
            range(len(kept)),
            default=0,
            required=True,
            wrap=True,
            key=f"{page}_{way}_which",
            format_func=lambda i: plain(kept[i].name) if i < len(kept) else "",
            label_visibility="collapsed",
        )
        chosen = kept[index if index is not None and index < len(kept) else 0]
    message = f"{plain(chosen.name)}: {chosen.message}" if chosen.message else None
    return GivenPhotos(kept, chosen, message)
