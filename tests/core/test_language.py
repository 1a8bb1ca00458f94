"""The project's own words: none of those that a young reader, or one who learnt English at school, stumbles over."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from lib.bundles import ROOT

BANNED = re.compile(
    r"foretold|foretell|\btold of\b|\bas it has\b|\bbut for\b|\ball the same\b|\bby heart\b|\bhad it been\b|\bhad the \w+ been\b|\bto be seen\b|\blest\b",
    re.IGNORECASE,
)
TEXTS = [
    path
    for path in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    if path.endswith((".py", ".md", ".ipynb", "bundle.json", "Makefile")) and not path.endswith("test_language.py")
]


def prose(path: str) -> str:
    """What people read of a file: of a notebook its cells without their outputs, of a bundle's facts the descriptions."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".ipynb"):
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    if path.endswith(".json"):
        return "\n".join(variant.get("description", "") for variant in json.loads(text)["variants"].values())
    return text


@pytest.mark.parametrize("path", TEXTS)
def test_no_private_dialect(path):
    # A line's end may stand between two words.
    found = [match.group() for match in BANNED.finditer(re.sub(r"\s+(# |\")?", " ", prose(path)))]
    assert not found


def test_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1000
