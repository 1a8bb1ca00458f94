"""Memory that the C library would hoard, and objects that Python would look through again and again."""

from __future__ import annotations

import ctypes
import functools
import gc
import importlib
from collections.abc import Sequence

M_MMAP_THRESHOLD = -3
"""Number of this parameter in glibc's ``malloc.h``."""


@functools.cache
def return_large_blocks(size: int = 128 * 1024) -> bool:
    """Have blocks of memory of at least ``size`` bytes go back to the system as soon as they are freed.

    So glibc begins, too, but whenever such a block is freed it takes all up to that block's size (32 MB at most) for
    passing needs, and cuts the next ones out of its heap. The pictures and encoders of live video then leave holes that
    nothing else fits into, and the server grows with each connection. Setting the size ends that adapting.

    Args:
        size: bytes, at least 1; 128 KiB is where glibc begins.

    Returns:
        Whether it was set; False where the C library is another one, which is no error.

    Source: ``man 3 mallopt``.
    """
    try:
        return ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, size) == 1
    except (AttributeError, OSError, TypeError):  # no `mallopt`, no library, or no such way to ask for it (Windows)
        return False


def load_for_good(modules: Sequence[str]) -> None:
    """Import modules, and spare the garbage collector everything that is there now.

    Streamlit has Python look for garbage after every run. Hundreds of thousands of objects belong to modules, which stay as long as
    the server runs: looking through them took most of the time of an answer.

    Args:
        modules: names of what takes long to import.
    """
    for name in modules:
        importlib.import_module(name)
    spare()


def spare() -> None:
    """Spare the garbage collector everything that is there now and no garbage. For what stays as long as the server runs."""
    gc.collect()
    gc.freeze()
