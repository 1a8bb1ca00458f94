"""Memory that the C library hoards for threads."""

from __future__ import annotations

import ctypes
import functools

__all__ = ["limit_arenas"]

M_ARENA_MAX = -8
"""Number of this parameter in glibc's ``malloc.h``."""


@functools.cache
def limit_arenas(count: int = 2) -> bool:
    """Let all threads of this process share a few pools of memory, as ``MALLOC_ARENA_MAX`` in the environment does.

    glibc gives a new thread a pool ("arena") of its own, up to eight per core, and what was freed in one is not used by
    the others. Live video begins and ends threads with every connection, so that a server grew by some 10 MB with each.
    Has to be called early: once there are more than eight arenas, glibc has settled for its own limit.

    Args:
        count: how many arenas, at least 1.

    Returns:
        Whether the limit was set; False where the C library is another one, which is no error.

    Source: ``man 3 mallopt``.
    """
    try:
        return ctypes.CDLL(None).mallopt(M_ARENA_MAX, count) == 1
    except (AttributeError, OSError, TypeError):  # none, no `mallopt`, or no library of that name (Windows)
        return False
