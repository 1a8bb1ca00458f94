"""How many people does one server bear? ``python -m benchmarks.load [--sessions 50] [--page numbers_sum]``

Sessions that speak Streamlit's own protocol, as a browser does, open a page and then change a widget again and again.
Prints how long opening and answering takes them, how much of the server's processor time that costs, and the server's memory;
before that, the same for every page that one person opens alone. Everything stays on this machine.

Processor time is also given as a ratio to a fixed loop in Python, since the speed of a machine changes from hour to hour.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from lib import catalogue
from tests.conftest import running_server

ARRIVING = 5.0
"""Seconds in which all sessions come."""
PAUSE = 4.0
"""Seconds between two inputs of a session, on average."""
OPENED = 5
"""Times that each page is opened alone."""


@contextlib.contextmanager
def serve() -> Iterator[tuple[str, psutil.Process]]:
    """Address and process of a dashboard that only this machine sees."""
    with tempfile.TemporaryFile("w+") as log:
        with running_server(log, "--server.address", "localhost") as (address, pid):
            yield address.removeprefix("http://"), psutil.Process(pid)
        log.seek(0)
        text = re.sub(r"\x1b\[[0-9;]*m", "", log.read())
    lines = re.findall(r"^\w*(?:Error|Exception): .*|.* WARNING .*", text, re.MULTILINE)
    for line, times in Counter(lines).items():
        print(f"In the server's log, {times} times: {line}")


@dataclass
class Session:
    """One visitor.

    Attributes:
        socket: to the server.
        slug: of the page.
        where: the network runs, ``"server"`` or ``"browser"``.
        widgets: id and fragment of each text field, button and demo, by the name that the page gave it.
    """

    socket: websockets.ClientConnection
    slug: str
    where: str = "server"
    widgets: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def ask(self, name: str = "", state: WidgetState | None = None) -> None:
        """Have the page made, or the fragment of that widget with its new state, and wait for its end."""
        message = BackMsg()
        message.rerun_script.query_string = f"run={self.where}"
        message.rerun_script.page_name = self.slug
        if state:
            state.id, message.rerun_script.fragment_id = self.widgets[name]
            message.rerun_script.widget_states.widgets.append(state)
        await self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                element = answer.delta.new_element
                widget = element.WhichOneof("type")
                if widget in ("button", "text_input", "bidi_component"):
                    found = getattr(element, widget).id
                    self.widgets[found.split("-", 2)[-1]] = found, answer.delta.fragment_id
            # A page that leaves to the router begins again.
            elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    async def answer(self) -> None:
        """Give the page another input: a sum, or one of its examples."""
        demo = next((name for name in self.widgets if name.startswith(f"{self.slug}_sum_")), None)
        if demo:
            # The browser has answered already. It says what was typed, for the rest of the page.
            typed = f"{random.randrange(1000)}+{random.randrange(1000)}"
            await self.ask(demo, WidgetState(json_value=json.dumps({"typed": typed})))
        elif f"{self.slug}_typed" in self.widgets:
            typed = f"{random.randrange(1000)}+{random.randrange(1000)}"
            await self.ask(f"{self.slug}_typed", WidgetState(string_value=typed))
        else:
            examples = [name for name in self.widgets if "_example_" in name]
            await self.ask(random.choice(examples), WidgetState(trigger_value=True))


@contextlib.asynccontextmanager
async def visit(address: str, slug: str, where: str = "server"):
    """A session on a page that was opened, and the seconds that this took."""
    start = time.perf_counter()
    async with websockets.connect(
        f"ws://{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None
    ) as socket:
        session = Session(socket, slug, where)
        await session.ask()
        yield session, time.perf_counter() - start


async def crowd(address: str, slug: str, sessions: int, seconds: float, where: str) -> tuple[list[float], list[float]]:
    """Seconds to open and to answer, of all sessions."""
    opened, answered = [], []
    end = time.monotonic() + ARRIVING + seconds

    async def person() -> None:
        await asyncio.sleep(random.uniform(0, ARRIVING))
        async with visit(address, slug, where) as (session, took):
            opened.append(took)
            while True:
                await asyncio.sleep(random.expovariate(1 / PAUSE))
                if time.monotonic() > end:
                    return
                start = time.perf_counter()
                await session.answer()
                answered.append(time.perf_counter() - start)

    await asyncio.gather(*(person() for _ in range(sessions)))
    return opened, answered


def processor(server: psutil.Process) -> float:
    """Seconds of processor time that the server has used."""
    used = server.cpu_times()
    return used.user + used.system


def fixed_loop() -> float:
    """Seconds of processor time of a loop that never changes."""
    start = time.process_time()
    total = 0
    for i in range(5_000_000):
        total += i * i % 7
    return time.process_time() - start


async def alone(address: str, server: psutil.Process, slug: str) -> str:
    """What one visitor costs, in words."""
    times, before = [], 0.0
    for i in range(OPENED + 1):
        if i == 1:
            # The first visit loads models, and is another matter.
            before = processor(server)
        async with visit(address, slug) as (session, took):
            times.append(took)
            last = session
            if i == OPENED:
                cost = (processor(server) - before) / OPENED
                line = f"opened in {np.median(times[1:]):.2f} s (first {times[0]:.2f}), {cost:.2f} s of processor time"
                if any(name.endswith("_typed") or "_example_" in name for name in last.widgets):
                    before, start = processor(server), time.perf_counter()
                    for _ in range(OPENED):
                        await last.answer()
                    line += f"; answered in {(time.perf_counter() - start) / OPENED:.2f} s"
                    line += f", {(processor(server) - before) / OPENED:.2f} s"
    return line


def percentiles(seconds: list[float]) -> str:
    median, most = np.percentile(seconds, [50, 95])
    return f"median {median:.2f} s, 95th percentile {most:.2f} s ({len(seconds)} times)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--page", default="numbers_sum", choices=[one.slug for one in catalogue.EXPERIMENTS])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument(
        "--where", choices=["server", "browser"], help="where the network runs (default: one after the other)"
    )
    parser.add_argument("--crowd-only", action="store_true", help="leave out the pages opened alone")
    options = parser.parse_args()
    loop = fixed_loop()
    print(f"The fixed loop takes {loop:.2f} s of processor time on this machine.")
    with serve() as (address, server):
        if not options.crowd_only:
            for slug in ("", *(experiment.slug for experiment in catalogue.EXPERIMENTS)):
                print(f"{slug or 'gallery':21}{asyncio.run(alone(address, server, slug))}")
        else:
            asyncio.run(alone(address, server, options.page))
        for where in (options.where,) if options.where else ("server", "browser"):
            before = processor(server)
            opened, answered = asyncio.run(crowd(address, options.page, options.sessions, options.seconds, where))
            used = processor(server) - before
            print(f"{options.sessions} sessions on {options.page}, whose network runs in the {where}")
            print(f"  open:   {percentiles(opened)}")
            print(f"  {'answer' if where == 'server' else 'the rest of the page follows'}: {percentiles(answered)}")
            print(
                f"  processor time: {used:.1f} s, {used / loop:.1f} fixed loops; memory: {server.memory_info().rss / 1e6:.0f} MB"
            )


if __name__ == "__main__":
    main()
