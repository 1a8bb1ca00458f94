// The detector's boxes: which ones count, which show the same thing, their colours, and where their labels stand. The sums of
// `lib/tasks/detection/detector.py` and `boxes.py`.

import { round } from "./image.js";

/** Score that a box must have to be shown, unless one chooses another. */
export const THRESHOLD = 0.4;
/** The lowest one that one may choose. */
export const LEAST = 0.1;
/** Boxes of one class that overlap by more are taken for the same thing. */
const OVERLAP = 0.6;
const MOST_BOXES = 100;

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */

/**
 * A thing that was found.
 * @typedef {object} Detection
 * @property {string} label
 * @property {number} score 0 to 1
 * @property {Box} box in pixels
 * @property {number} index of the class
 * @property {number} anchor that it came from
 */

/**
 * What the network says about a picture.
 * @typedef {object} Raw
 * @property {Float32Array} scores of each anchor for each class
 * @property {Float32Array} boxes of each anchor: left, top, right and bottom as shares of width and height
 */

/**
 * Intersection over union: 0 when apart, 1 when the same.
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function overlap(a, b) {
  const shared = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const together = area(a) + area(b) - shared;
  return together > 0 ? shared / together : 0;
}

/** @param {ArrayLike<number>} box */
function area(box) {
  return Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
}

/**
 * Boxes above a threshold, the surest first.
 * @param {Raw} raw
 * @param {number} classes how many there are
 * @param {number} threshold
 * @param {Set<number>} [wanted] numbers of the classes that count; all without it
 * @returns {{anchor: number, index: number, score: number, box: Box}[]}
 */
export function candidates({ scores, boxes }, classes, threshold, wanted) {
  const least = Math.fround(Math.max(threshold, 1e-6));
  const found = [];
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] < least) continue;
    const index = i % classes;
    if (wanted && !wanted.has(index)) continue;
    const anchor = (i - index) / classes;
    found.push({ anchor, index, score: scores[i], box: /** @type {Box} */ ([...boxes.subarray(4 * anchor, 4 * anchor + 4)]) });
  }
  return found.sort((a, b) => b.score - a.score);
}

/**
 * Non-maximum suppression: of boxes of one class that overlap, keeps the surest.
 * @template {{index: number, box: Box}} One
 * @param {One[]} found the surest first
 * @param {number} [most] overlap that is allowed
 * @returns {One[]}
 */
export function suppress(found, most = OVERLAP) {
  /** @type {One[]} */
  const kept = [];
  for (const one of found) {
    if (!kept.some((other) => other.index === one.index && overlap(other.box, one.box) > most)) kept.push(one);
  }
  return kept;
}

/**
 * What is in a picture, the surest first.
 * @param {Raw} raw
 * @param {string[]} classes
 * @param {number} width of the picture
 * @param {number} height
 * @param {number} [threshold]
 * @param {Set<number>} [wanted] numbers of the classes that count; all without it
 * @returns {Detection[]}
 */
export function detections(raw, classes, width, height, threshold = THRESHOLD, wanted) {
  return suppress(candidates(raw, classes.length, threshold, wanted))
    .slice(0, MOST_BOXES)
    .map(({ box, index, ...rest }) => {
      const [left, top, right, bottom] = box.map((share) => Math.min(1, Math.max(0, share)));
      return { ...rest, index, label: classes[index], box: [left * width, top * height, right * width, bottom * height] };
    });
}

/**
 * How many things of each class were found, the surest class first.
 * @param {Detection[]} found
 * @returns {[label: string, count: number][]}
 */
export function counted(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { label } of found) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts];
}

/**
 * A colour for a class: neighbours in the list get hues that are far apart, all of them bright enough for dark letters.
 * @param {number} index
 * @returns {[number, number, number]}
 */
export function colourOf(index) {
  const hue = (0.58 + 0.618034 * index) % 1;
  const [lightness, saturation] = [0.66, 0.9];
  const high = lightness + saturation - lightness * saturation;
  const low = 2 * lightness - high;
  const part = (/** @type {number} */ shift) => {
    const place = (((hue + shift) % 1) + 1) % 1;
    if (place < 1 / 6) return low + (high - low) * place * 6;
    if (place < 1 / 2) return high;
    return place < 2 / 3 ? low + (high - low) * (2 / 3 - place) * 6 : low;
  };
  return [round(255 * part(1 / 3)), round(255 * part(0)), round(255 * part(-1 / 3))];
}

/**
 * Where a label hides the least of the others: best above its box, else inside or below.
 * @param {Box} box
 * @param {number} wide of the label
 * @param {number} high of the label
 * @param {number} width of the picture
 * @param {number} height of the picture
 * @param {Box[]} taken by other labels
 * @returns {Box}
 */
export function placeFor([left, top, right, bottom], wide, high, width, height, taken) {
  /** @type {Box[]} */
  const places = [];
  for (const y of [top - high, top, bottom - high, bottom]) {
    for (const x of [Math.min(left, Math.max(0, width - wide)), Math.max(0, right - wide)]) {
      if (y >= 0 && y <= height - high) places.push([x, y, x + wide, y + high]);
    }
  }
  if (!places.length) return [left, top, left + wide, top + high];
  const hidden = places.map((place) => Math.max(0, ...taken.map((other) => overlap(place, other))));
  return places[hidden.indexOf(Math.min(...hidden))];
}
