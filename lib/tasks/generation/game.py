"""Real or drawn? Ten real pictures among ten that the network drew."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.generation.input import noun
from lib.tasks.generation.picks import pick_grid, picked

EACH = 10
"""Real pictures, and drawn ones, in a round."""


def new_round(bundle: Bundle, seed: int | None = None) -> dict[str, Any]:
    """Pictures of a round, in random order.

    Args:
        bundle: where they are.
        seed: of their choice; another one each time if not given.

    Returns:
        ``pictures``, uint8 (20, 28, 28), ``labels``, int (20), and ``drawn``, bool (20).
    """
    rng, evaluation = np.random.default_rng(seed), bundle.evaluation
    parts = {
        what: rng.choice(len(evaluation[f"game_{what}"]), EACH, replace=len(evaluation[f"game_{what}"]) < EACH)
        for what in ("drawn", "real")
    }
    order = rng.permutation(2 * EACH)
    pictures = np.concatenate([evaluation[f"game_{what}"][chosen] for what, chosen in parts.items()])
    labels = np.concatenate([evaluation[f"game_{what}_labels"][chosen] for what, chosen in parts.items()])
    return {"pictures": pictures[order], "labels": labels[order], "drawn": (np.arange(2 * EACH) < EACH)[order]}


def score(drawn: np.ndarray, chosen: list[int]) -> int:
    """How many of the pictures were judged correctly: the drawn ones picked, the real ones not.

    Args:
        drawn: bool (n).
        chosen: indices of those that were picked.
    """
    marked = np.zeros(len(drawn), bool)
    marked[chosen] = True
    return int((marked == drawn).sum())


def play(bundle: Bundle) -> None:
    """A round of the game; the scores stay in the session."""
    slug = bundle.slug
    state = st.session_state.setdefault(f"{slug}_guessing", {"turn": 0, "round": None, "checked": False, "scores": []})
    if state["round"] is None:
        state["round"] = new_round(bundle)
    n, name = 2 * EACH, f"{slug}_guess_{state['turn']}"

    def check() -> None:
        state["scores"].append(score(state["round"]["drawn"], picked(name, n)))
        state["checked"] = True

    def go_on() -> None:
        state.update(turn=state["turn"] + 1, round=new_round(bundle), checked=False)

    chosen, pictures, drawn = picked(name, n), state["round"]["pictures"], state["round"]["drawn"]
    if state["checked"]:
        told = [
            (":green[:material/check:] " if (i in chosen) == fake else ":red[:material/close:] ")
            + ("drawn" if fake else "real")
            for i, fake in enumerate(drawn.tolist())
        ]
    else:
        told = []
    pick_grid(name, pictures, [f"Picture {i + 1} is drawn" for i in range(n)], told, frozen=state["checked"])
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if state["checked"]:
            st.button("Next round", key=f"{slug}_next_round", type="primary", icon=":material/refresh:", on_click=go_on)
        else:
            st.button("Check", key=f"{slug}_check", type="primary", icon=":material/check:", on_click=check)
            st.caption(f"{len(chosen)} picked. {EACH} of the {n} are drawn.")
    with st.container(key=f"{slug}_score"):
        _scores(state["scores"], n, state["checked"], noun(bundle))


def _scores(scores: list[int], n: int, checked: bool, thing: str) -> None:
    if not scores:
        return
    if checked:
        last = scores[-1]
        verdict = (
            f"You can tell them apart better than a coin. What gave the drawn {thing}s away?"
            if last > 0.7 * n
            else "That is about as many as a coin gets. The network fooled you."
            if last <= 0.6 * n
            else "A little better than a coin."
        )
        st.markdown(f"You: **{last} of {n}**. Guessing gives {n // 2}. {verdict}")
    rounds = "1 round" if len(scores) == 1 else f"{len(scores)} rounds"
    st.markdown(f"After {rounds}: best **{max(scores)}**, mean **{np.mean(scores):.1f}** of {n}.")
    st.caption(
        "This is a *Turing test* for pictures: a machine passes if people cannot tell its work from ours. What is the mean of your class?"
    )
