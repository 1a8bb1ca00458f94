"""What `make lint` checks, as tests: they run beside the others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib.bundles import ROOT
from tests import node

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        [BIN / "ruff", "check", "."],
        [BIN / "ruff", "format", "--check", "."],
        [BIN / "mypy"],
        [ROOT / "node_modules/.bin/tsc"],
        [ROOT / "node_modules/.bin/eslint", "static/browser", "tests"],
        [node.program(), "--test", *map(str, sorted((ROOT / "tests").rglob("*.test.js")))],
    ],
    ids=["ruff", "format", "mypy", "tsc", "eslint", "node"],
)
def test_nothing_is_found_fault_with(command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0].name} is not installed: `make test` installs it.")
    path = f"{Path(node.program()).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
