"""A canvas to draw on with mouse, finger or pen, that keeps its drawing between pages."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import math

import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from lib.pictures import CANVAS_SIDE, PNG, as_drawn
from lib.ui import session

# The canvas waits 200 ms after pen-up in case another stroke follows, which is most of the time that a person waits for
# the answer. Its toolbar has a button that sends at once: this presses it, after the canvas' own handlers
# have run. Should the button be gone one day, the drawing still arrives, 200 ms later. The browser's tab also keeps the
# drawing, and gives it back when the page is loaded anew.
_BESIDE = st.components.v2.component(
    "interactive_ml_experiments_canvas",
    js="""
    export default function ({ data, setTriggerValue }) {
      const place = `drawing_${data.name}`;
      if (data.drawing) sessionStorage.setItem(place, data.drawing);
      else if (data.drawing === "") {
        const kept = sessionStorage.getItem(place);
        if (kept) setTriggerValue("kept", kept);
      }
      if (window.sendsDrawingsAtOnce) return;
      window.sendsDrawingsAtOnce = true;
      const send = (event) => {
        const path = event.composedPath();
        if (!(path[0] instanceof HTMLCanvasElement)) return;
        const root = path.find((node) => node instanceof ShadowRoot);
        const button = root && root.querySelector('button[aria-label^="Update the app"]');
        if (button) setTimeout(() => button.click());
      };
      for (const kind of ["mouseup", "touchend"]) document.addEventListener(kind, send, true);
    }
    """,
)


_MOST = 2_000_000
"""Characters of a drawing's file that are read at most."""


def _well_formed(objects: object) -> bool:
    """Whether something is a drawing. It comes from the browser, where anything could have been put into its place."""

    def stroke_or_picture(one: object) -> bool:
        match one:
            case {"type": "Path", "path": [*commands]}:
                return all(isinstance(command, list) and all(map(number, command[1:])) for command in commands)
            case {"type": "Image", "src": str(source)}:
                return source.startswith(PNG) and len(source) <= _MOST
        return False

    def number(value: object) -> bool:
        return isinstance(value, (int, float)) and math.isfinite(value)

    return isinstance(objects, list) and bool(objects) and all(map(stroke_or_picture, objects))


