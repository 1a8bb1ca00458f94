// NumPy's random numbers, as `np.random.default_rng(seed).random()` gives them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Random } from "../../static/browser/random.js";

test("a seed gives NumPy's numbers", () => {
  const random = new Random(42);
  assert.deepEqual([random.random(), random.random(), random.random()], [0.7739560485559633, 0.4388784397520523, 0.8585979199113825]);
});

test("a seed may be larger than any number of JavaScript", () => {
  assert.equal(new Random(2n ** 200n + 3n).random(), 0.9879949038499767);
});

test("without a seed the numbers differ each time", () => {
  const [one, other] = [new Random(), new Random(null)].map((random) => random.random());
  assert.notEqual(one, other);
  for (const number of [one, other]) assert.ok(number >= 0 && number < 1);
});
