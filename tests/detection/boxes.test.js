import assert from "node:assert/strict";
import { test } from "node:test";

import { candidates, counted, detections, overlap, placeFor, suppress } from "../../static/browser/boxes.js";

test("boxes overlap by nothing, a third, or all", () => {
  assert.equal(overlap([0, 0, 1, 1], [2, 2, 3, 3]), 0);
  assert.ok(Math.abs(overlap([0, 0, 2, 1], [1, 0, 3, 1]) - 1 / 3) < 1e-12);
  assert.equal(overlap([0, 0, 1, 1], [0, 0, 1, 1]), 1);
  assert.equal(overlap([1, 1, 0, 0], [1, 1, 0, 0]), 0);
});

const raw = { scores: Float32Array.of(0.9, 0, 0.8, 0.5, 0, 0.3), boxes: Float32Array.of(0, 0, 1, 1, 0, 0, 1, 0.9, -0.1, 0, 0.2, 1.1) };

test("the surest come first, and only those above the threshold", () => {
  assert.deepEqual(candidates(raw, 2, 0.4).map(({ anchor, index }) => [anchor, index]), [[0, 0], [1, 0], [1, 1]]);
  assert.deepEqual(candidates(raw, 2, 0.1, new Set([1])).map(({ anchor }) => anchor), [1, 2]);
});

test("of boxes of one class that overlap, the surest stays", () => {
  assert.deepEqual(suppress(candidates(raw, 2, 0.1)).map(({ anchor, index }) => [anchor, index]), [[0, 0], [1, 1], [2, 1]]);
});

test("boxes end at the edge of the picture", () => {
  const found = detections(raw, ["cat", "dog"], 100, 50, 0.1);
  assert.deepEqual(found[2].box.map(Math.round), [0, 0, 20, 50]);
  assert.deepEqual(counted(found), [["cat", 1], ["dog", 2]]);
});

test("labels do not hide each other where there is room", () => {
  const first = placeFor([10, 30, 60, 80], 20, 10, 100, 100, []);
  assert.deepEqual(first, [10, 20, 30, 30]);
  assert.deepEqual(placeFor([10, 30, 60, 80], 20, 10, 100, 100, [first]), [40, 20, 60, 30]);
  // No place inside of the picture: at the corner of the box.
  assert.deepEqual(placeFor([0, 0, 5, 5], 20, 10, 8, 8, []), [0, 0, 20, 10]);
});
