"""The demo of the language models, and what is told about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.tasks.digits.where_it_fails import calibration
from lib.tasks.sums import charts as charts_recurrent
from lib.tasks.texts import analysis as text_analysis
from lib.tasks.texts.tinted import tinted_text
from lib.tasks.texts.writer import MOST_PROMPT, Trace, Writer, paced
from lib.ui import cached, charts
from lib.ui.page import writing_page
from lib.vocabulary import UNKNOWN, WINDOW, Copied

MOST = 2_000
"""Characters of a text after which it is not written on."""
BITS = 8.0
"""Surprise that has the strongest colour: a chance of one in 256."""
TEMPERATURES = (0.3, 0.8, 1.2)
OFTEN = 50
"""Letters at a place of their word from which on their mean is shown."""
STATES = 24
"""Characters whose states are shown."""
SHOWN = 160
"""Characters of a passage that are shown."""
HEIGHT, TALL = 380, 290
"""Of the texts, in pixels."""


def visible(character: str) -> str:
    """A character as one can see it."""
    return {" ": "space", "\n": "line break"}.get(character, character)


def _prompt(bundle: Bundle, model: Writer) -> tuple[str, str]:
    return model.prepare(st.session_state.get(f"{bundle.slug}_prompt", ""), bundle.facts["start"])


@dataclass(frozen=True)
class Layout:
    """Places of the demo."""

    prompt: DeltaGenerator
    buttons: DeltaGenerator
    settings: DeltaGenerator
    text: DeltaGenerator
    below: DeltaGenerator


def lay_out(bundle: Bundle) -> Layout:
    """The places of the demo, and the button that ends what is being written."""
    left, right = st.columns([2, 3], gap="large")
    prompt = left.container()
    row = left.container(horizontal=True, gap="small")
    buttons = row.container(horizontal=True, gap="small", width="content")
    # Whatever it does, its click ends the run that writes.
    row.button("Stop writing", key=f"{bundle.slug}_stop", icon=":material/stop:")
    settings = left.container()
    text = right.container(key=f"{bundle.slug}_text", height=HEIGHT, border=True)
    return Layout(prompt, buttons, settings, text, right.container())


def try_writing(bundle: Bundle, layout: Layout) -> None:
    """A prompt, the settings, and the text that the network writes, coloured by its surprise."""
    slug, key = bundle.slug, f"{bundle.slug}_writing"
    state = st.session_state.setdefault(key, {"trace": None, "given": 0, "turn": 0})
    model = cached.writer(slug)
    with layout.prompt:
        prompt = _ask_for_prompt(bundle, model)
    with layout.buttons:
        start = st.button("Continue", key=f"{slug}_continue", type="primary", icon=":material/play_arrow:")
        more = st.button(
            "Write on",
            key=f"{slug}_more",
            disabled=state["trace"] is None or len(state["trace"].text) >= MOST,
            help=f"Goes on from the end of the text, up to {MOST:,} characters.",
        )
    with layout.settings:
        settings = _settings(bundle)
    # A fragment may write only where it has written in every run.
    screen, text, below = layout.text.empty(), layout.text.container(), layout.below.container()
    if start:
        _write(model, key, screen, prompt, len(prompt), settings)
    elif more and state["trace"] is not None and len(state["trace"].text) < MOST:
        _write(model, key, screen, state["trace"].text, state["given"], settings)
    _written(bundle, model, st.session_state[key], text, below)


def _ask_for_prompt(bundle: Bundle, model: Writer) -> str:
    slug = bundle.slug

    def put(text: str) -> None:
        st.session_state[f"{slug}_prompt"] = text

    st.text_area(
        "Prompt",
        key=f"{slug}_prompt",
        value=bundle.facts["examples"][0],
        height=100,
        max_chars=2_000,
        persist_state="session",
        help=f"Any text. Its last {MOST_PROMPT} characters are read; what stood before would be all but forgotten.",
    )
    with st.container(horizontal=True, gap="small"):
        for i, example in enumerate(bundle.facts["examples"]):
            label = example.replace("\n", " ")
            st.button(label, key=f"{slug}_example_{i}", on_click=put, args=(example,), type="tertiary")
    prompt, strange = _prompt(bundle, model)
    _remarks(st.session_state[f"{slug}_prompt"], prompt, strange)
    return prompt


def _remarks(typed: str, prompt: str, strange: str) -> None:
    """What of the prompt is not read, in a sentence."""
    if strange:
        # A backtick cannot be quoted by backticks.
        shown = ", ".join("the backtick" if character == "`" else f"`{character}`" for character in strange[:20])
        shown += " and more" if len(strange) > 20 else ""
        st.caption(f":material/info: Left out, for this network never met them while it learnt: {shown}.")
    if not typed.strip():
        st.caption(f":material/info: An empty prompt: it starts from `{prompt.strip()}`.")
    elif len(typed) > MOST_PROMPT:
        st.caption(f":material/info: Only the last {MOST_PROMPT} characters are read.")


def _settings(bundle: Bundle) -> dict:
    slug = bundle.slug
    with st.expander("Temperature, length and more", icon=":material/tune:", expanded=True):
        temperature = st.slider(
            "Temperature",
            0.0,
            1.5,
            0.8,
            0.1,
            key=f"{slug}_temperature",
            help="0: always the most probable character. 1: as probable as it says. Above: more daring.",
        )
        length = st.slider("Characters to write", 50, 1000, 300, 50, key=f"{slug}_length")
        left, right = st.columns(2)
        top_k = left.number_input(
            "Choose among",
            1,
            len(bundle.classes),
            len(bundle.classes),
            key=f"{slug}_top_k",
            help="So many of the most probable characters (top-k). With 1, always the most probable.",
        )
        seed = right.number_input(
            "Seed",
            0,
            2**31 - 1,
            None,
            key=f"{slug}_seed",
            placeholder="random",
            help="The same number, prompt and settings give the same text.",
        )
    return {"length": length, "temperatures": (temperature,), "top_k": int(top_k), "seed": seed}


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
        with place:
            st.info("Press **Continue**, and the network writes on from your prompt.", icon=":material/play_arrow:")
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
        copied = cached.fingerprint(slug).copied(trace.text[state["given"] :])
        st.caption(f"Word for word in the training text: {copied_words(copied)}.")
        with st.expander("As plain text", icon=":material/content_copy:"):
            st.code(trace.text, language=None, wrap_lines=True)


def _expected(slug: str, model: Writer, trace: Trace, picked: int) -> None:
    guesses = model.next_characters(trace, picked + 1, top=8)
    before = trace.text[max(0, picked - 14) : picked + 1].replace("\n", "↵").replace("`", "'")
    came = trace.text[picked + 1] if picked + 1 < len(trace.text) else None
    st.markdown(f"After `{before}` it expects" + (f" (what came: `{visible(came)}`)" if came is not None else "") + ":")
    st.altair_chart(
        charts.probability_bars(
            [visible(guess.label) for guess in guesses],
            [guess.probability for guess in guesses],
            height=230,
            title="character",
        ),
        key=f"{slug}_next",
    )


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
        "Before they become probabilities, the scores are divided by the **temperature**. Low: the probable becomes certain. High: the improbable "
        "gets its chance. The dice are the same in all three."
    )
    run = st.button("Write all three", key=f"{slug}_three", icon=":material/thermostat:")
    places = []
    for temperature, column in zip(TEMPERATURES, st.columns(len(TEMPERATURES), gap="medium"), strict=True):
        column.markdown(f"**Temperature {temperature}**")
        places.append(column.empty())
    model = cached.writer(slug)
    if run:
        prompt, _ = _prompt(bundle, model)
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


def samples(bundle: Bundle) -> None:
    """What the network wrote after each epoch."""
    texts = {int(epoch): text for epoch, text in bundle.facts["samples"].items()}
    st.subheader("What it wrote while it learnt")
    names = {f"epoch {epoch}": text for epoch, text in sorted(texts.items())}
    chosen = st.select_slider("After", list(names), value=next(iter(names)), key=f"{bundle.slug}_epoch")
    history = bundle.history.query("variant == 'good'").set_index("epoch")
    loss = float(history.loc[int(chosen.split()[1]), "val_loss"])
    with st.container(key=f"{bundle.slug}_sample"):
        st.code(names[chosen], language=None, wrap_lines=True, height=TALL)
    st.caption(
        f"After {chosen} the validation loss was {loss:.3f} nats, {loss / np.log(2):.2f} bits per character. The beginning, the temperature "
        "(0.8) and the dice are the same each time."
    )


def compare_variants(bundle: Bundle, places: dict[str, DeltaGenerator]) -> None:
    """Lets all variants write on from the person's prompt, and shows what each of them copied."""
    slug = bundle.slug
    kept = st.session_state.setdefault(f"{slug}_variants", {})
    st.markdown(
        "Let all three write on from **your prompt**. What stands word for word in the training text is underlined: "
        f"a passage counts from {WINDOW} characters on."
    )
    run = st.button("Let all three write", key=f"{slug}_compare", icon=":material/edit_note:", type="primary")
    screens = {}
    for variant, place in places.items():
        with place:
            tall: int | Literal["content"] = 250 if run or variant in kept else "content"
            screens[variant] = st.container(height=tall, key=f"{slug}_{variant}_text", border=False)
            _copying(bundle, variant)
    if run:
        models = {variant: cached.writer(slug, variant) for variant in places}
        prompt, _ = _prompt(bundle, models["good"])
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
            copied = cached.fingerprint(slug).copied(text[given:])
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
        help=f"Of {copied['characters']:,} characters that it wrote for the notebook: the share of passages of {WINDOW} characters that stand in "
        "the training text. "
        f"Of the validation text, which people wrote, it is {people['share']:.1%}.",
    )
    st.caption(f"Longest copied passage: **{copied['longest']}** characters.")


