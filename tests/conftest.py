"""Fixtures: digits and files to feed in, a small MNIST, a server, and a browser."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

# What live video needs crashes when it is imported after TensorFlow, as a test of the training side may have done.
import pylibsrtp  # noqa: F401
import pytest
from PIL import Image

from lib import bundles, catalogue, photos
from tests import files, gestures
from tests.digits.small_data import write_mnist

ROOT = Path(__file__).resolve().parent.parent
ALL = tuple(experiment.slug for experiment in catalogue.EXPERIMENTS)
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let both workers begin with the notebooks, which take longest, so that none is left over when all else is done.

    Each worker gets half of the tests in their order, and whoever is done first takes from the other's end. One goes on with what
    needs no browser, so that the other one need not wait for a browser that has to be alone.
    """
    long = [item for item in items if "test_notebook_writes" in item.name]
    alone = [item for item in items if item.get_closest_marker("alone")]
    browser = [item for item in items if needs_browser(item) and item not in alone]
    others = [item for item in items if item not in [*long, *alone, *browser]]
    half = len(items) // 2 - len(long[::2])
    items[:] = long[::2] + others[:half] + long[1::2] + alone + browser + others[half:]


def needs_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def _room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever is marked with ``alone`` runs while no other browser does: two live videos need both cores."""
    if not needs_browser(request.node):
        yield
        return
    # All workers have this folder in common.
    folder = tmp_path_factory.getbasetemp().parent
    how = fcntl.LOCK_EX if request.node.get_closest_marker("alone") else fcntl.LOCK_SH
    with (folder / "turn.lock").open("w") as turn, (folder / "room.lock").open("w") as room:
        # Who waits for the room keeps the turn, so that no one else slips in before.
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(room, how)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


@pytest.fixture(scope="session")
def examples() -> tuple[np.ndarray, np.ndarray]:
    """One test digit of each class, images uint8 (10, 28, 28), and the labels."""
    evaluation = bundles.load("digits_cnn").evaluation
    return evaluation["examples_images"], evaluation["examples_labels"]


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a file of MNIST's form: digits of the bundle, again and again."""
    folder = tmp_path_factory.mktemp("mnist")
    write_mnist(folder / "mnist" / "mnist.npz")
    return folder


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment with small files of all datasets' forms, as each task's own ``small_data`` writes them."""
    data, kept = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("evaluation")
    for task in catalogue.TASKS:
        importlib.import_module(f"tests.{task}.small_data").write(data, kept)
    return {"ML_DATA_DIR": str(data), "ML_EVALUATION_DIR": str(kept)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running dashboard."""
    yield from serve(tmp_path_factory)


@pytest.fixture
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard that nobody has visited yet."""
    yield from serve(tmp_path_factory)


@contextlib.contextmanager
def running_server(log: IO[str], *options: str) -> Iterator[tuple[str, int]]:
    """Address and process number of a dashboard that answers, which writes into this file; also for the benchmarks."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + 60
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    pytest.fail(f"The server did not start:\n{log.read()}")
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server until the generator is closed; fails if a traceback or a warning was logged."""
    with (tmp_path_factory.mktemp("server") / "log.txt").open("w+") as log:
        with running_server(log) as (address, _):
            yield address
        log.seek(0)
        text = log.read()
    assert not re.search("Traceback| WARNING ", text), text


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium: the system's where there is one, else Playwright's own."""
    from playwright.sync_api import expect, sync_playwright

    # A first page may take a while on a busy machine.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        running = _launch(playwright.chromium)
        yield running
        running.close()


@pytest.fixture(scope="module")
def launch(browser) -> Iterator[Callable]:
    """Starts browsers with flags of their own, and gives a visitor in each; they are closed in the end."""
    running = []

    def launch_with(*flags: str):
        running.append(_launch(browser.browser_type, *flags))
        return _visitor(running[-1])

    yield launch_with
    for one in running:
        one.close()


def _launch(browser_type, *flags: str):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return browser_type.launch(executable_path=path, args=[*BROWSER_FLAGS, *flags])


def _visitor(browser, **options):
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 1000}} | options)
    context.set_default_timeout(20_000)
    return context


@pytest.fixture(scope="session")
def visitor(browser):
    """Who looks at the pages in a wide window.

    The same one in all tests, since reading and compiling Streamlit's own scripts takes a browser longer than most tests.
    """
    return _visitor(browser)


@pytest.fixture(scope="session")
def visitor_with_phone(browser):
    """Who looks at the pages on a phone."""
    return _visitor(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def page(visitor) -> Iterator:
    """An empty page of a wide window."""
    yield gestures.arrive(visitor)
    gestures.leave(visitor)


@pytest.fixture
def phone(visitor_with_phone) -> Iterator:
    """An empty page on a phone."""
    yield gestures.arrive(visitor_with_phone)
    gestures.leave(visitor_with_phone)


@pytest.fixture
def seven(tmp_path):
    path = tmp_path / "seven.png"
    files.seven().save(path)
    return str(path)


@pytest.fixture(scope="module")
def espresso() -> Image.Image:
    return photos.example("espresso").open()
