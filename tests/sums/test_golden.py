"""What the visitor's browser says about a typed sum is what the server says: Node is asked for the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from lib.tasks.sums.input import read

TYPED = [
    *("", " ", "=", "17", "17+", "+38", "+", "17+38", "17+38=", " 17 + 38 = ", "17+38==", "007+08", "0+0", "1+2+3"),
    *(
        "1 7+38",
        "a+b",
        "é",
        "x" * 40,
        "1'2",
        "1\\2",
        "1?2",
        '1"2',
        "😀",
        "1\u0301",
        "\u00ad",
        "\x00",
        "\u0660+1",
        "½+1",
    ),
    *("-1+2", "1\u22122", "1\u20132", "1.5+2", "1,000+2", "12345+1", "1+1234567890123456", "00000001+1", "9999+9999"),
    *(
        "１７＋３８＝",
        "١٧+٣٨",
        "१७+३८",
        "𝟏𝟕+𝟑𝟖",
        "²+①",
        "ⅷ+1",
        "1‐2",
        "0" * 5000 + "1+2",
        "9" * 5000 + "+1",
        "९" * 40 + "+1",
    ),
    *("1\uff0b2", "\u30001+2\x85", "1\ufeff+2", "\x1c1+2", "1\u2028+ 2", "1000+1", "999+999"),
]


def test_every_text_gets_the_same_sentence():
    if not shutil.which("node"):
        pytest.skip("Node is not installed.")
    rng = random.Random(0)
    typed = TYPED + ["".join(rng.choices("0123456789++== .,-a\t", k=rng.randrange(1, 9))) for _ in range(2000)]
    script = Path(__file__).with_name("golden.mjs")
    run = subprocess.run(["node", script], input=json.dumps(typed), capture_output=True, text=True, check=True)
    for text, answer in zip(typed, json.loads(run.stdout), strict=True):
        given = read(text)
        question = given.question.text if given.question else None
        truth = given.question.answer if given.question else ""
        wanted = {"question": question, "truth": truth, "message": given.message, "invited": given.invited}
        assert (text, answer) == (text, wanted)
