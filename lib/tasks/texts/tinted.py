"""A text whose characters are coloured and can be picked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

# Spans in the page's own colours and width, since no chart wraps lines. Clicking, or the arrow keys, pick a character.
_TINTED = st.components.v2.component(
    "interactive_ml_experiments_tinted",
    html='<div class="text" tabindex="0" role="group"></div>',
    css="""
    .text { font-family: var(--st-code-font, monospace); font-size: 0.95rem; line-height: 1.65; white-space: pre-wrap;
            overflow-wrap: anywhere; overflow-y: auto; color: var(--st-text-color); outline-offset: 2px; }
    .text span { border-radius: 3px; }
    .text.pickable span { cursor: pointer; }
    .text .given { font-weight: 700; }
    .text .copied { text-decoration: underline 2px var(--st-primary-color); text-underline-offset: 3px; }
    .text .line::before { content: "\\21B5"; opacity: 0.35; }
    .text .picked { box-shadow: 0 0 0 2px var(--st-primary-color); }
    """,
    js="""
    export default function ({ data, parentElement, setStateValue }) {
      const box = parentElement.querySelector(".text");
      const same = JSON.stringify([data.text, data.tints, data.copied]);
      box.style.maxHeight = data.height ? data.height + "px" : "none";
      box.classList.toggle("pickable", data.pickable);
      box.setAttribute("aria-label", data.label);
      if (box.shown !== same) {
        box.shown = same;
        box.replaceChildren(...Array.from(data.text, (character, i) => {
          const span = document.createElement("span");
          span.textContent = character;
          const tint = data.tints[i] ?? 0;
          if (tint) span.style.background = `rgba(${tint > 0 ? "217, 130, 0" : "46, 139, 192"}, ${Math.abs(tint) / 118})`;
          if (data.notes) span.title = data.notes[i];
          if (i < data.given) span.classList.add("given");
          if (data.copied && data.copied[i] === "1") span.classList.add("copied");
          if (character === "\\n") span.classList.add("line");
          return span;
        }));
        // A text that was written on shows its end.
        if (data.pickable) box.scrollTop = box.scrollHeight;
      }
      const mark = (place) => {
        box.querySelector(".picked")?.classList.remove("picked");
        box.children[place]?.classList.add("picked");
        box.place = place;
      };
      mark(data.pickable ? data.picked : -1);
      const pick = (place) => {
        if (!data.pickable || place < 0 || place >= box.children.length || place === box.place) return;
        mark(place);
        box.children[place].scrollIntoView({ block: "nearest" });
        setStateValue("picked", place);
      };
      box.onclick = (event) => pick(Array.prototype.indexOf.call(box.children, event.target));
      box.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        pick(box.place + step);
      };
    }
    """,
)


def tinted_text(
    text: str,
    tints: Sequence[float] | np.ndarray,
    *,
    key: str,
    label: str,
    given: int = 0,
    notes: Sequence[str] | None = None,
    copied: np.ndarray | None = None,
    pickable: bool = False,
    height: int | None = None,
) -> int:
    """Show a text, and return the place of the character that was picked (the last one before any was).

    Args:
        text: to be shown.
        tints: for each character, from -1 (blue) through 0 (none) to 1 (orange).
        key: of the widget; another one for another text.
        label: what it is, for those who do not see it.
        given: so many characters at the beginning are the person's own, and bold.
        notes: a tooltip for each character.
        copied: bool (characters): which are underlined.
        pickable: whether a character can be picked.
        height: in pixels at most; longer texts scroll.
    """
    last = max(0, len(text) - 1)
    data = {
        "text": text,
        "tints": [round(100 * float(np.clip(tint, -1, 1))) for tint in tints],
        "notes": list(notes) if notes is not None else None,
        "copied": "".join("01"[int(mark)] for mark in copied) if copied is not None else None,
        "given": given,
        "pickable": pickable,
        "height": height,
        "label": label,
    }
    picked = st.session_state.get(key, {}).get("picked", last) if pickable else last
    result = _TINTED(data=data | {"picked": picked}, key=key, default={"picked": last}, on_picked_change=lambda: None)
    return min(int(result.picked if result.picked is not None else last), last)
