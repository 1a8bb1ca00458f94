"""The demo of the language models: a prompt, the text that they write, and three temperatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.tasks.texts.copying import WINDOW, Copied, load_fingerprint
from lib.tasks.texts.tinted import tinted_text
from lib.tasks.texts.writer import MOST_PROMPT, Prompt, Trace, Writer, load_writer, paced
from lib.ui import cached, charts

LONGEST_TEXT = 2_000
"""Characters of a text after which it is not written on."""
MOST_TYPED = 2_000
"""Characters of a prompt that can be typed."""
BITS = 8.0
"""Surprise that has the strongest colour: a chance of one in 256."""
TEMPERATURE, LENGTH = 0.8, 300
"""To begin with."""
TEMPERATURES = (0.3, 0.8, 1.2)
HEIGHT, TALL = 380, 290
"""Of the texts, in pixels."""


def visible(character: str) -> str:
    """A character as one can see it."""
    return {" ": "space", "\n": "line break"}.get(character, character)


def typed_prompt(bundle: Bundle, model: Writer) -> Prompt:
    return model.prepare(st.session_state.get(f"{bundle.slug}_prompt", ""), bundle.facts["start"])


def start_session(bundle: Bundle) -> None:
    """What the parts of the page share, for whoever comes for the first time: the prompt, and the text that was written."""
    key = f"{bundle.slug}_prompt"
    # Not as the field's `value`: an example could then not be put there without a warning in the log.
    st.session_state.setdefault(key, st.query_params.get(key, bundle.facts["examples"][0])[:MOST_TYPED])
    st.session_state.setdefault(f"{bundle.slug}_writing", {"trace": None, "given": 0, "turn": 0})


@dataclass(frozen=True)
class Layout:
    """Places of the demo."""

    prompt: DeltaGenerator
    buttons: DeltaGenerator
    text: DeltaGenerator
    below: DeltaGenerator


def lay_out(bundle: Bundle) -> Layout:
    """The places of the demo, and what ends the writing at once: the button for it, and the settings."""
    left, right = st.columns([2, 3], gap="large")
    prompt = left.container()
    row = left.container(horizontal=True, gap="small")
    buttons = row.container(horizontal=True, gap="small", width="content")
    row.button("Stop", key=f"{bundle.slug}_stop", icon=":material/stop:", help="Ends the writing. The text stays.")
    text = right.container(key=f"{bundle.slug}_text", height=HEIGHT, border=True)
    below = right.container()
    # Last, so that on a phone the text stands directly below the prompt's buttons.
    with left:
        _settings(bundle)
    return Layout(prompt, buttons, text, below)


def try_writing(bundle: Bundle, layout: Layout) -> None:
    """A prompt, the settings, and the text that the network writes, coloured by its surprise."""
    slug, key = bundle.slug, f"{bundle.slug}_writing"
    start_session(bundle)
    state = st.session_state[key]
    model = cached.load(load_writer, slug)
    with layout.prompt:
        prompt = _ask_for_prompt(bundle, model)
    with layout.buttons:
        start = st.button("Continue", key=f"{slug}_continue", type="primary", icon=":material/play_arrow:")
        more = st.button(
            "Write on",
            key=f"{slug}_more",
            # There will be a text when it has been written.
            disabled=not start and (state["trace"] is None or len(state["trace"].text) >= LONGEST_TEXT),
            help=f"Goes on from the end of the text, up to {LONGEST_TEXT:,} characters.",
        )
    settings = _chosen(bundle)
    # A fragment may write only where it has written in every run.
    screen, text, below = layout.text.empty(), layout.text.container(), layout.below.container()
    if state["trace"] is None:
        # In the place where the text will be written.
        screen.info("Press **Continue**: the network writes on from your prompt.", icon=":material/play_arrow:")
    if start:
        _write(model, key, screen, prompt, len(prompt), settings)
    elif more and state["trace"] is not None and len(state["trace"].text) < LONGEST_TEXT:
        _write(model, key, screen, state["trace"].text, state["given"], settings)
    _written(bundle, model, st.session_state[key], text, below)


def _ask_for_prompt(bundle: Bundle, model: Writer) -> str:
    slug = bundle.slug

    def put(text: str) -> None:
        st.session_state[f"{slug}_prompt"] = text

    st.text_area(
        "Prompt",
        key=f"{slug}_prompt",
        bind="query-params",
        height=100,
        max_chars=MOST_TYPED,
        persist_state="session",
        help=f"Any text. The network reads its last {MOST_PROMPT} characters; it would forget earlier ones anyway.",
    )
    with st.container(horizontal=True, gap="xsmall"):
        for i, example in enumerate(bundle.facts["examples"]):
            label = example.replace("\n", " ")
            st.button(label, key=f"{slug}_example_{i}", on_click=put, args=(example,))
    prompt = typed_prompt(bundle, model)
    _remarks(st.session_state[f"{slug}_prompt"], prompt)
    return prompt.text


_UNSEEN = {"\t": "the tab", **dict.fromkeys("\u200b\u200c\u200d\u00ad\ufeff", "an invisible sign")}


def _quoted(signs: str) -> str:
    # A backtick cannot be quoted by backticks.
    if signs == "`":
        return "the backtick"
    if not signs.strip():
        return _UNSEEN.get(signs, "a space" if signs else "nothing")
    return _UNSEEN.get(signs, f"`{signs}`")


def _remarks(typed: str, prompt: Prompt) -> None:
    """What of the prompt is not read, or read otherwise, in sentences."""
    if prompt.instead:
        pairs = ", ".join(f"{_quoted(near)} for {_quoted(sign)}" for sign, near in list(prompt.instead.items())[:20])
        more = " and more" if len(prompt.instead) > 20 else ""
        st.caption(
            f":material/info: The network never saw some of these signs in training. It reads near ones: {pairs}{more}."
        )
    if prompt.strange:
        shown = ", ".join(map(_quoted, prompt.strange[:20]))
        shown += " and more" if len(prompt.strange) > 20 else ""
        st.caption(f":material/info: Left out, because this network never saw them in training: {shown}.")
    if not typed.strip():
        st.caption(f":material/info: The prompt is empty, so the network starts from `{prompt.text.strip()}`.")
    elif len(typed) > MOST_PROMPT:
        st.caption(f":material/info: The network reads only the last {MOST_PROMPT} characters.")


def _settings(bundle: Bundle) -> None:
    """Sliders and fields, whose values `_chosen` reads. They keep them while the person is on another page."""
    slug = bundle.slug
    with st.expander("Temperature, length and more", icon=":material/tune:"):
        st.slider(
            "Temperature",
            0.0,
            1.5,
            TEMPERATURE,
            0.1,
            key=f"{slug}_temperature",
            persist_state="session",
            help="How daring it is. 0: always the most probable character. 1: just as probable as it says. Above 1: more daring.",
        )
        st.slider("Characters to write", 50, 1000, LENGTH, 50, key=f"{slug}_length", persist_state="session")
        left, right = st.columns(2)
        left.number_input(
            "Choose among",
            1,
            len(bundle.classes),
            len(bundle.classes),
            key=f"{slug}_top_k",
            persist_state="session",
            help="It chooses among this many of the most probable characters (top-k). With 1, always the most probable one.",
        )
        right.number_input(
            "Seed",
            0,
            2**31 - 1,
            None,
            key=f"{slug}_seed",
            placeholder="random",
            persist_state="session",
            help="The same seed, prompt and settings give the same text.",
        )


def _chosen(bundle: Bundle) -> dict:
    """What `Writer.write` needs, from the settings."""
    state, slug = st.session_state, bundle.slug
    return {
        "length": state.get(f"{slug}_length", LENGTH),
        "temperatures": (state.get(f"{slug}_temperature", TEMPERATURE),),
        "top_k": int(state.get(f"{slug}_top_k") or len(bundle.classes)),
        "seed": state.get(f"{slug}_seed"),
    }


def _write(model: Writer, key: str, screen: DeltaGenerator, prompt: str, given: int, settings: dict) -> None:
    """Write into the session and onto the screen; whatever interrupts it finds there what was written so far."""
    state = st.session_state[key]
    kept, tail = (prompt[:-MOST_PROMPT], prompt[-MOST_PROMPT:]) if len(prompt) > MOST_PROMPT else ("", prompt)
    old: Trace | None = state["trace"]
    n, turn = len(kept), state["turn"]
    before = (old.scores[:n], old.states[:n]) if old is not None else ([], [])
    for [trace] in paced(model.write(tail, **settings)):
        # A copy, since the trace goes on growing; what was thought of the beginning of a longer text is kept.
        whole = Trace(kept + trace.text, before[0] + trace.scores, before[1] + trace.states)
        turn += 1
        # Here a run that was interrupted ends, before it touches what belongs to the next one.
        st.session_state[key] = {"trace": whole, "given": given, "turn": turn}
        screen.code(whole.text, language=None, wrap_lines=True)
    screen.empty()


def _written(bundle: Bundle, model: Writer, state: dict, place: DeltaGenerator, below: DeltaGenerator) -> None:
    trace: Trace | None = state["trace"]
    if trace is None:
        return
    slug, bits = bundle.slug, model.surprise(trace)
    with place:
        picked = tinted_text(
            trace.text,
            bits / BITS,
            key=f"{slug}_tinted_{state['turn']}",
            label="The text, coloured by the surprise of the network",
            given=state["given"],
            notes=[f"{visible(c)}: {b:.1f} bits" for c, b in zip(trace.text, bits, strict=True)],
            pickable=True,
            height=HEIGHT - 40,
        )
    with below:
        own, written = bits[: state["given"]], bits[state["given"] :]
        figures = f"Your prompt: **{own.mean():.1f} bits** per character. " if len(own) else ""
        if len(written):
            figures += f"What it wrote: **{written.mean():.1f} bits**. "
        st.markdown(
            figures
            + "The stronger the :orange[**orange**], the more it was surprised. **Pick a character** to see what it expects next."
        )
        with st.container(key=f"{slug}_expected"):
            _expected(slug, model, trace, picked)
        about_copying(bundle, trace.text, state["given"])


def _expected(slug: str, model: Writer, trace: Trace, picked: int) -> None:
    guesses = model.next_characters(trace, picked + 1, top=8)
    before = trace.text[max(0, picked - 14) : picked + 1].replace("\n", "↵").replace("`", "'")
    came = trace.text[picked + 1] if picked + 1 < len(trace.text) else None
    st.markdown(f"After `{before}` it expects" + (f" (what came: `{visible(came)}`)" if came is not None else "") + ":")
    st.vega_lite_chart(
        charts.probability_bars(
            [visible(guess.label) for guess in guesses],
            [guess.probability for guess in guesses],
            height=230,
            title="character",
        ),
        alt="Probabilities of the next character",
        key=f"{slug}_next",
    )


def about_copying(bundle: Bundle, text: str, given: int) -> None:
    """How much of a text, after its first `given` characters, was copied; and the text to be copied by the person."""
    copied = cached.load(load_fingerprint, bundle.slug).copied(text[given:])
    st.caption(f"Copied word for word from the training text: {copied_words(copied)}.")
    with st.expander("As plain text", icon=":material/content_copy:"):
        st.code(text, language=None, wrap_lines=True)


def copied_words(copied: Copied) -> str:
    """How much of a text was copied, in words."""
    longest = f"the longest passage has {copied.longest} characters" if copied.longest else f"none of {WINDOW} or more"
    return f"{copied.share:.1%} of its passages of {WINDOW} characters; {longest}"


def side_by_side(bundle: Bundle) -> None:
    """The same prompt at three temperatures."""
    slug = bundle.slug
    kept = st.session_state.setdefault(f"{slug}_temperatures", {"traces": None})
    st.subheader("Three temperatures side by side")
    st.markdown(
        "The network gives each next character a score. We divide the scores by the **temperature** before they become probabilities. Low: it "
        "takes the most probable characters. High: it dares more. All three use the same random numbers."
    )
    run = st.button("Write all three", key=f"{slug}_three", icon=":material/thermostat:")
    places = []
    for temperature, column in zip(TEMPERATURES, st.columns(len(TEMPERATURES), gap="medium"), strict=True):
        column.markdown(f"**Temperature {temperature}**")
        places.append(column.empty())
    model = cached.load(load_writer, slug)
    if run:
        prompt = typed_prompt(bundle, model).text
        seed = int(np.random.default_rng().integers(2**31))
        for traces in paced(model.write(prompt, 250, TEMPERATURES, seed=seed)):
            st.session_state[f"{slug}_temperatures"] = {"traces": traces}
            for place, trace in zip(places, traces, strict=True):
                place.code(trace.text, language=None, wrap_lines=True, height=TALL)
        return
    for i, place in enumerate(places):
        if kept["traces"]:
            place.code(kept["traces"][i].text, language=None, wrap_lines=True, height=TALL)
        else:
            place.caption("Nothing written yet.")
