import assert from "node:assert/strict";
import { test } from "node:test";

import { blended } from "../../static/browser/blend.js";
import { decode, kept, shared, windows } from "../../static/browser/faces.js";

/** @type {(left: number, score?: number, probabilities?: number[]) => import("../../static/browser/blend.js").Read} */
const face = (left, score = 0.9, probabilities = [1, 0]) => ({ box: [left, 0, left + 40, 40], score, probabilities });

test("what is shown moves a share of the way to what is new", () => {
  const [one] = blended([face(0)], [face(10, 0.8, [0, 1])], 0.25);
  assert.deepEqual(one.box, [2.5, 0, 42.5, 40]);
  assert.deepEqual(one.probabilities, [0.75, 0.25]);
});

test("a face that is new is shown at once, and one that is gone is gone", () => {
  assert.deepEqual(blended([face(0)], [face(200)], 0.1), [face(200)]);
  assert.deepEqual(blended([face(0)], [], 0.1), []);
});

test("two faces never take over the same old one", () => {
  const [first, second] = blended([face(0)], [face(2), face(4)], 0.5);
  assert.equal(first.box[0], 1);
  assert.equal(second.box[0], 4);
});

test("the largest face comes first, and of two about the same face the surer one counts", () => {
  const large = { box: /** @type {[number, number, number, number]} */ ([100, 0, 180, 80]), score: 0.7 };
  assert.deepEqual(kept([face(0, 0.7), face(3, 0.9), large], 300, 100).map(({ score }) => score), [0.7, 0.9]);
  assert.equal(shared([0, 0, 10, 10], [20, 0, 30, 10]), 0);
});

test("places with a low score are no faces", () => {
  assert.deepEqual(decode({ boxes: new Float32Array(896 * 16), scores: new Float32Array(896).fill(-5) }, [0, 0, 128], 0), []);
});

test("a small picture has one window, and a large one many", () => {
  assert.equal(windows(100, 80).length, 1);
  assert.ok(windows(1280, 960).length > 40);
});
