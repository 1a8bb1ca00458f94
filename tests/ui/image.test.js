// Images as arrays of numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { distances, resize, round } from "../../static/browser/image.js";
import { skeleton } from "../../static/browser/strokes.js";

test("halves are rounded to even numbers, as Python does", () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map((value) => round(value) + 0), [0, 2, 2, 0, 2, 3]);
});

test("an even surface stays even, however it is resized", () => {
  const image = { width: 7, height: 5, data: new Float32Array(35).fill(0.25) };
  for (const filter of /** @type {const} */ (["box", "bicubic", "lanczos"])) {
    const { data } = resize(image, 3, 11, filter);
    assert.ok(data.every((value) => Math.abs(value - 0.25) < 1e-6), filter);
  }
});

test("distances are those to the nearest pixel", () => {
  const set = new Uint8Array(25);
  set[0] = set[24] = 1;
  const far = distances(set, 5, 5);
  assert.equal(far[0], 0);
  assert.ok(Math.abs(far[1 * 5 + 2] - Math.hypot(2, 1)) < 1e-9);
  assert.ok(Math.abs(far[3 * 5 + 3] - Math.SQRT2) < 1e-9);
});

test("a thick line becomes a thin one", () => {
  const set = new Uint8Array(20 * 9);
  for (let y = 3; y < 6; y++) set.fill(1, y * 20 + 2, y * 20 + 18);
  const thin = skeleton(set, 20, 9);
  for (let x = 5; x < 15; x++) assert.equal([...Array(9).keys()].filter((y) => thin[y * 20 + x]).length, 1);
});
