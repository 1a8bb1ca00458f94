"""Whatever is given, each input gets an answer or a sentence, and none that comes after it is lost."""

from __future__ import annotations

import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lib import catalogue
from lib.__main__ import main
from lib.tasks.sums.input import read
from tests import files
from tests.conftest import ALL

TYPED = ("numbers_sum", *catalogue.slugs("texts"))
PICTURES = [slug for slug in ALL if slug not in TYPED]
# What the command line cannot be given: half of a pair of surrogates, and the end of a C string.
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
sumlike = st.text("0123456789+=- .,x²９٣\t", max_size=12) | st.integers(1, 6000).map(lambda n: "9" * n + "+1")


def predictions(slug: str, inputs: list[str], *options: str) -> tuple[int, list[dict]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        status = main(["predict", slug, "--json", *options, "--", *inputs])
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def check(status: int, rows: list[dict], inputs: list[str]) -> None:
    assert [row["input"] for row in rows] == inputs
    assert status == any("error" in row for row in rows)
    assert all(row["error"].strip() for row in rows if "error" in row)


@pytest.mark.parametrize("slug", TYPED)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inputs=st.lists(text | sumlike, min_size=1, max_size=6))
def test_typed_inputs(slug, inputs):
    options = () if slug == "numbers_sum" else ("--length", "1")
    check(*predictions(slug, inputs, *options), inputs)


@settings(max_examples=300, deadline=None)
@given(typed=text | sumlike)
def test_page_says_something_about_any_sum(typed):
    answered = read(typed)
    assert answered.message if answered.question is None else answered.question.answer.isdigit()


def odd_pictures(folder, seed: int, n: int) -> list[str]:
    """Files of random modes, sizes, contents and damages."""
    rng, names = np.random.default_rng(seed), []
    for i in range(n):
        width, height = (int(2 ** rng.uniform(0, 9)) for _ in range(2))
        values = rng.integers(0, 256, (height, width, 4)).astype(np.uint8)
        if rng.random() < 0.5:
            values[...] = values[0, 0]
        picture = Image.fromarray(values).convert(str(rng.choice(["1", "L", "LA", "P", "RGB", "RGBA"])))
        data = bytearray(files.encode(picture, str(rng.choice(["PNG", "TIFF"]))))
        for at in rng.integers(0, len(data), rng.integers(0, 4)):
            data[at] = rng.integers(256)
        path = folder / f"{i} *a* $x$ :smile: [b](c).png"
        path.write_bytes(bytes(data[: len(data) if rng.random() < 0.8 else rng.integers(len(data))]))
        names.append(str(path))
    return names


@pytest.mark.parametrize("slug", PICTURES)
def test_pictures(slug, tmp_path):
    inputs = [*odd_pictures(tmp_path, seed=len(slug), n=25), str(tmp_path), str(tmp_path / "none.png"), "?" * 300]
    check(*predictions(slug, inputs), inputs)
