// Children of pictures, and what the game says about scores.

import assert from "node:assert/strict";
import { test } from "node:test";

import { children } from "../../static/browser/breed.js";
import { PIXELS, noise } from "../../static/browser/flow.js";
import { told } from "../../static/browser/game.js";

/** @param {Float32Array} values */
const loudness = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** @param {number} seed */
const one = (seed) => ({ noise: noise(seed, 1), label: seed });

test("noise of relatives does not grow louder with the generations", () => {
  let family = children([one(1), one(2)], noise(3, 4), Math.random);
  for (let generation = 0; generation < 20; generation++) family = children(family, noise(4 + generation, 4), Math.random);
  for (const child of family) {
    assert.ok(Math.abs(loudness(child.noise) - 1) < 0.1);
    assert.ok([1, 2].includes(child.label));
  }
});

test("a child is like its parents, and has the class of the nearer one", () => {
  const parents = [one(1), one(2)];
  // The first parent, the only other one, and a share of the way.
  const numbers = [0, 0, 0.1, 0, 0, 0.9];
  const [near, far] = children(parents, noise(3, 2), () => /** @type {number} */ (numbers.shift()));
  assert.deepEqual([near.label, far.label], [1, 2]);
  /** @param {Float32Array} first @param {Float32Array} second */
  const alike = (first, second) => first.reduce((sum, value, i) => sum + value * second[i], 0) / PIXELS;
  assert.ok(alike(near.noise, parents[0].noise) > 0.8);
  assert.ok(alike(far.noise, parents[1].noise) > 0.8);
  const [alone] = children([one(1)], noise(3, 1), Math.random);
  assert.ok(alike(alone.noise, parents[0].noise) > 0.8);
});

test("scores are told with the best one and the mean", () => {
  assert.equal(told([15]), "You: 15 of 20 right. Guessing gives 10 on average.");
  assert.match(told([15, 10]), /^You: 10 of 20 right\..* 2 rounds: 15 at best, 12\.5 on average\.$/);
});
