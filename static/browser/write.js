// How a language model reads and writes a text: the same as `lib/tasks/texts/writer.py`, held to it by golden texts.

import { Random } from "./random.js";
import { softmax } from "./runtime.js";

/** @typedef {import("./recurrent.js").Vocabulary} Vocabulary */

/** Read before every text: a network that has read nothing yet would not know that a line begins. */
export const START = "\n";
/** Characters of a prompt that are read, counted from its end. */
export const MOST_PROMPT = 200;
/** Stands for characters that a network does not know; never written. */
export const UNKNOWN = "\ufffd";

/**
 * What is written instead of signs that Unicode takes for no relatives.
 * @type {Map<string, string>}
 */
const NEAR = new Map([
  ...Array.from("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", (/** @type {string} */ sign) => /** @type {[string, string]} */ ([sign, "'"])),
  ...Array.from("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", (/** @type {string} */ sign) => /** @type {[string, string]} */ ([sign, '"'])),
  ...Array.from("\u2010\u2011\u2012\u2013\u2212", (/** @type {string} */ sign) => /** @type {[string, string]} */ ([sign, "-"])),
  ...Array.from("\u2014\u2015", (/** @type {string} */ sign) => /** @type {[string, string]} */ ([sign, "--"])),
  ...Array.from("\u200b\u200c\u200d\u00ad\ufeff", (/** @type {string} */ sign) => /** @type {[string, string]} */ ([sign, ""])),
  ...Object.entries({ "\t": " ", ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L", ı: "i", đ: "d", Đ: "D", ð: "d", þ: "th", "×": "x" }),
]);

/**
 * Near signs for those that the network does not know: as `Vocabulary.near` in `lib/vocabulary.py`.
 * @param {Vocabulary} vocabulary
 * @param {string[]} signs of a text
 * @returns {Map<string, string>} what is written for which sign
 */
function near(vocabulary, signs) {
  const known = (/** @type {string} */ sign) => vocabulary.ids.has(sign);
  const instead = new Map();
  for (const sign of new Set(signs)) {
    if (known(sign) || sign === UNKNOWN) continue;
    const apart = (NEAR.get(sign) ?? sign).normalize("NFKD");
    const bare = apart.replace(/\p{M}/gu, "");
    const written = Array.from(bare, (part) => (known(part) ? part : (NEAR.get(part) ?? part))).join("");
    if (Array.from(written).every(known) && (written || NEAR.has(sign) || apart !== bare)) instead.set(sign, written);
  }
  return instead;
}

/**
 * What of a prompt is read.
 * @param {Vocabulary} vocabulary
 * @param {string} prompt any text
 * @param {string} otherwise is read if nothing of the prompt is left
 * @returns {{text: string, strange: string[], instead: Map<string, string>}} its last characters that the network knows;
 *   each one that it does not know, once; and near signs that are read instead of others
 */
export function prepare(vocabulary, prompt, otherwise) {
  // Files from other systems end their lines otherwise.
  const typed = Array.from(prompt.replace(/\r\n?/g, "\n"));
  const instead = near(vocabulary, typed);
  const all = typed.flatMap((sign) => Array.from(instead.get(sign) ?? sign));
  const known = (/** @type {string} */ one) => vocabulary.ids.has(one) && one !== UNKNOWN;
  const text = all.filter(known);
  const read = text.join("").trim() ? text : Array.from(otherwise);
  return { text: read.slice(-MOST_PROMPT).join(""), strange: [...new Set(all.filter((one) => !known(one)))], instead };
}

/**
 * @typedef {object} Settings
 * @property {number} temperature below 1 keeps to the most probable characters, above 1 dares more; 0 always takes the most probable one
 * @property {number} topK choose among so many of the most probable characters only
 */

/**
 * Chooses the next character.
 * @param {Vocabulary} vocabulary
 * @param {Float32Array} given the scores of all characters
 * @param {Settings} settings
 * @param {{random: () => number}} random is asked only where the temperature is above 0
 * @returns {number} its number
 */
export function choose(vocabulary, given, { temperature, topK }, random) {
  const scores = Float64Array.from(given);
  const unknown = vocabulary.ids.get(UNKNOWN);
  if (unknown !== undefined) scores[unknown] = -Infinity;
  if (temperature <= 0) return scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
  if (topK < scores.length) {
    const least = Float64Array.from(scores).sort()[scores.length - topK];
    for (let i = 0; i < scores.length; i++) if (scores[i] < least) scores[i] = -Infinity;
  }
  // Rounded as on the server, where they are added up as 32-bit numbers.
  const probabilities = Float32Array.from(softmax(scores.map((score) => score / temperature)));
  const drawn = random.random();
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    sum = Math.fround(sum + probabilities[i]);
    if (sum >= drawn) return i;
  }
  return probabilities.length - 1;
}

/**
 * How surprising a character is, in bits.
 * @param {Float32Array} scores before it
 * @param {number} id of the character
 */
export function surprise(scores, id) {
  return -Math.log2(Math.max(softmax(scores)[id], 1e-12));
}

/**
 * A character of a text, and the scores that the network gave to all characters before it came and after it.
 * @typedef {{character: string, id: number, before: Float32Array, after: Float32Array}} Step
 */

/**
 * Reads a text and writes on, a character at a time.
 * @param {import("./recurrent.js").Recurrent} network
 * @param {Vocabulary} vocabulary
 * @param {string} text to be read first, all of it in the vocabulary
 * @param {Settings & {length: number, seed: number | null}} settings how many characters to write, and how; the same seed gives the same text
 * @returns {AsyncGenerator<Step, void, void>} each character, of the text that is read, too
 */
export async function* write(network, vocabulary, text, settings) {
  const random = new Random(settings.seed);
  const read = vocabulary.encode(text);
  let { scores, state } = await network.step(vocabulary.encode(START)[0], network.start());
  for (let i = 0; i < read.length + settings.length; i++) {
    const before = scores;
    const id = i < read.length ? read[i] : choose(vocabulary, before, settings, random);
    ({ scores, state } = await network.step(id, state));
    yield { character: vocabulary.characters[id], id, before, after: scores };
  }
}
