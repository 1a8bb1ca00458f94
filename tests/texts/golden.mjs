// Answers what test_golden.py asks, so that it can compare.

import { readFileSync } from "node:fs";

import { Random } from "../../static/browser/random.js";
import { Vocabulary } from "../../static/browser/recurrent.js";
import { choose, prepare } from "../../static/browser/write.js";

const { seeds, vocabularies, prompts, choices } = JSON.parse(readFileSync(0, "utf8"));
const known = vocabularies.map((/** @type {string} */ characters) => new Vocabulary(Array.from(characters)));
console.log(
  JSON.stringify({
    numbers: seeds.map((/** @type {string} */ seed) => {
      const random = new Random(BigInt(seed));
      return Array.from({ length: 20 }, () => random.random());
    }),
    prepared: known.map((/** @type {Vocabulary} */ one) =>
      prompts.map((/** @type {string} */ prompt) => {
        const { text, strange, instead } = prepare(one, prompt, "The start");
        return [text, strange.join(""), Object.fromEntries(instead)];
      }),
    ),
    chosen: known.map((/** @type {Vocabulary} */ one, /** @type {number} */ i) => {
      const random = new Random(i);
      return choices[i].map((/** @type {any} */ { scores, temperature, topK }) => choose(one, Float32Array.from(scores), { temperature, topK }, random));
    }),
  }),
);
