"""A fresh machine: packages for each Python that we name, and what `make` says to the others."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_fit_together_and_need_no_compiler(name, version):
    # mwparserfromhell, for notebooks only, does without its C part.
    wheels = ["--only-binary", ":all:", "--no-binary", "mwparserfromhell"]
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--python", sys.executable, *wheels]
    command += ["--python-version", version, str(ROOT / name)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("The registry of packages does not answer.")
    if "Failed to fetch" in done.stderr or "network was disabled" in done.stderr:
        pytest.skip("The registry of packages cannot be reached.")
    assert done.returncode == 0, done.stderr
    found = done.stdout.splitlines()
    assert any(line.startswith("streamlit==") for line in found)
    # Two packages that bring the same folder would write over each other.
    assert sum(line.startswith(("keras==", "keras-nightly==")) for line in found) == (name != "requirements.txt")


@pytest.fixture
def make(tmp_path):
    """Runs `make` for an environment in a folder of its own, with a Python that says it is another and makes nothing."""

    def run(version: str, *arguments: str, modules: bool = True) -> tuple[subprocess.CompletedProcess, Path]:
        python = tmp_path / f"python{version}"
        pretend = f"import sys; sys.version_info = (*map(int, '{version}'.split('.')), 0)\n"
        hide = "" if modules else "sys.modules['ensurepip'] = None\n"
        python.write_text(
            f"""#!/bin/sh
case "$1" in
--version) echo "Python {version}.0" ;;
-c) exec "{sys.executable}" -c "{pretend}{hide}exec(sys.argv[1])" "$2" ;;
*) echo "asked for $*"; exit 3 ;;
esac
"""
        )
        python.chmod(0o755)
        place = tmp_path / "venv"
        command = ["make", *arguments, f"{place}/python.done", f"PYTHON={python}", f"VENV={place}", "UV="]
        # As a person calls it, not as a part of the `make` that runs these tests.
        environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60), place

    if not shutil.which("make"):
        pytest.skip("There is no make here.")
    return run


@pytest.mark.parametrize("version", ["3.10", "3.15"])
def test_other_pythons_are_refused_in_one_sentence(make, version):
    done, place = make(version)
    assert done.returncode == 2
    assert done.stdout.startswith("Python 3.11 to 3.14 is needed, ")
    assert f"/python{version} is Python {version}.0. Try: make " in done.stdout
    assert "asked for" not in done.stdout
    assert not place.exists()


@pytest.mark.parametrize("version", PYTHONS)
def test_our_pythons_make_an_environment(make, version):
    done, place = make(version)
    assert "needed" not in done.stdout
    assert f"asked for -m venv {place}" in done.stdout


def test_a_python_that_makes_no_environments_says_what_to_install(make):
    done, _ = make("3.13", modules=False)
    assert "sudo apt install python3-venv" in done.stdout
    assert "asked for" not in done.stdout


@pytest.mark.parametrize("made", ["3.12\n", "", None])
def test_an_environment_of_another_python_or_half_made_is_made_anew(make, tmp_path, made):
    place = tmp_path / "venv"
    place.mkdir()
    (place / "pyvenv.cfg").touch()
    if made is not None:
        (place / "python.done").write_text(made)
    done, _ = make("3.13")
    assert "asked for -m venv" in done.stdout
    assert not place.exists()


def test_an_environment_of_the_same_python_is_kept(make, tmp_path):
    place = tmp_path / "venv"
    place.mkdir()
    (place / "python.done").write_text("3.13\n")
    done, _ = make("3.13")
    assert done.returncode == 0
    assert place.exists()
