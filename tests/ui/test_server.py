"""What only a running server shows: many runs of one session that come fast, as from a person on a slow line."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load import visit


def test_fragment_and_full_runs_of_one_session_do_no_harm_to_each_other(server):
    """The server's log is looked through in the end, see the fixture."""

    async def hurry() -> list[str]:
        async with visit(server.removeprefix("http://"), "numbers_sum") as (session, _):
            typed, fragment = session.widgets["numbers_sum_typed"]
            for i in range(30):
                message = BackMsg()
                message.rerun_script.page_name = session.slug
                message.rerun_script.query_string = "run=server"
                if i % 3:
                    message.rerun_script.fragment_id = fragment
                    message.rerun_script.widget_states.widgets.append(WidgetState(id=typed, string_value=f"{i}+1"))
                await session.socket.send(message.SerializeToString())
                await asyncio.sleep(0.02)
            await session.ask("numbers_sum_typed", WidgetState(string_value="20+22"))
            return await answers(session.socket)

    # In a thread of its own: the browser of other tests may have an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(hurry())).result()[-1] == "42"


async def answers(socket: websockets.ClientConnection) -> list[str]:
    """What the network wrote in all runs that are still to come, until the server falls silent."""
    found = []
    try:
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), 3))
            if message.WhichOneof("type") == "delta" and message.delta.new_element.WhichOneof("type") == "metric":
                metric = message.delta.new_element.metric
                if metric.label == "The network writes":
                    found.append(metric.body)
    except TimeoutError:
        return found
