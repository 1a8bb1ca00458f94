"""Few pools of memory for all threads; in processes of their own, since the limit holds for a whole process."""

import platform
import subprocess
import sys

import pytest

from lib import allocator

# Many threads at once, each with memory of its own; then what glibc itself tells of its pools.
COUNT = """
import ctypes, re, sys, threading
from pathlib import Path
{before}
together = threading.Barrier(30)
def work():
    kept = [bytearray(2000) for _ in range(100)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(30)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
print(len(re.findall("<heap nr=", Path(sys.argv[1]).read_text())))
"""
LIMITED = "from lib.allocator import limit_arenas; assert limit_arenas()"


def arenas(tmp_path, before: str) -> int:
    code = COUNT.format(before=before)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "info.xml")], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_two_arenas(tmp_path):
    assert arenas(tmp_path, "") > 2
    assert arenas(tmp_path, LIMITED) == 2


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_the_limit_still_holds_after_what_the_server_imports(tmp_path):
    imports = "import streamlit.web.bootstrap, numpy, pandas, pyarrow; from lib import cached, experiments, session; "
    assert arenas(tmp_path, imports + LIMITED) == 2


@pytest.mark.parametrize("failure", [OSError, AttributeError, TypeError])
def test_another_c_library_is_left_alone(monkeypatch, failure):
    def fail(name):
        raise failure("none")

    monkeypatch.setattr(allocator.ctypes, "CDLL", fail)
    assert allocator.limit_arenas.__wrapped__() is False