def writing_mistakes(bundle: Bundle) -> None:
    """By the kind of character, by its place in the word, by how much is read, and the passages themselves."""
    evaluation, facts = bundle.evaluation, bundle.variant("good")
    test = facts["test"]
    sentences = [
        f"Read from beginning to end, the {test['n']:,} test characters take **{test['bits_per_character']:.2f} bits per character** ({test['loss']:.3f} nats; the "
        f"validation text {facts['validation']['bits_per_character']:.2f} bits, {facts['validation']['loss']:.3f} nats), and its first guess is right "
        f"**{test['accuracy']:.1%}** of the time. Guessing blindly among {len(bundle.classes)} characters takes {np.log2(len(bundle.classes)):.1f} bits."
    ]
    sentences += [
        f"On the {where} it takes {score['bits_per_character']:.2f} bits."
        for where, score in bundle.facts["elsewhere"].items()
    ]
    st.markdown(" ".join(sentences))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which characters surprise it")
        kinds = pd.DataFrame({key: evaluation[f"kind_{key}"] for key in ("count", "bits", "accuracy")})
        kinds["name"] = list(text_analysis.KINDS)
        kinds = kinds[kinds["count"] > 0]
        st.altair_chart(charts_recurrent.bits_bars(kinds))
        by_name = kinds.set_index("name")["bits"]
        st.caption(
            f"The first letter of a word takes {by_name[text_analysis.KINDS[0]]:.1f} bits, a later one {by_name[text_analysis.KINDS[2]]:.1f}: a new word "
            "is where a text says something new."
        )
    with right:
        st.subheader("How far back it looks")
        st.altair_chart(charts_recurrent.context_curve(evaluation["context_length"], evaluation["context_bits"]))
        lengths, bits = evaluation["context_length"], evaluation["context_bits"]
        st.caption(
            f"Measured at some thousand places of the test text: reading one character only it takes {bits[0]:.2f} bits for the next, reading {lengths[-1]} of them {bits[-1]:.2f}. "
            "Where the curve is flat, older characters no longer help it: that is how long its memory is."
        )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("From letter to letter")
        often = evaluation["place_count"] >= OFTEN
        st.altair_chart(charts_recurrent.place_curve(evaluation["place_bits"][often], evaluation["place_count"][often]))
        st.caption(
            "The further into a word, the fewer words are left that it could be. Long words are rare, so that the end of the curve is uneven."
        )
    with right:
        calibration(bundle, "characters")
    st.subheader("Passages that surprised it most, and least")
    which = st.segmented_control(
        "Passages",
        ["most", "least"],
        default="most",
        required=True,
        key=f"{bundle.slug}_passages",
        label_visibility="collapsed",
    )
    name = "hard" if which == "most" else "easy"
    if UNKNOWN in bundle.classes:
        st.caption(
            f"{UNKNOWN} stands for what this network has no sign for: rare characters, and words that WikiText-2 leaves out. It reads the sign, and "
            "never writes it."
        )
    columns = st.columns(2, gap="medium")
    for i, (text, bits) in enumerate(zip(evaluation[f"{name}_texts"], evaluation[f"{name}_bits"], strict=True)):
        passage = str(text)[:SHOWN]
        surprise = bits[: len(passage)].astype(float)
        with columns[i % 2], st.container(border=True):
            tinted_text(
                passage,
                surprise / BITS,
                key=f"{bundle.slug}_{name}_{i}",
                label=f"A passage of the test text with {surprise.mean():.1f} bits per character",
            )
            st.caption(f"{surprise.mean():.2f} bits per character")


