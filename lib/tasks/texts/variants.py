"""All variants write, and what each of them copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.tasks.texts.copying import WINDOW, load_fingerprint
from lib.tasks.texts.tinted import tinted_text
from lib.tasks.texts.try_it import copied_words, typed_prompt
from lib.tasks.texts.writer import Trace, load_writer, paced
from lib.ui import cached


def compare_variants(bundle: Bundle, places: dict[str, DeltaGenerator]) -> None:
    """Lets all variants write on from the person's prompt, and shows what each of them copied."""
    slug = bundle.slug
    kept = st.session_state.setdefault(f"{slug}_variants", {})
    st.markdown(
        f"Let all three write on from **your prompt**. Passages of {WINDOW} characters or more that stand word for word in the training text "
        "are underlined."
    )
    run = st.button("Let all three write", key=f"{slug}_compare", icon=":material/edit_note:", type="primary")
    screens = {}
    for variant, place in places.items():
        with place:
            tall: int | Literal["content"] = 250 if run or variant in kept else "content"
            screens[variant] = st.container(height=tall, key=f"{slug}_{variant}_text", border=False)
            _copying(bundle, variant)
    if run:
        models = {variant: cached.load(load_writer, slug, variant) for variant in places}
        prompt = typed_prompt(bundle, models["good"]).text
        seed = int(np.random.default_rng().integers(2**31))
        shown = {}
        for variant, screen in screens.items():
            with screen:
                shown[variant] = st.empty()
        ways = {variant: model.write(prompt, 250, seed=seed) for variant, model in models.items()}
        for step in paced(_together(ways)):
            kept = {variant: (trace.text, len(prompt)) for variant, trace in step.items()}
            # Here a run that was interrupted ends, before it touches places that belong to the next one.
            st.session_state[f"{slug}_variants"] = kept
            for variant, trace in step.items():
                shown[variant].code(trace.text, language=None, wrap_lines=True)
        for place in shown.values():
            place.empty()
    for variant, screen in screens.items():
        with screen:
            if variant not in kept:
                st.caption("Nothing written yet.")
                continue
            text, given = kept[variant]
            copied = cached.load(load_fingerprint, slug).copied(text[given:])
            inside = np.concatenate([np.zeros(given, bool), copied.inside])
            tinted_text(
                text,
                [],
                key=f"{slug}_{variant}_tinted",
                label="What this network wrote; copied passages are underlined",
                given=given,
                copied=inside,
            )
            st.caption(f"Copied: {copied_words(copied)}.")


def _together(ways: dict[str, Iterator[list[Trace]]]) -> Iterator[dict[str, Trace]]:
    for step in zip(*ways.values(), strict=True):
        yield {variant: trace for variant, [trace] in zip(ways, step, strict=True)}


def _copying(bundle: Bundle, variant: str) -> None:
    copied, people = bundle.variant(variant)["copied"], bundle.facts["copied_by_people"]
    st.metric(
        "Copied word for word",
        f"{copied['share']:.1%}",
        help=f"It wrote {copied['characters']:,} characters for the notebook. This is the share of passages of {WINDOW} characters that also stand "
        f"in the training text. For the validation text, which people wrote, it is {people['share']:.1%}.",
    )
    st.caption(f"Longest copied passage: **{copied['longest']}** characters.")
