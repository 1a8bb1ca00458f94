// A head and its file, without Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ticks } from "../../static/browser/curves.js";
import { FEATURES, STEPS, Training, probabilities, readHead, writeHead } from "../../static/browser/head.js";

const classes = ["cat", "Käse", "<b>x</b>"];
const head = () => ({ classes, kernel: Float32Array.from({ length: 3 * FEATURES }, (_, i) => Math.sin(i)), bias: Float32Array.of(1, 2, 3) });

test("a head comes back as it went", () => {
  assert.deepEqual(readHead(writeHead(head())), head());
});

test("what is no head is none", () => {
  const file = writeHead(head());
  assert.equal(readHead(new Uint8Array()), undefined);
  assert.equal(readHead(new TextEncoder().encode("not a head")), undefined);
  for (const part of [0.1, 0.5, 0.99]) assert.equal(readHead(file.slice(0, part * file.length)), undefined);
  // One byte of the weights is another one.
  const damaged = file.slice();
  damaged[2000] ^= 1;
  assert.equal(readHead(damaged), undefined);
  assert.equal(readHead(writeHead({ ...head(), kernel: head().kernel.fill(NaN) })), undefined);
  assert.equal(readHead(writeHead({ classes: ["one"], kernel: new Float32Array(FEATURES), bias: Float32Array.of(0) })), undefined);
});

test("no damaged byte ends in more than no head", () => {
  const file = writeHead(head());
  for (let i = 0; i < 300; i++) {
    for (const place of [i, file.length - 1 - i]) {
      const damaged = file.slice();
      damaged[place] ^= 0xff;
      readHead(damaged);
    }
  }
});

test("a training ends, and its head knows what it learnt", () => {
  const features = [0, 1, 2, 3].map((i) => Float32Array.from({ length: FEATURES }, (_, f) => (f % 2 === i % 2 ? 1 : 0.2) + 0.01 * Math.cos(i * f)));
  const training = new Training(features, [0, 1, 0, 1], ["even", "odd"]);
  let last;
  while (!training.done) last = training.next();
  assert.equal(last?.step, STEPS);
  assert.equal(last?.accuracy, 1);
  assert.ok(probabilities(training.head(), features[1])[1] > 0.9);
});

test("photos that are all the same are no trouble", () => {
  const features = [0, 1, 2, 3].map(() => new Float32Array(FEATURES));
  const training = new Training(features, [0, 0, 1, 1], ["a", "b"]);
  while (!training.done) assert.ok(Number.isFinite(training.next().loss));
  assert.deepEqual([...probabilities(training.head(), features[0])], [0.5, 0.5]);
});

test("an axis has even numbers that reach the largest value", () => {
  assert.deepEqual(ticks(1.1), [0, 0.5, 1, 1.5]);
  assert.deepEqual(ticks(0.69), [0, 0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(ticks(8), [0, 2, 4, 6, 8]);
});