def watching_units(bundle: Bundle) -> None:
    """Units that have learnt to watch something, at work on the person's text; and the state over its last characters."""
    slug = bundle.slug
    trace: Trace | None = st.session_state.get(f"{slug}_writing", {}).get("trace")
    if trace is None:
        *_, sample = bundle.facts["samples"].values()
        trace = cached.reading(slug, sample)
        st.info("This is an example: press **Continue** above to see your own text here.", icon=":material/edit:")
    units = {row["property"]: row for row in bundle.facts["units"]}
    states = np.stack(trace.states).astype(np.float32)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Units that watch something")
        st.markdown(
            f"The upper layer has {states.shape[1]} units. No one told any of them what to do; but for foretelling the next character it helps to know "
            "where one is. These were found by comparing each unit's state with properties of the validation text."
        )
        name = st.selectbox(
            "What it watches",
            list(units),
            key=f"{slug}_unit",
            format_func=lambda name: (
                f"{name} (unit {units[name]['unit']}, correlation {units[name]['correlation']:+.2f})"
            ),
        )
        # Orange where the property is, whichever sign the unit has learnt it with.
        values = states[:, units[name]["unit"]] * np.sign(units[name]["correlation"])
        with st.container(height=260, border=True):
            tinted_text(
                trace.text,
                values,
                key=f"{slug}_unit_text_{name}",
                label=f"The text, coloured by the state of the unit that watches: {name}",
                notes=[f"{visible(c)}: {v:+.2f}" for c, v in zip(trace.text, values, strict=True)],
            )
        st.caption(
            "Orange: the unit sees it; blue: it does not (a unit with a negative correlation, which says it the other way round, is shown turned). After "
            "[Karpathy, Johnson and Fei-Fei, 2015](https://arxiv.org/abs/1506.02078)."
        )
    with right:
        st.subheader("The state, character by character")
        last = trace.text[-STATES:]
        chosen = states[-len(last) :]
        liveliest = np.argsort(-chosen.std(axis=0))[:48]
        st.altair_chart(charts_recurrent.state_map(last.replace("\n", "↵").replace(" ", "·"), chosen[:, liveliest]))
        st.caption(f"The last {len(last)} characters, and the 48 units that move most. Each row is one unit.")


def text_page(slug: str) -> None:
    """The page of a language model."""
    writing_page(
        slug,
        lay_out=lay_out,
        try_it=try_writing,
        side_by_side=side_by_side,
        time_machine=samples,
        compare=compare_variants,
        inside=watching_units,
        where_it_fails=writing_mistakes,
    )
