"""Looks at a stream of pictures with something slow, and never falls behind: what comes while it looks is dropped."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

KEPT = 40
"""Pictures that are remembered with what was seen on them."""
KEPT_BYTES = 40_000_000
"""Fewer are remembered if they are large: 43 of 640 x 480 pixels fit."""
IDLE = 5.0
"""Seconds without a picture after which the thread ends; the next picture starts another one."""
SPAN = 2.0
"""Seconds over which the rate is counted."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen(Generic[T]):
    """What was made of one picture.

    Attributes:
        result: of the work.
        picture: uint8 (height, width, 3), RGB. Not to be written into.
        at: when the picture came, by `time.monotonic`.
        milliseconds: from then until the result was there.
    """

    result: T
    picture: np.ndarray
    at: float
    milliseconds: float


class Watcher(Generic[T]):
    """Runs `work` on the newest picture in a thread of its own.

    There is room for one waiting picture: a newer one takes its place, so that neither the memory nor the delay grows
    when pictures come faster than they are looked at. All methods may be called from any thread. `work` and `draw` may be
    replaced at any time and hold from the next picture on.

    Args:
        work: from a picture, uint8 (height, width, 3) RGB, to a result.
        draw: from a picture and the newest result to the picture to show, of the same kind; must not write into the
            one that it is given.
    """

    def __init__(
        self, work: Callable[[np.ndarray], T], draw: Callable[[np.ndarray, T], np.ndarray] | None = None
    ) -> None:
        self.work, self.draw = work, draw
        self._turn = threading.Condition()
        self._waiting: tuple[float, np.ndarray] | None = None
        self._seen: deque[Seen[T]] = deque()
        self._thread: threading.Thread | None = None
        self._failed: str | None = None

    def offer(self, picture: np.ndarray) -> None:
        """Look at this picture next, instead of any that still waits. Returns at once."""
        with self._turn:
            self._waiting = (time.monotonic(), picture)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def drawn(self, picture: np.ndarray) -> np.ndarray:
        """The picture with the newest result drawn on it; the picture itself if there is none, or nothing to draw."""
        newest, draw = self.latest(), self.draw
        if newest is None or draw is None:
            return picture
        try:
            return draw(picture, newest.result)
        except Exception as error:
            self._tell(error)
            return picture

    def stop(self) -> None:
        """Forget everything and let the thread end. A later `offer` starts anew."""
        with self._turn:
            self._waiting = self._thread = None
            self._seen.clear()
            self._turn.notify_all()

    def latest(self) -> Seen[T] | None:
        """What was seen last, or None."""
        with self._turn:
            return self._seen[-1] if self._seen else None

    def since(self, moment: float) -> list[Seen[T]]:
        """What was seen on pictures that came at `moment` (`time.monotonic`) or later, oldest first, at most `KEPT`."""
        with self._turn:
            return [seen for seen in self._seen if seen.at >= moment]

    @property
    def frames_per_second(self) -> float:
        """Pictures looked at per second, of late; 0 while nothing comes."""
        now = time.monotonic()
        with self._turn:
            done = [seen.at + seen.milliseconds / 1000 for seen in self._seen]
        done = [moment for moment in done if moment > now - SPAN]
        return (len(done) - 1) / (done[-1] - done[0]) if len(done) > 1 and done[-1] > done[0] else 0.0

    def _run(self) -> None:
        me = threading.current_thread()
        while (given := self._next(me)) is not None:
            at, picture = given
            try:
                result = self.work(picture)
            except Exception as error:
                self._tell(error)
                continue
            with self._turn:
                if self._thread is me:
                    self._seen.append(Seen(result, picture, at, 1000 * (time.monotonic() - at)))
                    most = min(KEPT, max(1, KEPT_BYTES // max(1, picture.nbytes)))
                    while len(self._seen) > most:
                        self._seen.popleft()

    def _next(self, me: threading.Thread) -> tuple[float, np.ndarray] | None:
        """The waiting picture; None when the thread is to end."""
        with self._turn:
            self._turn.wait_for(lambda: self._waiting is not None or self._thread is not me, IDLE)
            if self._thread is not me:
                return None
            given, self._waiting = self._waiting, None
            if given is None:
                self._thread = None
            return given

    def _tell(self, error: Exception) -> None:
        """Log an error once, and not again for every picture."""
        if self._failed != repr(error):
            self._failed = repr(error)
            _LOG.warning("A picture could not be looked at: %r", error)
