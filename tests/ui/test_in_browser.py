"""Networks in the visitor's browser: the same answers, no leak, and a way out where they cannot run."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lib import bundles
from lib.bundles import Bundle
from lib.two_places import Server
from tests.conftest import ALL
from tests.gestures import DIGITS, draw, open_page, wait_for_answer

RUN = """async ({ facts, given }) => {
  const { load } = await import(new URL("runtime.js", document.baseURI));
  const decoded = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, [kind, text]]) => [name, new globalThis[kind](decoded(text))]));
  const shapes = Object.fromEntries(Object.entries(given).map(([name, [, , shape]]) => [name, shape]));
  const { outputs } = await (await load(facts)).run(inputs, shapes);
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, [...values]]));
}"""
"""Runs a network in a page beside the runtime."""


def given_and_expected(bundle: Bundle) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Some input of a network, and what it says to it on the server."""
    facts, rng = bundle.facts["browser"], np.random.default_rng(3)
    if "character" in facts["inputs"]:
        states = {name: shape for name, shape in facts["inputs"].items() if name != "character"}
        given = {"character": np.array([1], np.int32)}
        given |= {name: np.tanh(rng.normal(size=shape)).astype(np.float32) for name, shape in states.items()}
        return given, Server(bundle).outputs(given)
    shape = facts["inputs"]["images"]
    if shape[0] is None:
        # Any number of pictures, and what the network hears about each.
        many = {name: (2, *sides[1:]) for name, sides in facts["inputs"].items()}
        given = {name: rng.normal(size=sides).astype(np.float32) for name, sides in many.items()}
        return given, Server(bundle).outputs(given)
    if shape == [1, 28, 28]:
        image = bundle.evaluation["examples_images"][:1].astype(np.float32)
    else:
        # A smooth picture, as photos are.
        small = rng.integers(0, 256, (1, 4, 4, shape[3])).astype(np.float32)
        image = small.repeat(-(-shape[1] // 4), 1).repeat(-(-shape[2] // 4), 2)[:, : shape[1], : shape[2]]
    found = Server(bundle).outputs({"images": image})
    return {"images": image}, {name: found[name] for name in facts["gives"]}


def encoded(values: np.ndarray) -> tuple[str, str, list[int]]:
    kind = "Int32Array" if values.dtype == np.int32 else "Float32Array"
    return kind, base64.b64encode(np.ascontiguousarray(values).tobytes()).decode(), list(values.shape)


def test_every_network_says_in_the_browser_what_it_says_on_the_server(page, server):
    page.goto(f"{server}/app/static/browser/demo.css")
    for slug in ALL:
        bundle = bundles.load(slug)
        given, expected = given_and_expected(bundle)
        facts: dict[str, Any] = {"slug": slug, **bundle.facts["browser"]}
        outputs = page.evaluate(RUN, {"facts": facts, "given": {name: encoded(one) for name, one in given.items()}})
        assert outputs.keys() == expected.keys()
        for name, values in expected.items():
            found = np.array(outputs[name], np.float64).reshape(values.shape)
            if name in ("logits", "scores") and "boxes" not in expected:
                found, values = (np.exp(one - one.max()) / np.exp(one - one.max()).sum() for one in (found, values))
            assert np.abs(found - values).max() <= 1e-3, f"{slug}: {name}"


def test_500_predictions_leave_no_memory_behind(page, server):
    page.goto(f"{server}/app/static/browser/demo.css")
    facts = {"slug": "digits_cnn", **bundles.load("digits_cnn").facts["browser"]}
    before, after = page.evaluate(
        """async (facts) => {
          const { load, memory } = await import(new URL("runtime.js", document.baseURI));
          const model = await load(facts);
          const images = new Float32Array(784).fill(9);
          await model.run({ images });
          const before = await memory();
          for (let i = 0; i < 500; i++) await model.run({ images });
          return [before, await memory()];
        }""",
        facts,
    )
    assert before == after


def test_network_answers_while_one_draws_and_the_rest_of_the_page_follows(page, server):
    open_page(page, server, "digits_cnn", "browser")
    expect(page.locator(".iml-draw[data-ready]")).to_be_visible()
    pad = page.locator(".iml-pad")
    pad.scroll_into_view_if_needed()
    left, top = (pad.bounding_box() or {})["x"], (pad.bounding_box() or {})["y"]
    (x, y), *rest = DIGITS["7"][0]
    page.mouse.move(left + x, top + y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(left + x, top + y, steps=4)
    # The pen is still down.
    expect(page.locator(".iml-answer strong")).to_have_text("7")
    expect(page.locator(".st-key-answer_good")).to_contain_text("–")
    page.mouse.up()
    expect(page.locator(".st-key-answer_good")).to_contain_text("7")
    page.reload()
    expect(page.locator(".iml-answer strong")).to_have_text("7")
    # The other way shows the same drawing.
    page.get_by_role("radio", name="On the server").click()
    wait_for_answer(page, "7")
    page.get_by_role("radio", name="In your browser").click()
    expect(page.locator(".iml-answer strong")).to_have_text("7")
    page.locator(".iml-clear").click()
    expect(page.get_by_text("The canvas is empty: please draw a digit.")).to_be_visible()


def test_sketch_is_guessed_while_one_draws(phone, server):
    open_page(phone, server, "sketch_mlp", "browser")
    expect(phone.locator(".iml-draw[data-ready]")).to_be_visible()
    phone.get_by_role("button", name="envelope").or_(phone.locator(".iml-draw .iml-line button").last).first.tap()
    expect(phone.locator(".iml-answer strong")).not_to_be_empty()


@pytest.mark.parametrize("how", ["damaged", "missing", "no wasm"])
def test_where_it_cannot_run_the_server_takes_over_with_a_sentence(page, server, how):
    if how == "no wasm":
        # Also in the worker, which has a world of its own.
        page.route(
            "**/worker.js", lambda route: route.fulfill(body="throw new Error()", content_type="text/javascript")
        )
    else:
        body = {"status": 404} if how == "missing" else {"body": b"{}", "content_type": "application/json"}
        page.route("**/digits_cnn/*/model.json", lambda route: route.fulfill(**body))
    open_page(page, server, "digits_cnn", "browser")
    expect(page.get_by_text("The server does the work now.")).to_be_visible()
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
