"""A clock that runs down in the browser and tells when it has."""

from __future__ import annotations

import streamlit as st

# In the browser, since a clock of the server's would rerun the page every second and take the pen's answers their time.
_COUNTDOWN = st.components.v2.component(
    "interactive_ml_experiments_countdown",
    html='<div class="clock" role="timer"><div class="left"></div><span></span></div>',
    css="""
    .clock { position: relative; height: 1.7rem; border-radius: 0.6rem; overflow: hidden;
             background: var(--st-secondary-background-color); font-family: var(--st-font); }
    .left { position: absolute; inset: 0; transform-origin: left; background: var(--st-primary-color); opacity: 0.45; }
    span { position: absolute; inset: 0; text-align: center; line-height: 1.7rem; font-weight: 600;
           color: var(--st-text-color); font-variant-numeric: tabular-nums; }
    """,
    js="""
    export default function ({ data, parentElement, setTriggerValue }) {
      const clock = parentElement.querySelector(".clock");
      const bar = clock.querySelector(".left"), text = clock.querySelector("span");
      // The same round goes on where it is, whatever the server has sent in between.
      if (clock.round !== data.round) {
        clock.round = data.round;
        clock.end = performance.now() + 1000 * data.left;
        clock.told = false;
      }
      clearInterval(clock.timer);
      const show = () => {
        const left = Math.max(0, (clock.end - performance.now()) / 1000);
        bar.style.transform = `scaleX(${left / data.seconds})`;
        text.textContent = left > 0 ? `${Math.ceil(left)}${data.unit}` : data.over;
        if (left > 0 || clock.told) return;
        clearInterval(clock.timer);
        clock.told = true;
        setTriggerValue("over", data.round);
      };
      show();
      if (!clock.told) clock.timer = setInterval(show, 100);
      return () => clearInterval(clock.timer);
    }
    """,
)


def countdown(
    left: float, seconds: float, round_number: int, key: str, unit: str = " s", over: str = "Time is up"
) -> None:
    """Show a clock; the fragment is run again when it has run down.

    Args:
        left: seconds that are left now.
        seconds: of a full clock.
        round_number: another number starts the clock anew.
        key: of the widget.
        unit: stands behind the number.
        over: what it says in the end.
    """
    _COUNTDOWN(
        data={"left": left, "seconds": seconds, "round": round_number, "unit": unit, "over": over},
        key=key,
        height=30,
        on_over_change=lambda: None,
    )
