// How a language model reads and writes; the network is a small one that is made up here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Recurrent, Vocabulary } from "../../static/browser/recurrent.js";
import { choose, prepare, surprise, write } from "../../static/browser/write.js";

const vocabulary = new Vocabulary(["\ufffd", "\n", "a", "b"]);

/** Expects the character that stands next in the vocabulary, and counts in its state what it has read. */
const facts = { slug: "made_up", version: "", bytes: 0, sha256: {}, given: {}, gives: {}, inputs: { character: [1], before_0: [1, 2] } };
const network = new Recurrent({
  facts,
  run: async ({ character, before_0: before }) => {
    const scores = new Float32Array(4);
    scores[(character[0] + 1) % 4] = 5;
    return { outputs: { scores, state_0: Float32Array.of(before[0] + 1, 0) }, milliseconds: 0 };
  },
});

/**
 * @param {string} text
 * @param {Parameters<typeof write>[3]} settings
 */
async function all(text, settings) {
  const steps = [];
  for await (const step of write(network, vocabulary, text, settings)) steps.push(step);
  return steps;
}

test("a prompt loses what the network does not know, and all but its end", () => {
  assert.deepEqual(prepare(vocabulary, "a1b\r\n1😀\ufffda", "b"), { text: "ab\na", strange: ["1", "😀", "\ufffd"], instead: new Map() });
  assert.deepEqual(prepare(vocabulary, " \n1", "b"), { text: "b", strange: [" ", "1"], instead: new Map() });
  assert.equal(prepare(vocabulary, "ab".repeat(150), "b").text, "ab".repeat(100));
});

test("temperature 0 takes the first of the most probable ones, and never the sign of unknown ones", () => {
  const never = { random: () => assert.fail("asked") };
  assert.equal(choose(vocabulary, Float32Array.of(9, 1, 2, 2), { temperature: 0, topK: 4 }, never), 2);
});

test("of two to choose among, the others never come", () => {
  const scores = Float32Array.of(9, 1, 3, 2);
  const found = [0.3, 0.7, 0.8, 1].map((drawn) => choose(vocabulary, scores, { temperature: 1, topK: 2 }, { random: () => drawn }));
  assert.deepEqual(found, [2, 2, 3, 3]);
});

test("surprise is counted in bits", () => {
  assert.equal(surprise(new Float32Array(4), 1), 2);
});

test("a text is read, then written on", async () => {
  const steps = await all("b", { temperature: 0, topK: 4, length: 3, seed: null });
  assert.equal(steps.map((step) => step.character).join(""), "b\n" + "ab");
  // What came after one character stood before the next.
  for (let i = 1; i < steps.length; i++) assert.equal(steps[i].before, steps[i - 1].after);
});

test("a network's state is not changed by a step", async () => {
  const state = network.start();
  const after = await network.step(1, state);
  assert.deepEqual([state, after.state], [[new Float32Array(2)], [Float32Array.of(1, 0)]]);
});
