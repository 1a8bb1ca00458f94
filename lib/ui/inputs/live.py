"""Live video from the person's camera, and what to do where it does not work.

The video comes by WebRTC: straight from the browser to the server, both of which must find a way to each other. On one
machine, and mostly within one network, they do so by themselves. Elsewhere a TURN server has to pass the video on
(see docs/deploy.md). The browser keeps the camera from pages that were not loaded by HTTPS or from this very machine.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from lib.ui.header import fragment
from lib.ui.inputs.newest_frame import Seen, Watcher

if TYPE_CHECKING:
    import av

__all__ = ["Seen", "Watcher", "live_video", "video_troubled"]

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a connection that has not come up is given up."""
VARIABLE = "ML_ICE_SERVERS"
"""Environment variable with the servers as JSON, ``[{"urls": ..., "username": ..., "credential": ...}]``."""
SECRET = "ice_servers"
"""Name of the list of tables in Streamlit's secrets with the same keys."""
INSTEAD = "Take a picture with the camera or upload one instead."

_LOG = logging.getLogger(__name__)

# A browser that was refused the camera does not tell the server. This asks it, and listens for a change of mind.
_CAMERA = st.components.v2.component(
    "interactive_ml_experiments_camera",
    html="<span></span>",
    js="""
    export default function ({ parentElement, setStateValue }) {
      const root = parentElement;
      const tell = trouble => {
        if ((root.trouble ?? "") === trouble) return;
        root.trouble = trouble;
        setStateValue("trouble", trouble);
      };
      const look = async () => {
        if (!navigator.mediaDevices?.getUserMedia) return tell("insecure");
        const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
        if (devices && !devices.some(device => device.kind === "videoinput")) return tell("absent");
        tell(root.permission?.state === "denied" ? "denied" : "");
      };
      const asked = navigator.permissions?.query({ name: "camera" }) ?? Promise.reject();
      asked.then(permission => {
        root.permission = permission;
        permission.addEventListener("change", look);
      }).catch(() => {}).finally(look);
      navigator.mediaDevices?.addEventListener("devicechange", look);
      return () => {
        root.permission?.removeEventListener("change", look);
        navigator.mediaDevices?.removeEventListener("devicechange", look);
      };
    }
    """,
)

_TROUBLES = {
    "insecure": "The browser allows the camera only on pages with HTTPS or on its own machine.",
    "absent": "This browser finds no camera.",
    "denied": "The camera is blocked for this page. Click the sign beside the address to allow it.",
    "unreachable": "Live video needs a TURN server here, and there is none yet (docs/deploy.md says how to add one).",
    "unconnected": f"The video did not arrive within {PATIENCE:.0f} seconds. Perhaps a firewall stops it.",
}


@dataclass
class _Attempt:
    """How the connection of a page's video stands.

    Attributes:
        since: when it was begun, by `time.monotonic`; None while none is being made.
        failed: whether the last one came to nothing.
    """

    since: float | None = None
    failed: bool = False

    def follow(self, playing: bool, signalling: bool) -> None:
        """Note a change of the stream's state."""
        if playing:
            self.since, self.failed = None, False
        elif signalling:
            self.since, self.failed = time.monotonic(), False
        elif self.since is not None:
            self.since, self.failed = None, True

    def late(self) -> bool:
        """Whether the connection should have been there by now."""
        return self.since is not None and time.monotonic() - self.since > PATIENCE


def live_video(
    page: str,
    work: Callable[[np.ndarray], T],
    draw: Callable[[np.ndarray, T], np.ndarray] | None = None,
    instead: Mapping[str, Callable[[], None]] | None = None,
) -> Watcher[T] | None:
    """Show live video from the camera, or a sentence about why there is none.

    To be called in the page's main script: in a fragment its connection could not be made. What was seen is best shown by
    a fragment beside it with ``run_every``, which asks the watcher. Other than the two functions, which run in threads
    of their own and must not call Streamlit, nothing has to wait for a frame.

    Args:
        page: slug of the page, for the keys.
        work: from a picture, uint8 (height, width, 3) RGB, to a result; runs on the newest one, the others are dropped.
        draw: from a picture and the newest result to the picture to show, for each one; None shows the pictures as they are.
        instead: labels of buttons that are offered where there is no video, and what they do, which is called like a
            callback: most pages have other ways to give a picture.

    Returns:
        What looks at the pictures while the video plays, else None.
    """
    st.session_state[f"{page}_troubled"] = False
    try:
        servers = ice_servers()
    except ValueError as error:
        st.error(str(error), icon=":material/build:")
        st.session_state[f"{page}_troubled"] = True
        return None
    shown = st.container()
    # Below, since even what shows nothing takes a line.
    state = _CAMERA(key=f"{page}_live_camera", on_trouble_change=lambda: None, height=1)
    trouble = getattr(state, "trouble", None) or ("" if servers or _near(st.context.url) else "unreachable")
    with shown:
        if trouble:
            _tell(page, trouble, instead)
            return None
        watcher: Watcher[T] = _watcher(page, work, draw)
        attempt: _Attempt = st.session_state.setdefault(f"{page}_attempt", _Attempt())
        playing = _stream(page, watcher, attempt, servers)
        if attempt.late() or attempt.failed:
            _tell(page, "unconnected", instead)
        elif attempt.since is not None:
            _wait(page)
        elif not playing:
            # Not every browser tells that it was refused the camera.
            st.caption(f"The camera does not start? {INSTEAD}")
    return watcher if playing else None


