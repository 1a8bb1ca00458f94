// What a person types for the adding network, and how it answers; the network is one that is made up here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NoSumError, answer, parse, read } from "../../static/browser/add.js";
import { Recurrent, Vocabulary } from "../../static/browser/recurrent.js";

const vocabulary = new Vocabulary([..."\n+0123456789="]);

test("a sum may be written in several ways", () => {
  for (const typed of ["17+38", " 17 + 38 = ", "017\uff0b38"]) assert.deepEqual(parse(typed), [17, 38]);
});

test("what is no sum gets a sentence", () => {
  for (const [typed, part] of [["1 7+38", "space"], ["a+b", "no letters"], ["1?2", "not the sign '?'"], ["-1+2", "minus"], ["12345+1", "5 digits"]]) {
    assert.throws(() => parse(typed), (error) => error instanceof NoSumError && error.message.includes(part) && !error.invited);
  }
  for (const typed of ["", "17+"]) assert.ok(read(typed).invited);
});

test("what is special about a sum is said", () => {
  assert.deepEqual(read("17+38"), { question: "17+38", truth: "55", message: "", invited: false });
  assert.match(read("1 + 2").message, /Read as `1\+2`/);
  assert.match(read("1234+1").message, /more than 3 digits/);
});

/**
 * Writes this after the =, whatever the sum is.
 * @param {string} text
 */
function writing(text) {
  const facts = { slug: "made_up", version: "", bytes: 0, sha256: {}, given: {}, gives: {}, inputs: { character: [1], before_0: [1, 1] } };
  return new Recurrent({
    facts,
    run: async ({ character, before_0: [place] }) => {
      const next = place || vocabulary.characters[character[0]] === "=" ? place + 1 : 0;
      const scores = new Float32Array(13);
      scores[vocabulary.ids.get(text[next - 1] ?? "\n") ?? 0] = 30;
      return { outputs: { scores, state_0: Float32Array.of(next) }, milliseconds: 0 };
    },
  });
}

test("the network writes until the line ends", async () => {
  const written = await answer(writing("55"), vocabulary, "17+38");
  assert.equal(written.text, "55");
  assert.equal(written.considered.length, 3);
  assert.ok(written.probability > 0.99);
});

test("an answer that never ends is cut off", async () => {
  assert.equal((await answer(writing("1".repeat(20)), vocabulary, "1+1")).text, "1".repeat(8));
});
