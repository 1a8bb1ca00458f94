"""Large blocks go back to the system; in processes of their own, since that is set for a whole process."""

import platform
import subprocess
import sys

import pytest

from lib import memory

# The first block, freed, is what glibc adapts to. Then how many of the next ones have been asked of the system each.
COUNT = """
import ctypes
{before}
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in "arena ordblks smblks hblks hblkhd usm fsm used free keep".split()]
libc = ctypes.CDLL(None)
libc.mallinfo.restype = Info
block = bytearray(1_000_000)
del block
had = libc.mallinfo().hblks
blocks = [bytearray(900_000) for _ in range(10)]
print(libc.mallinfo().hblks - had)
"""
SET = "from lib.memory import return_large_blocks; assert return_large_blocks()"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do otherwise")
@pytest.mark.parametrize(("before", "expected"), [("", 0), (SET, 10)])
def test_large_blocks_are_apart_from_the_heap(before, expected):
    code = COUNT.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == expected


@pytest.mark.parametrize("failure", [OSError, AttributeError, TypeError])
def test_another_c_library_is_left_alone(monkeypatch, failure):
    def fail(name):
        raise failure("none")

    monkeypatch.setattr(memory.ctypes, "CDLL", fail)
    assert memory.return_large_blocks.__wrapped__() is False