def video_troubled(page: str) -> bool:
    """Whether `live_video` has just told the person of this page why there is no video, and what to do instead."""
    return bool(st.session_state.get(f"{page}_troubled"))


def ice_servers() -> list[dict[str, Any]]:
    """STUN and TURN servers: the secret `SECRET`, else the environment variable `VARIABLE`, else none.

    Returns:
        Tables with ``urls``, and ``username`` and ``credential`` where they are needed.

    Raises:
        ValueError: what was found is no such list; the message says what it should be.
    """
    name, given = f"The secret {SECRET}", None  # type: tuple[str, Any]
    # That there are no secrets at all is the rule.
    with contextlib.suppress(StreamlitSecretNotFoundError):
        given = st.secrets.get(SECRET)
    if given is None:
        name, text = f"The environment variable {VARIABLE}", os.environ.get(VARIABLE, "").strip()
        try:
            given = json.loads(text) if text else []
        except ValueError:
            given = text
    well_formed = isinstance(given, (list, tuple)) and all(
        isinstance(server, Mapping) and isinstance(server.get("urls"), (str, list, tuple)) for server in given
    )
    if not well_formed:
        raise ValueError(f"{name} must be a list of servers, each with `urls`. See docs/deploy.md.")
    return [dict(server) for server in given]


def _near(url: str | None) -> bool:
    """Whether browser and server may find each other by themselves: on one machine or in one network."""
    host = urlsplit(url or "").hostname or "localhost"
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa"))


def _watcher(
    page: str, work: Callable[[np.ndarray], T], draw: Callable[[np.ndarray, T], np.ndarray] | None
) -> Watcher[T]:
    """The session's watcher for a page, from now on with this work."""
    watcher: Watcher[T] = st.session_state.setdefault(f"{page}_watcher", Watcher(work, draw))
    watcher.work, watcher.draw = work, draw
    return watcher


def _stream(page: str, watcher: Watcher[T], attempt: _Attempt, servers: list[dict[str, Any]]) -> bool:
    """The video itself; whether it plays."""
    # Imported where it is needed: it brings video codecs, which no other page has use for.
    from av import VideoFrame
    from streamlit_webrtc import WebRtcMode, webrtc_streamer

    key = f"{page}_video"

    def callback(frame: av.VideoFrame) -> av.VideoFrame:
        picture = frame.to_ndarray(format="rgb24")
        watcher.offer(picture)
        shown = watcher.drawn(picture)
        return frame if shown is picture else VideoFrame.from_ndarray(shown, format="rgb24")

    def follow() -> None:
        state = st.session_state[key].state
        attempt.follow(state.playing, state.signalling)

    try:
        context = webrtc_streamer(
            key=key,
            mode=WebRtcMode.SENDRECV,
            rtc_configuration={"iceServers": servers},
            media_stream_constraints={
                "video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 15, "max": 20}},
                "audio": False,
            },
            sendback_audio=False,
            video_frame_callback=callback,
            on_video_ended=watcher.stop,
            video_html_attrs={
                "autoPlay": True,
                "controls": False,
                "muted": True,
                "playsInline": True,
                "style": {"width": "100%"},
            },
            translations={"start": "Start the camera", "stop": "Stop", "select_device": "Choose the camera"},
            media_toggle_controls=False,
            on_change=follow,
        )
    except Exception as error:
        # Servers that do not answer or whose names are not known; what Streamlit itself throws to stop a run is no `Exception`.
        _LOG.warning("The video of %s could not be set up: %r", page, error)
        attempt.since, attempt.failed = None, True
        return False
    if context.state.playing:
        attempt.follow(playing=True, signalling=False)
    return context.state.playing


@partial(fragment, run_every=1.0)
def _wait(page: str) -> None:
    """Look every second whether the connection takes too long, and show the page anew if so."""
    attempt: _Attempt = st.session_state[f"{page}_attempt"]
    if attempt.late() or attempt.failed:
        st.rerun()
    st.caption("Connecting ...")


def _tell(page: str, trouble: str, instead: Mapping[str, Callable[[], None]] | None) -> None:
    """Why there is no video, and what to do instead."""
    st.session_state[f"{page}_troubled"] = True
    st.warning(f"{_TROUBLES[trouble]} {INSTEAD}", icon=":material/videocam_off:")
    if instead:
        with st.container(horizontal=True, key=f"{page}_instead"):
            for label, choose in instead.items():
                st.button(label, key=f"{page}_instead_{label}", on_click=choose)