class Canvas:
    """A drawing canvas with undo, clear, a pen of any width, and pictures that can be put on it.

    The drawing belongs to the session: all canvases of one `name` show the same one, on every page.

    Args:
        name: of the drawing.
        kept: whether it comes back when the page is loaded anew.
    """

    def __init__(self, name: str, kept: bool = True) -> None:
        self._name, self._kept = f"canvas_{name}", kept
        # What the canvas was last told to show, what was last drawn on it, and on which visit it came onto the screen.
        self._state = st.session_state.setdefault(
            self._name,
            {
                "shown": None,
                "objects": [],
                "rgba": None,
                "turn": 0,
                "seen": None,
                "stale": None,
                "visit": None,
                "mount": 0,
            },
        )

    @property
    def ink(self) -> str:
        """Colour of the pen, which stands off from the theme's background."""
        return "#FFFFFF" if st.context.theme.type == "dark" else "#1B1F24"

    def _show(self, objects: list[dict]) -> None:
        # The number makes each order differ from the last one, so that the same drawing can be shown again.
        self._state["turn"] += 1
        self._state["shown"] = {"objects": objects, "turn": self._state["turn"]}
        self._state["objects"] = objects
        # Until the browser has followed, the widget still returns what it showed before.
        self._state["stale"] = self._state["seen"]
        if not objects:
            self._state["rgba"] = None

    def undo(self) -> None:
        """Take back the last stroke."""
        self._show(self._state["objects"][:-1])

    def clear(self) -> None:
        """Empty the canvas."""
        self._show([])

    def put(self, picture: Image.Image) -> None:
        """Replace the drawing by a picture (RGBA), centred; one can draw on it."""
        one = as_drawn(picture)
        self._show([one])
        sheet = Image.new("RGBA", (CANVAS_SIDE, CANVAS_SIDE))
        sheet.paste(picture, (one["left"], one["top"]))
        self._state["rgba"] = np.asarray(sheet)

    def take(self, given: object) -> None:
        """Take over what was drawn in the visitor's browser.

        Args:
            given: ``objects``, see there, and ``file``, the URL of a PNG file with the drawing; what is neither is ignored.
        """
        # Whatever Pillow raises about a file that is none.
        with contextlib.suppress(ValueError, OSError, SyntaxError):
            match given:
                case {"objects": [], "file": _}:
                    self._show([])
                case {"objects": objects, "file": str(file)} if _well_formed(objects) and len(file) <= _MOST:
                    with Image.open(io.BytesIO(base64.b64decode(file.removeprefix(PNG)))) as picture:
                        if picture.size == (CANVAS_SIDE, CANVAS_SIDE):
                            rgba = np.asarray(picture.convert("RGBA"))
                            self._show(objects)
                            self._state["rgba"] = rgba

    @property
    def objects(self) -> list[dict]:
        """What is drawn, in the order in which it was, as the canvas describes it."""
        return self._state["objects"]

    @property
    def rgba(self) -> np.ndarray | None:
        """What is drawn, as `draw` returned it last."""
        return self._state["rgba"]

    def draw(self, pen: int, background: Image.Image | None = None, colour: str | None = None) -> np.ndarray | None:
        """Show the canvas.

        Args:
            pen: width of the strokes, in pixels.
            background: a square picture to draw over, which does not count as drawn.
            colour: of the strokes; that of the ink if not given.

        Returns:
            uint8 (280, 280, 4), transparent where nothing is drawn, or None before the first stroke.
        """
        visit = session.visit()
        if self._state["visit"] != visit:
            # A new widget starts with what was drawn before. Its key is new, too: under an old one, Streamlit would
            # hand it the state in which it left the screen, or none.
            self._state["visit"] = visit
            self._state["mount"] += 1
            if self._state["objects"]:
                self._show(self._state["objects"])
        result = st_canvas(
            stroke_width=pen,
            stroke_color=colour or self.ink,
            background_color="",
            background_image=background,
            width=CANVAS_SIDE,
            height=CANVAS_SIDE,
            initial_drawing=self._state["shown"],
            return_image_data=True,
            key=f"{self._name}_{self._state['mount']}",
        )
        rgba = result.image_data
        if rgba is not None and result.json_data is not None:
            objects = result.json_data.get("objects", [])
            self._state["seen"] = (len(objects), hash(rgba.tobytes()))
            if self._state["seen"] != self._state["stale"]:
                self._state["stale"] = None
                self._state["objects"] = objects
                self._state["rgba"] = rgba if objects else None
        self._beside()
        return self._state["rgba"]

    def _beside(self) -> None:
        """What helps the canvas in the browser, and keeps the drawing there."""
        drawing = None
        if self._kept:
            # Whoever has drawn nothing yet may have done so before.
            drawing = json.dumps(self._state["objects"]) if self._state["turn"] or self._state["objects"] else ""
        _BESIDE(
            data={"name": self._name, "drawing": drawing},
            key=f"{self._name}_beside",
            height=1,
            on_kept_change=self._bring_back,
        )

    def _bring_back(self) -> None:
        """Show the drawing from before the page was loaded anew."""
        told = st.session_state.get(f"{self._name}_beside") or {}
        if self._state["turn"] or self._state["objects"]:
            return
        # It comes from the browser, where anything could have been put into its place.
        with contextlib.suppress(ValueError, TypeError):
            objects = json.loads(told["kept"])
            if isinstance(objects, list) and objects and all(isinstance(one, dict) for one in objects):
                self._show(objects)

    def leave(self) -> None:
        """Tell that the canvas is not on the screen in this run; its drawing is kept."""
        self._state["visit"] = None
