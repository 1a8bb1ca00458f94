"""Fixtures: digits and files to feed in, a small MNIST, a server, and a browser."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import string
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib import bundles, catalogue, photos
from lib.tasks.photos.data import EVALUATION
from tests import files

ROOT = Path(__file__).resolve().parent.parent
SLUGS = tuple(experiment.slug for experiment in catalogue.EXPERIMENTS if experiment.task == "digits")
"""The experiments that read digits."""
SKETCHES = tuple(experiment.slug for experiment in catalogue.EXPERIMENTS if experiment.task == "sketches")
"""The experiments that recognise sketches."""
TEXTS = tuple(experiment.slug for experiment in catalogue.EXPERIMENTS if experiment.task == "texts")
"""The experiments that write."""
HANDS = tuple(experiment.slug for experiment in catalogue.EXPERIMENTS if experiment.task == "hands")
"""The experiments that read hands."""
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


@pytest.fixture(scope="session")
def examples() -> tuple[np.ndarray, np.ndarray]:
    """One test digit of each class, images uint8 (10, 28, 28), and the labels."""
    evaluation = bundles.load("digits_cnn").evaluation
    return evaluation["examples_images"], evaluation["examples_labels"]


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a file of MNIST's form: digits of the bundle, again and again."""
    evaluation = bundles.load("digits_mlp").evaluation
    images, labels = evaluation["samples_images"], evaluation["samples_true"]
    repeats = -(-500 // len(images))
    x, y = np.tile(images, (repeats, 1, 1)), np.tile(labels, repeats)
    folder = tmp_path_factory.mktemp("data")
    (folder / "mnist").mkdir()
    np.savez(folder / "mnist" / "mnist.npz", x_train=x, y_train=y, x_test=x[:100], y_test=y[:100])
    return folder


@pytest.fixture(scope="session")
def small_data(small_mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment with files of all datasets' forms: digits, drawings and passages of the bundles, again and again."""
    folder = small_mnist / "text"
    folder.mkdir(exist_ok=True)
    passages = {slug: bundles.load(slug).evaluation for slug in TEXTS}
    lines = {slug: "\n".join(map(str, [*p["hard_texts"], *p["easy_texts"]])) for slug, p in passages.items()}
    play = (f"{string.ascii_letters}\n{lines['text_shakespeare']}\n") * 10
    articles = "".join(f"= Title {i} =\n\n{lines['text_wikipedia']}\n\n" for i in range(30))
    wikitext = "".join(f" \n = Name {i} = \n \n A <unk> word , and @-@ 3 @.@ 5 ( more ) . \n" * 20 for i in range(10))
    for name, text in (
        ("tinyshakespeare", play),
        ("enwiki_106_articles", articles),
        ("wikitext2_valid", wikitext),
    ):
        (folder / f"{name}.txt.gz").write_bytes(gzip.compress(text.encode()))
    kept = tmp_path_factory.mktemp("evaluation")
    (kept / "wikitext2_test.txt.gz").write_bytes(gzip.compress(wikitext.encode()))
    (small_mnist / "quickdraw").mkdir(exist_ok=True)
    drawn = bundles.load("sketch_cnn")
    images, labels = drawn.evaluation["test_images"], drawn.evaluation["test_labels"]
    names, source = np.array(drawn.classes), np.zeros(len(labels), np.uint8)
    np.savez(small_mnist / "quickdraw" / "quickdraw28.npz", images=images, labels=labels, names=names, source=source)
    first = np.unique(labels, return_index=True)[1]
    np.savez(kept / "quickdraw28_heldout.npz", images=images[first], labels=labels[first], names=names)
    (small_mnist / "coco").mkdir(exist_ok=True)
    for path in (kept / "coco_val128.npz", small_mnist / "coco" / "coco_train128.npz"):
        write_labelled_photos(path)
    # Photos of one colour for all of ImageNet's classes, half of them for each of the two files.
    known = bundles.load("image_classification")
    (small_mnist / "imagenet_samples").mkdir(exist_ok=True)
    for start, path in ((0, small_mnist / "imagenet_samples" / "imagenet_samples.npz"), (1, kept / EVALUATION)):
        np.savez(path, **plain_photos(known.facts["wnids"][start::2]), name=np.array(known.classes[start::2]))
    (small_mnist / "fashion_mnist").mkdir(exist_ok=True)
    shutil.copy(small_mnist / "mnist" / "mnist.npz", small_mnist / "fashion_mnist" / "fashion_mnist.npz")
    (small_mnist / "rps").mkdir(exist_ok=True)
    write_hands(small_mnist / "rps" / "rps_real.npz", (0, 1, 3, 8))
    write_hands(small_mnist / "rps" / "rps_moroney_cgi.npz", (21,), 3)
    write_hands(kept / "rps_real_heldout.npz", (11, 15))
    return {"ML_DATA_DIR": str(small_mnist), "ML_EVALUATION_DIR": str(kept)}


def write_hands(path: Path, sources: tuple[int, ...], classes: int = 4) -> None:
    """A file of the form of the hand photos: the project's own example of each class, four times for each source."""
    files = [
        photos.example("espresso").path.with_name(f"{name}.jpg") for name in ("rock", "paper", "scissors", "espresso")
    ]
    content = [file.read_bytes() for file in files[:classes]] * 4 * len(sources)
    np.savez(
        path,
        jpeg=np.frombuffer(b"".join(content), np.uint8),
        offsets=np.cumsum([0, *map(len, content)]),
        labels=np.tile(np.arange(classes), 4 * len(sources)).astype(np.uint8),
        source=np.repeat(sources, 4 * classes).astype(np.uint8),
        source_names=np.array([f"source {i}" for i in range(22)]),
    )


def write_labelled_photos(path: Path) -> None:
    """A file of the form of COCO's extract: the project's own photos, on each of which a large cat and a small cup are said to be."""
    files = [photos.example(name).path.read_bytes() for name in ("cat", "espresso", "macaw", "panda")]
    sizes = [photos.example(name).open().size for name in ("cat", "espresso", "macaw", "panda")]
    n = len(files)
    boxes = [[i, label, 0.5, 0.5, side, side] for i in range(n) for label, side in ((0, 0.6), (1, 0.05))]
    np.savez(
        path,
        jpeg=np.frombuffer(b"".join(files), np.uint8),
        offsets=np.cumsum([0, *map(len, files)]),
        image_id=np.arange(n),
        size=np.array(sizes),
        boxes=np.array(boxes, np.float32),
        class_names=np.array(["cat", "cup"]),
    )


def plain_photos(wnids: list[str]) -> dict[str, np.ndarray]:
    """A red photo for each of ImageNet's classes that are named, packed as `lib.tasks.photos.data` reads them."""
    jpegs = [files.encode(Image.new("RGB", (32, 32), "red"), "JPEG") for _ in wnids]
    offsets = np.cumsum([0, *map(len, jpegs)])
    return {"jpeg": np.frombuffer(b"".join(jpegs), np.uint8), "offsets": offsets, "wnid": np.array(wnids)}


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


def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server until the generator is closed; fails if a traceback was logged."""
    log = (tmp_path_factory.mktemp("server") / "log.txt").open("w+")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                pytest.fail(f"The server did not start:\n{log.read()}")
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(timeout=20)
    log.seek(0)
    text = log.read()
    log.close()
    assert "Traceback" not in text, text


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
    """Starts browsers with flags of their own; they are closed in the end."""
    running = []

    def launch_with(*flags: str):
        running.append(_launch(browser.browser_type, *flags))
        return running[-1]

    yield launch_with
    for one in running:
        one.close()


def _launch(browser_type, *flags: str):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return browser_type.launch(executable_path=path, args=[*BROWSER_FLAGS, *flags])


@pytest.fixture
def page(browser) -> Iterator:
    """A fresh page of a wide window."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()
