// What all demos share in the browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { familiarity, percent, ranked, softmax, strange } from "../../static/browser/runtime.js";
import { latest } from "../../static/browser/view.js";

test("probabilities add up to one, even of large scores", () => {
  const probabilities = softmax([1000, 1001, 999]);
  assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.equal(ranked(probabilities, ["a", "b", "c"], 2).map((one) => one.label).join(), "b,a");
});

test("a probability claims neither nothing nor all", () => {
  assert.deepEqual([0, 0.0009, 0.5, 0.9994, 0.9995, 1].map(percent), [
    "less than 0.1%", "less than 0.1%", "50.0%", "99.9%", "more than 99.9%", "100.0%",
  ]);
});

test("of what comes while a job runs, only the last counts", async () => {
  let runs = 0;
  /** @type {(() => void)[]} */
  const open = [];
  const go = latest(() => new Promise((resolve) => {
    runs++;
    open.push(() => resolve());
  }));
  const done = go();
  for (let i = 0; i < 5; i++) go();
  assert.equal(runs, 1);
  open.shift()?.();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(runs, 2);
  open.shift()?.();
  await done;
  assert.equal(runs, 2);
});

test("only what is less familiar than a limit is called strange", () => {
  const limit = { below: Math.log(3), sentence: "Nothing I know." };
  assert.equal(strange([-1, -1, -1], limit), limit.sentence);
  assert.equal(strange([1, 1, 1], limit), "");
  assert.equal(strange([-1, -1, -1], null), "");
});

test("familiarity is the logarithm of the sum of the scores' exponentials", () => {
  assert.equal(familiarity([1000, 0, 0]), 1000);
  assert.ok(Math.abs(familiarity(new Float32Array([0, 0, 0])) - Math.log(3)) < 1e-6);
});
