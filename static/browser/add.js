// Sums as texts: what a person types, and how the network answers. The same as `lib/tasks/sums`, held to it by golden vectors.

import { softmax } from "./runtime.js";

/** The line's end says that an answer is complete. */
export const END = "\n";
/** Digits of the longest numbers that the network learnt from, and of the longest that it may be asked about. */
const DIGITS = 3;
const MOST_DIGITS = 4;
/** Characters after which an answer ends, should the network never end it itself. */
const MOST_WRITTEN = 8;
/** What Python takes for white space. */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, "gu");
const ODD = new RegExp(`(?!${SPACE})[^0-9+\\-.,]`, "u");
const APART = new RegExp(`\\d${SPACE}+\\d`, "u");

/** A text that is no sum; the message says what to change. */
export class NoSumError extends Error {
  /**
   * @param {string} message
   * @param {boolean} [invited] whether nothing is wrong, and something is merely missing
   */
  constructor(message, invited = false) {
    super(message);
    this.invited = invited;
  }
}

/** Hyphens, dashes and the minus sign, of which a keyboard has one. */
const MINUS_SIGNS = /[\u2010-\u2014\u2212]/g;

/** @param {string} text */
const strip = (text) => text.replace(EDGES, "");

/**
 * The value of a decimal digit of any script: Unicode puts the ten of each side by side.
 * @param {string} digit
 */
function value(digit) {
  let code = /** @type {number} */ (digit.codePointAt(0));
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(--code))) before++;
  return String(before % 10);
}

/**
 * What was typed, in the signs of a plain keyboard.
 * @param {string} text
 */
export function plain(text) {
  // A square or a circled number is no digit of a larger one.
  const signs = Array.from(text, (sign) => (/\p{No}/u.test(sign) ? sign : sign.normalize("NFKC"))).join("");
  const bare = strip(strip(signs).replace(/=$/, ""));
  return bare.replace(/\p{Nd}/gu, value).replace(MINUS_SIGNS, "-");
}

/**
 * A character in quotes, as Python writes it.
 * @param {string} character
 */
function quoted(character) {
  if (character === "'") return `"'"`;
  if (character === "\\") return String.raw`'\\'`;
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)) return `'${character}'`;
  const code = /** @type {number} */ (character.codePointAt(0));
  const [sign, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `'\\${sign}${code.toString(16).padStart(digits, "0")}'`;
}

/**
 * What a person typed.
 * @param {string} typed
 * @returns {[number, number]} the two numbers
 * @throws {NoSumError}
 */
export function parse(typed) {
  const text = plain(typed);
  if (!text) throw new NoSumError("Type a sum, for example 17+38.", true);
  const odd = ODD.exec(text)?.[0];
  if (odd) {
    const what = /\p{L}/u.test(odd) ? "no letters" : `not the sign ${quoted(odd)}`;
    throw new NoSumError(`This network knows digits and + only, ${what}: type a sum like 17+38.`);
  }
  if (text.includes("-")) throw new NoSumError("This network has never seen a minus: type two numbers from 0 up, like 17+38.");
  if (/[.,]/.test(text)) throw new NoSumError("This network adds whole numbers: leave out points and commas, like 170+38.");
  if (APART.test(text)) throw new NoSumError("There is a space inside a number, or the + is missing: type a sum like 17+38.");
  const parts = text.split("+").map(strip);
  if (parts.length === 1) throw new NoSumError(`The + is missing: type a second number, like ${parts[0].slice(0, MOST_DIGITS)}+38.`);
  if (parts.length > 2) throw new NoSumError("This network adds two numbers, not more: type one + only, like 17+38.");
  if (!parts.every(Boolean)) throw new NoSumError(`There is no number ${parts[0] ? "after" : "before"} the +: type a sum like 17+38.`, true);
  for (const part of parts) {
    if (part.replace(/^0+/, "").length > MOST_DIGITS) {
      throw new NoSumError(
        `${part.length <= 12 ? part : `${part.slice(0, 9)}...`} has ${part.length} digits: this network learnt from numbers of up to ${DIGITS} digits; ` +
          `numbers of up to ${MOST_DIGITS} can be tried.`,
      );
    }
  }
  return [Number(parts[0]), Number(parts[1])];
}

/**
 * What was typed: a sum, or a sentence that says what to change.
 * @typedef {object} Given
 * @property {string | null} question the sum as the network reads it, or null if there is none that could be read
 * @property {string} truth the true answer
 * @property {string} message why there is none; or what was changed about it, or is special about it
 * @property {boolean} invited whether nothing is wrong, and something is merely missing
 */

/**
 * @param {string} typed
 * @returns {Given}
 */
export function read(typed) {
  let numbers;
  try {
    numbers = parse(typed);
  } catch (error) {
    if (!(error instanceof NoSumError)) throw error;
    return { question: null, truth: "", message: error.message, invited: error.invited };
  }
  const question = numbers.join("+");
  const remarks = [];
  if (strip(typed).replace(/=$/, "") !== question) remarks.push(`Read as \`${question}\`: the network knows the signs 0 to 9 and +, no spaces and no leading zeros.`);
  if (Math.max(...numbers) >= 10 ** DIGITS) {
    remarks.push(
      `In training no number had more than ${DIGITS} digits. The network can add three columns, but it does not know the rule for more. ` +
        "Do not expect the right answer.",
    );
  }
  return { question, truth: String(numbers[0] + numbers[1]), message: remarks.join(" "), invited: false };
}

/**
 * An answer and how it came about.
 * @typedef {object} Written
 * @property {string} text the digits that the network wrote
 * @property {Float64Array[]} considered for each character written, the line's end included: how probable each one was
 * @property {number} probability how probable the network finds the whole answer
 */

/**
 * Reads a sum, and writes the most probable character until the line ends.
 * @param {import("./recurrent.js").Recurrent} network
 * @param {import("./recurrent.js").Vocabulary} vocabulary
 * @param {string} question
 * @returns {Promise<Written>}
 */
export async function answer(network, vocabulary, question) {
  let state = network.start();
  /** @type {Float32Array} */
  let scores = new Float32Array();
  for (const id of vocabulary.encode(`${question}=`)) ({ scores, state } = await network.step(id, state));
  let text = "";
  let probability = 1;
  const considered = [];
  for (;;) {
    const probabilities = softmax(scores);
    const most = probabilities.reduce((a, b) => Math.max(a, b));
    considered.push(probabilities);
    probability *= most;
    const best = probabilities.indexOf(most);
    if (vocabulary.characters[best] === END || text.length === MOST_WRITTEN) return { text, considered, probability };
    text += vocabulary.characters[best];
    ({ scores, state } = await network.step(best, state));
  }
}
