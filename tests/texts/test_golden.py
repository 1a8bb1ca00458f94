"""What the visitor's browser does to write a text is what the server does: Node is asked for the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from lib import bundles, catalogue
from lib.tasks.texts.writer import Writer, load_writer

SEEDS = [0, 1, 42, 2**31 - 1, 2**32, 2**100 + 7, 2**200 + 3]
PROMPTS = [
    "",
    " \n ",
    "The king",
    "Ro\r\nme\r7 £",
    "`a` \ufffd 😀 b 😀",
    "word " * 100,
    "\u2028é–”ō",
    "don’t know—why",
    "Zürich … ½\t\u200bstraße ﬁn ２",
    "Ångström ĳ 北京 Łódź×",
]
CHOICES = 400


@pytest.fixture(scope="module")
def writers() -> list[Writer]:
    return [load_writer(bundles.load(slug)) for slug in catalogue.slugs("texts")]


@pytest.fixture(scope="module")
def choices(writers) -> list[list[dict]]:
    """Scores and settings of many kinds, for each network."""
    rng = np.random.default_rng(0)
    found = []
    for writer in writers:
        n = len(writer.vocabulary)
        rows = (rng.standard_normal((CHOICES, n)) * 4).astype(np.float32)
        # Some are equally probable.
        rows[::7] = rows[::7].round()
        settings = [(float(rng.choice([0, 0.1, 0.8, 1, 1.5])), int(rng.choice([1, 2, 5, n - 1, n]))) for _ in rows]
        found.append(
            [
                {"scores": row.tolist(), "temperature": temperature, "topK": top_k}
                for row, (temperature, top_k) in zip(rows, settings, strict=True)
            ]
        )
    return found


@pytest.fixture(scope="module")
def answers(writers, choices) -> dict:
    if not shutil.which("node"):
        pytest.skip("Node is not installed.")
    asked = {
        "seeds": [str(seed) for seed in SEEDS],
        "vocabularies": [writer.vocabulary.characters for writer in writers],
        "prompts": PROMPTS,
        "choices": choices,
    }
    script = Path(__file__).with_name("golden.mjs")
    run = subprocess.run(["node", script], input=json.dumps(asked), capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_random_numbers_are_numpys(answers):
    assert answers["numbers"] == [np.random.default_rng(seed).random(20).tolist() for seed in SEEDS]


def test_the_same_of_a_prompt_is_read(answers, writers):
    wanted = [[list(writer.prepare(prompt, "The start")) for prompt in PROMPTS] for writer in writers]
    assert answers["prepared"] == wanted


def test_the_same_characters_are_chosen(answers, writers, choices):
    for i, writer in enumerate(writers):
        rng = np.random.default_rng(i)
        wanted = [writer._choose(np.float32(one["scores"]), one["temperature"], one["topK"], rng) for one in choices[i]]
        assert answers["chosen"][i] == wanted
