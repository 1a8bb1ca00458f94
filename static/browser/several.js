// Several digits in one drawing: `lib/several.py` step by step.

import { distances, grey } from "./image.js";
import { blots } from "./ink.js";

/** @typedef {import("./image.js").Grey} Grey */
/** @typedef {[number, number, number, number]} Box left, top, right, bottom */

const FAINT = 0.25;
const TALL = 0.4;
const GAP = 0.07;
const BESIDE = 0.4;
const OVERLAP = 0.5;
const WIDE = 1.4;
const MOST = 12;

export const TOUCHING = "This is very wide for one digit. If these are several digits, leave a gap between them.";
export const TOO_MANY = `I see more than ${MOST} separate things. Write at most ${MOST} digits, in one row.`;

/** Whether there are more digits than are read. @param {unknown[]} parts */
export const tooMany = (parts) => parts.length > MOST;

/** Whether this may be several digits that touch. @param {Box} box */
export const wide = ([left, top, right, bottom]) => right - left > WIDE * (bottom - top);

/** @param {Box[]} boxes */
const around = (boxes) =>
  /** @type {Box} */ ([0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...boxes.map((box) => box[side]))));

/**
 * The digits of a drawing on the pad, from left to right.
 * @param {Grey} ink from 0 to 1
 * @returns {{ink: Grey, box: Box}[]}
 */
export function split(ink) {
  const { width, height } = ink;
  const { labels, boxes } = blots(ink, FAINT);
  if (!boxes.length) return [];
  const whole = around(boxes);
  const most = whole[3] - whole[1];
  const all = [...boxes.keys()];
  const tall = all.filter((i) => boxes[i][3] - boxes[i][1] >= TALL * most);
  const one = [{ ink, box: whole }];
  if (tall.length < 2) return one;
  const far = new Map(tall.map((i) => [i, distances(Uint8Array.from(labels, (label) => Number(label === i + 1)), width, height)]));
  /** The shortest way from one blot to another. @param {number} from @param {number} to */
  const distance = (from, to) => {
    const ways = /** @type {Float64Array} */ (far.get(from));
    return labels.reduce((least, label, i) => (label === to + 1 && ways[i] < least ? ways[i] : least), Infinity);
  };
  // A number for each blot; blots of one digit get the same.
  const digit = [...all];
  for (const a of tall) {
    for (const b of tall) {
      if (a >= b || areTwo(boxes[a], boxes[b], () => distance(a, b), most)) continue;
      const [from, to] = [digit[b], digit[a]];
      for (const i of all) if (digit[i] === from) digit[i] = to;
    }
  }
  for (const i of all.filter((i) => !tall.includes(i))) {
    const ways = tall.map((j) => distance(j, i));
    digit[i] = digit[tall[ways.indexOf(Math.min(...ways))]];
  }
  const groups = [...new Set(tall.map((i) => digit[i]))];
  if (groups.length < 2) return one;
  // The soft edges of a stroke go with it.
  const owner = labels.map((label, at) => {
    if (label) return digit[label - 1];
    const x = at % width;
    const y = (at - x) / width;
    let most = 0;
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) most = Math.max(most, labels[v * width + u]);
    }
    return most ? digit[most - 1] : -1;
  });
  const parts = groups.map((number) => {
    const alone = grey(width, height);
    owner.forEach((group, i) => {
      if (group === number) alone.data[i] = ink.data[i];
    });
    return { ink: alone, box: around(all.filter((i) => digit[i] === number).map((i) => boxes[i])) };
  });
  return parts.sort((a, b) => a.box[0] + a.box[2] - b.box[0] - b.box[2]);
}

/**
 * Whether two blots are two digits.
 * @param {Box} a
 * @param {Box} b
 * @param {() => number} distance
 * @param {number} height of all ink
 */
function areTwo(a, b, distance, height) {
  const rows = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const columns = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const [shorter, narrower] = [Math.min(a[3] - a[1], b[3] - b[1]), Math.min(a[2] - a[0], b[2] - b[0])];
  return rows >= BESIDE * shorter && columns <= OVERLAP * narrower && distance() >= GAP * height;
}
