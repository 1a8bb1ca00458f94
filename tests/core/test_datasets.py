import gzip
import http.server
import threading

import numpy as np
import pytest

from lib import datasets
from lib.bundles import sha256
from lib.mnist import DIGITS, load_fashion, load_mnist


@pytest.fixture
def no_folder(tmp_path, monkeypatch):
    """No local data, an empty cache."""
    monkeypatch.delenv("ML_DATA_DIR", raising=False)
    monkeypatch.setenv("ML_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def source(no_folder, small_mnist):
    """A source on this machine, which counts how often it is asked."""
    content = (small_mnist / "mnist" / "mnist.npz").read_bytes()
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/mnist.npz"
    yield datasets.Source("mnist/mnist.npz", url, sha256(content)), asked
    server.shutdown()
    server.server_close()


def test_local_folder_comes_first(small_mnist, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", str(small_mnist))
    mnist = load_mnist()
    assert (len(mnist.train), len(mnist.validation), len(mnist.test)) == (len(mnist.train), len(mnist.train) // 9, 100)
    assert mnist.train.images.dtype == np.uint8


def test_folder_without_the_file_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    with pytest.raises(datasets.DatasetError, match=r"no mnist/mnist.npz in it.*unset ML_DATA_DIR"):
        load_mnist()


def test_download_is_checked_and_kept(source):
    remote, asked = source
    first, second = datasets.fetch(remote, progress=False), datasets.fetch(remote, progress=False)
    assert first == second
    assert asked == ["/mnist.npz"]


def test_bad_checksum_is_refused_and_not_kept(source):
    remote, asked = source
    wrong = datasets.Source(remote.path, remote.url, "0" * 64)
    for _ in range(2):
        with pytest.raises(datasets.DatasetError, match=r"sha256 differs.*ML_DATA_DIR"):
            datasets.fetch(wrong, progress=False)
    assert len(asked) == 2


def test_without_network_one_sentence_says_what_to_set(no_folder, monkeypatch):
    unreachable = datasets.Source("mnist/mnist.npz", "http://127.0.0.1:9/mnist.npz", "0" * 64)
    monkeypatch.setattr("lib.mnist.MNIST", unreachable)
    with pytest.raises(datasets.DatasetError, match=r"no connection\).*set ML_DATA_DIR") as error:
        load_mnist()
    assert str(error.value).count("\n") == 0


def test_splits_share_nothing(small_mnist, monkeypatch, tmp_path):
    x = np.arange(2000, dtype=np.uint16).view(np.uint8).reshape(2000, 2)
    x = np.pad(x, ((0, 0), (0, 782))).reshape(2000, 28, 28)
    y = np.arange(2000) % 10
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "mnist.npz", x_train=x[:1500], y_train=y[:1500], x_test=x[1500:], y_test=y[1500:])
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    mnist = load_mnist()
    seen = [{image.tobytes() for image in split.images} for split in (mnist.train, mnist.validation, mnist.test)]
    assert [len(s) for s in seen] == [1350, 150, 500]
    assert sum(map(len, seen)) == len(set.union(*seen))


@pytest.mark.parametrize(
    ("arrays", "part"),
    [
        ({"images": np.zeros((3, 28, 28), np.uint8)}, "no array 'labels'"),
        ({"images": np.zeros((3, 28, 28)), "labels": np.zeros(3, int)}, "must be uint8"),
        ({"images": np.zeros((3, 32, 32), np.uint8), "labels": np.zeros(3, int)}, "must be uint8 of shape"),
        ({"images": np.zeros((3, 28, 28), np.uint8), "labels": np.zeros(4, int)}, "labels must be 3 whole numbers"),
        ({"images": np.zeros((3, 28, 28), np.uint8), "labels": np.array([1, 2, 10])}, "from 0 to 9"),
        ({"images": np.zeros((0, 28, 28), np.uint8), "labels": np.zeros(0, int)}, "at least one"),
    ],
)
def test_files_of_another_form_are_refused(tmp_path, arrays, part):
    np.savez(tmp_path / "own.npz", **arrays)
    with pytest.raises(datasets.DatasetError, match=part):
        datasets.load_labelled_images(tmp_path / "own.npz", DIGITS)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half an archive"])
def test_files_that_are_no_archives_are_refused(tmp_path, content):
    (tmp_path / "own.npz").write_bytes(content)
    with pytest.raises(datasets.DatasetError, match=r"not an .npz file|needs 'images'"):
        datasets.load_labelled_images(tmp_path / "own.npz", DIGITS)


def test_clothes_are_read_from_the_files_that_are_downloaded(tmp_path, no_folder, monkeypatch):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (30, 28, 28), np.uint8), np.arange(30, dtype=np.uint8) % 10
    (tmp_path / "images.gz").write_bytes(gzip.compress(b"\0\0\x08\x03" + bytes(12) + images.tobytes()))
    (tmp_path / "labels.gz").write_bytes(gzip.compress(b"\0\0\x08\x01" + bytes(4) + labels.tobytes()))
    monkeypatch.setattr(
        "lib.mnist.fetch", lambda source: tmp_path / ("images.gz" if "images" in source.path else "labels.gz")
    )
    clothes = load_fashion()
    assert np.array_equal((clothes.train + clothes.validation).images, images)
    assert np.array_equal(clothes.test.labels, labels)
    (tmp_path / "labels.gz").write_bytes(b"not a file of this kind")
    with pytest.raises(datasets.DatasetError, match="please delete it"):
        load_fashion()


def test_folder_without_clothes_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    with pytest.raises(datasets.DatasetError, match=r"no fashion_mnist/fashion_mnist.npz in it.*unset ML_DATA_DIR"):
        load_fashion()
