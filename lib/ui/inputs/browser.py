"""Demos that run in the visitor's browser: JavaScript of ``static/browser``, in a place of the page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.bundles import Bundle
from lib.demo import Demo
from lib.ui import session

BROWSER, SERVER = "browser", "server"
_NAMES = {BROWSER: "In your browser", SERVER: "On the server"}
_WHERE, _WHY, _AGAIN, _PARAMETER = "where", "why_not_in_browser", "browser_gave_up", "run"

# A demo is mounted once, and updated on every later run of the page.
_MOUNT = """
    const demos = new WeakMap();
    export default function (component) {
      const place = component.parentElement.querySelector("div") ?? component.parentElement;
      const host = { ...component, parentElement: place };
      let demo = demos.get(place);
      if (demo) demo.then((one) => one?.update?.(host));
      else {
        const look = new URL("app/static/browser/demo.css", document.baseURI).href;
        if (!document.querySelector(`link[href="${look}"]`)) {
          document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: look }));
        }
        // The network is on its way while the demo is, too.
        const { module, model } = component.data;
        if (module !== "places") {
          const runtime = new URL("app/static/browser/runtime.js", document.baseURI);
          import(runtime).then(({ load }) => load(model)).catch(() => {});
        }
        const script = new URL(`app/static/browser/${module}.js`, document.baseURI);
        demo = import(script).then((loaded) => loaded.mount(host)).catch((error) => {
          console.error(error);
          component.setTriggerValue("failed", "A part of the demo did not arrive.");
        });
        demos.set(place, demo);
      }
      return () => {
        demos.delete(place);
        demo.then((one) => one?.unmount?.());
      };
    }
    """


_DEMO = st.components.v2.component(
    "interactive_ml_experiments_demo", html="<div></div>", js=_MOUNT, isolate_styles=False
)


def switch(bundle: Bundle) -> None:
    """Let the person choose where the network runs. To be called above the demo, outside of fragments."""
    if not can_run(bundle):
        return
    asked = st.query_params.get(_PARAMETER)
    if asked in _NAMES and _WHERE not in st.session_state:
        st.session_state[_WHERE] = asked
    st.session_state.setdefault(_WHERE, BROWSER)
    st.segmented_control(
        "Where the network runs",
        list(_NAMES),
        format_func=_NAMES.__getitem__,
        required=True,
        key=_WHERE,
        # On every page. Without it, Streamlit forgets the choice on the way from page to page.
        persist_state="session",
        on_change=_chosen,
        label_visibility="collapsed",
    )
    if why := st.session_state.get(_WHY):
        st.info(f"{why} The server does the work now.", icon=":material/info:")


def _chosen() -> None:
    # Whoever chooses the browser again may have mended it.
    st.session_state.pop(_WHY, None)
    st.query_params[_PARAMETER] = st.session_state[_WHERE]


def can_run(bundle: Bundle) -> bool:
    """Whether there is a model for browsers, and a browser."""
    # Who has no browser, as a test of the page alone, has none to run it.
    return "browser" in bundle.facts and "User-Agent" in st.context.headers


def in_browser(bundle: Bundle) -> bool:
    """Whether the demo of a page runs in the visitor's browser."""
    if st.session_state.pop(_AGAIN, False):
        # The switch stands outside of the fragment that has just been told.
        st.rerun()
    return can_run(bundle) and st.session_state.get(_WHERE) == BROWSER


def put_into_address(name: str, value: str, at_first: str) -> None:
    """Let the page's address say what was typed, as it does for the server's fields; what stands there at first need not be said."""
    if value != at_first or name in st.query_params:
        # In the run in which the server's field leaves the screen, its place in the address is still its own.
        with contextlib.suppress(StreamlitAPIException):
            st.query_params[name] = value


def show(demo: Demo, bundle: Bundle, now: dict[str, Any], told: dict[str, Callable[[Any], None]] | None = None) -> None:
    """Show a demo.

    Args:
        demo: of that network.
        bundle: of the network that it runs.
        now: what differs from the demo's data in this session.
        told: what to do with each value that the demo sends, by name: called before the run that follows.
    """
    key = f"{bundle.slug}_{demo.module}_{session.visit()}"

    def hear(name: str, act: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: act((st.session_state.get(key) or {}).get(name))

    def fail(why: Any) -> None:
        if why:
            st.session_state[_WHY], st.session_state[_WHERE], st.session_state[_AGAIN] = str(why)[:200], SERVER, True

    acts = (told or {}) | {"failed": fail}
    place, (wide, phone) = f"{bundle.slug}_{demo.module}_in_browser", demo.height
    # Streamlit loads what shows styles and components later than the page. Until then, a place of fixed height keeps the demo's room.
    with st.container(key=place, height=wide, border=False):
        st.html(
            f"<style>.st-key-{place}, :has(> .st-key-{place}) {{ height: auto !important; overflow: visible !important; }} "
            f".st-key-{place} {{ min-height: {wide}px; }} "
            f"@media (max-width: 640px) {{ .st-key-{place} {{ min-height: {phone}px; }} }}</style>"
        )
        _DEMO(
            data={
                "module": demo.module,
                "model": {"slug": bundle.slug, **bundle.facts["browser"]},
                "classes": bundle.classes,
                **demo.data,
                **now,
            },
            key=key,
            height="content",
            **{f"on_{name}_change": hear(name, act) for name, act in acts.items()},  # type: ignore[arg-type]
        )
