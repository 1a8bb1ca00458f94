"""The rule of dependencies: pages -> tasks -> ui, training -> core, and no task knows another."""

import ast
import functools

import pytest

from lib import catalogue
from tests.conftest import ROOT

MODULES = {
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): path
    for path in sorted([*ROOT.glob("lib/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "Home.py"])
}
KERAS, STREAMLIT = {"keras", "tensorflow"}, {"streamlit", "streamlit_webrtc", "streamlit_drawable_canvas"}
WITHOUT_PAGES = ("cli", "data", "training")
"""Modules of a task that work without a page."""


@functools.cache
def imported(module: str) -> tuple[str, ...]:
    """Full names of all that a module imports, also inside its functions."""
    names: list[str] = []
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            names += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by a relative name"
            names += [f"{node.module}.{name.name}" for name in node.names]
    return tuple(names)


def packages(module: str) -> set[str]:
    return {name.split(".")[0] for name in imported(module)}


def house(name: str) -> str:
    """Where a module of lib lives: ``core``, ``training``, ``ui``, or ``tasks/`` and the name of a task."""
    parts = name.split(".")
    if parts[1] == "tasks":
        return f"tasks/{parts[2]}"
    return parts[1] if parts[1] in ("training", "ui") else "core"


def reached(module: str) -> set[str]:
    """All modules of lib that a module brings along, itself included."""
    found, left = set(), [module]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            # `from lib import bundles` names a module, `from lib.bundles import Bundle` a part of one.
            left += [name for full in imported(one) for name in (full, full.rpartition(".")[0]) if name in MODULES]
    return found


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    training = module.startswith("lib.training.") or module.rpartition(".")[2].startswith("training")
    assert training or not packages(module) & KERAS, "Keras is for the training side"
    if not module.startswith("lib."):
        assert not [name for name in imported(module) if name.startswith("lib.training")]
        return
    mine = house(module)
    allowed = {"core", mine}
    if mine.startswith("tasks/"):
        allowed |= {"ui", "training"} if training else {"ui"}
    strange = [name for name in imported(module) if name.startswith("lib.") and house(name) not in allowed]
    assert not strange, f"{module} lives in {mine} and may not know {strange}"


@pytest.mark.parametrize(
    "module",
    [name for name in MODULES if name.startswith("lib.") and house(name) in ("core", "training")]
    + [name for task in catalogue.TASKS for part in WITHOUT_PAGES if (name := f"lib.tasks.{task}.{part}") in MODULES],
)
def test_what_works_without_pages_brings_no_streamlit(module):
    for name in reached(module):
        assert not packages(name) & STREAMLIT, f"{module} brings {name}, which shows something"


def test_every_task_has_a_folder_and_every_folder_is_a_task():
    folders = {path.name for path in (ROOT / "lib" / "tasks").iterdir() if (path / "__init__.py").exists()}
    assert folders == set(catalogue.TASKS)


def test_nothing_is_re_exported():
    assert [path for path in ROOT.glob("lib/**/__init__.py") if path.read_text().strip()] == []
