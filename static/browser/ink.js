// From what is drawn on a canvas to what a digit network takes: `lib/ink.py` step by step.

import { crop, distances, grey, place, resize, round } from "./image.js";

/** @typedef {import("./image.js").Grey} Grey */

const FIELD = 28;
const BOX = 20;
const MIN_INK_SIDE = 4;
const MIN_STROKE = 2;
const SPECK_SHARE = 0.02;

/** Nothing is drawn yet, or too little; the message says what to do. */
export class BlankError extends Error {}

/**
 * Ink of a canvas: whatever was painted, in whichever colour; blots much smaller than the rest are dropped as dust.
 * @param {{width: number, height: number, data: Uint8ClampedArray | Uint8Array}} painted RGBA
 * @returns {Grey} from 0 to 1
 */
export function canvasInk({ width, height, data }) {
  const ink = grey(width, height);
  let any = false;
  for (let i = 0; i < ink.data.length; i++) {
    const alpha = data[4 * i + 3];
    any ||= alpha > 0;
    ink.data[i] = alpha / 255;
  }
  if (!any) throw new BlankError("The canvas is empty: please draw a digit.");
  return withoutSpecks(ink);
}

/**
 * Connected pixels that hold more ink than `least`.
 * @param {Grey} ink
 * @param {number} least
 * @returns {{labels: Int32Array, masses: number[], boxes: [number, number, number, number][]}} for each pixel the number of its blot, from 1
 *   on; of each blot its mass, and its left, top, right and bottom
 */
export function blots({ width, height, data }, least) {
  const labels = new Int32Array(data.length);
  const masses = [];
  /** @type {[number, number, number, number][]} */
  const boxes = [];
  const stack = [];
  for (let start = 0; start < data.length; start++) {
    if (labels[start] || !(data[start] > least)) continue;
    const label = masses.length + 1;
    let mass = 0;
    /** @type {[number, number, number, number]} */
    const box = [width, height, 0, 0];
    labels[start] = label;
    stack.push(start);
    for (let at; (at = stack.pop()) !== undefined; ) {
      mass += data[at];
      const x = at % width;
      const y = (at - x) / width;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x + 1);
      box[3] = Math.max(box[3], y + 1);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const next = v * width + u;
          if (labels[next] || !(data[next] > least)) continue;
          labels[next] = label;
          stack.push(next);
        }
      }
    }
    masses.push(mass);
    boxes.push(box);
  }
  return { labels, masses, boxes };
}

/**
 * @param {Grey} ink
 * @returns {Grey}
 */
function withoutSpecks(ink) {
  const { labels, masses } = blots(ink, 0);
  if (masses.length < 2) return ink;
  const least = SPECK_SHARE * masses.reduce((a, b) => a + b);
  return { ...ink, data: ink.data.map((value, i) => (masses[labels[i] - 1] >= least ? value : 0)) };
}

/**
 * The smallest rectangle that holds all ink.
 * @param {Grey} ink
 * @returns {Grey}
 */
export function cropToInk(ink) {
  let [left, top, right, bottom] = [ink.width, ink.height, -1, -1];
  for (let y = 0; y < ink.height; y++) {
    for (let x = 0; x < ink.width; x++) {
      if (!(ink.data[y * ink.width + x] > 0.1)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) throw new BlankError("There is nothing drawn here yet: please draw a digit.");
  return crop(ink, left, top, right - left + 1, bottom - top + 1);
}

/**
 * Scales so that the longer side measures `side` pixels.
 * @param {Grey} ink
 * @param {number} side
 * @param {import("./image.js").Filter} [filter]
 * @returns {Grey} from 0 to 1
 */
export function scaleTo(ink, side, filter = "lanczos") {
  const scale = side / Math.max(ink.width, ink.height);
  const [width, height] = [ink.width, ink.height].map((n) => Math.max(1, round(scale * n)));
  if (width === ink.width && height === ink.height) return ink;
  const scaled = resize(ink, width, height, filter);
  scaled.data.forEach((value, i) => {
    scaled.data[i] = Math.min(1, Math.max(0, value));
  });
  return scaled;
}

/**
 * Typical width of the strokes in pixels: twice the area over the length of the outline.
 * @param {Grey} ink
 */
export function strokeWidth({ width, height, data }) {
  let area = 0;
  let outline = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (!(data[at] > 0.5)) continue;
      area++;
      const inside =
        x > 0 && x < width - 1 && y > 0 && y < height - 1 &&
        data[at - 1] > 0.5 && data[at + 1] > 0.5 && data[at - width] > 0.5 && data[at + width] > 0.5;
      if (!inside) outline++;
    }
  }
  return (2 * area) / Math.max(1, outline);
}

/**
 * Widens hairlines, which averaging would fade to nothing.
 * @param {Grey} ink
 * @returns {Grey}
 */
function thicken(ink) {
  const missing = MIN_STROKE / (BOX / Math.max(ink.width, ink.height)) - strokeWidth(ink);
  if (missing <= 0 || !ink.data.some((value) => value > 0.5)) return ink;
  const radius = missing / 2;
  const margin = Math.ceil(radius) + 1;
  const padded = place(ink, margin, margin, ink.width + 2 * margin, ink.height + 2 * margin);
  const far = distances(Uint8Array.from(padded.data, (value) => Number(value > 0.5)), padded.width, padded.height);
  padded.data.forEach((value, i) => {
    padded.data[i] = Math.max(value, Math.min(1, Math.max(0, radius + 0.5 - far[i])));
  });
  return cropToInk(padded);
}

/**
 * Brings ink into the form of MNIST: cropped, scaled, centred by its mass, and never thinner than a pen.
 * @param {Grey} ink
 * @returns {Float32Array} 28 x 28, whole numbers from 0 to 255
 */
export function normaliseDigit(ink) {
  const cropped = cropToInk(ink);
  if (Math.max(cropped.width, cropped.height) < MIN_INK_SIDE) {
    throw new BlankError("That is only a dot: please write one digit, as large as you like.");
  }
  const box = scaleTo(thicken(cropped), BOX);
  let [mass, across, down] = [0, 0, 0];
  box.data.forEach((value, i) => {
    mass += value;
    across += value * (i % box.width);
    down += value * Math.floor(i / box.width);
  });
  const [left, top] = [
    [across, box.width],
    [down, box.height],
  ].map(([sum, size]) => Math.min(FIELD - size, Math.max(0, round(FIELD / 2 - sum / mass))));
  return place(box, left, top, FIELD, FIELD).data.map((value) => round(255 * value));
}

/**
 * What a demo does that skips the preprocessing: shrink the whole sheet.
 * @param {Grey} ink whose sides are a multiple of 28
 * @returns {Float32Array} 28 x 28, whole numbers from 0 to 255
 */
export function shrink(ink) {
  const whole = { ...ink, data: ink.data.map((value) => Math.trunc(255 * value)) };
  return resize(whole, FIELD, FIELD, "box").data.map((value) => Math.floor(value + 0.5));
}
