// Live video without jumps: what is shown follows what is seen.

import { shared } from "./faces.js";

/** @typedef {import("./faces.js").Face & {probabilities?: ArrayLike<number>}} Read a face, and what the network says about it */

/**
 * What is shown next: between what was shown and what is new, face by face, so that nothing jumps.
 * @param {Read[]} before
 * @param {Read[]} now
 * @param {number} share of the new
 * @returns {Read[]}
 */
export function blended(before, now, share) {
  const left = [...before];
  return now.map((one) => {
    const i = left.findIndex((other) => shared(other.box, one.box) > 0.5);
    if (i < 0) return one;
    const [old] = left.splice(i, 1);
    const between = (/** @type {number} */ a, /** @type {number} */ b) => a + share * (b - a);
    const { probabilities } = one;
    return {
      score: one.score,
      box: /** @type {import("./square.js").Box} */ (one.box.map((place, k) => between(old.box[k], place))),
      probabilities: probabilities && old.probabilities
        ? Array.from(probabilities, (value, k) => between(/** @type {ArrayLike<number>} */ (old.probabilities)[k], value))
        : probabilities ?? old.probabilities,
    };
  });
}
