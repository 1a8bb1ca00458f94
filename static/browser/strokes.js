// From strokes, or a picture of them, to what a sketch network takes: `lib/tasks/sketches/strokes.py` step by step.

import { BlankError, cropToInk, scaleTo, strokeWidth } from "./ink.js";
import { distances, grey, place, resize, round } from "./image.js";

/** @typedef {import("./image.js").Grey} Grey */
/** @typedef {[number, number][]} Stroke points of a line of the pen, x to the right and y downwards */

const FIELD = 28;
const SPAN = 255;
const PEN = 16;
const PADDING = 16;
const TOLERANCE = 2;
const RIGHT_WIDTH = [0.65, 2.1];
const SIDE = SPAN + 1 + 2 * PADDING + PEN;
const ENLARGE = 19;
const SMALLEST = 4;
const THICK = 20;
const FILLED_SHARE = 0.5;
const EMPTY = "There is nothing drawn here yet: please draw something.";
const DOT = "That is only a dot: please draw a little more.";

/**
 * Strokes moved to the origin, scaled to a longer side of 255, and simplified.
 * @param {Stroke[]} strokes
 * @returns {Stroke[]}
 */
export function simplify(strokes) {
  if (!strokes.length) throw new BlankError(EMPTY);
  const points = strokes.flat();
  const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const extent = Math.max(...[0, 1].map((axis) => Math.max(...points.map((point) => point[axis])) - low[axis]));
  if (extent < SMALLEST) throw new BlankError(DOT);
  const scale = SPAN / extent;
  return strokes.map((stroke) => approximate(stroke.map(([x, y]) => [(x - low[0]) * scale, (y - low[1]) * scale])));
}

/**
 * Ramer, Douglas and Peucker: fewer points, none of the others further from the line than `TOLERANCE`.
 * @param {Stroke} points
 * @returns {Stroke}
 */
function approximate(points) {
  const kept = new Uint8Array(points.length);
  kept[0] = kept[points.length - 1] = 1;
  const stack = [[0, points.length - 1]];
  for (let part; (part = stack.pop()); ) {
    const [start, end] = part;
    const [x0, y0] = points[start];
    const [dx, dy] = [points[end][0] - x0, points[end][1] - y0];
    const length = Math.hypot(dx, dy);
    let [furthest, at] = [-1, -1];
    for (let i = start + 1; i < end; i++) {
      const [x, y] = [points[i][0] - x0, points[i][1] - y0];
      const along = x * dx + y * dy;
      let far;
      // Beyond an end of the line, that end is what counts.
      if (along < 0 || !length) far = Math.hypot(x, y);
      else if (along > length * length) far = Math.hypot(x - dx, y - dy);
      else far = Math.abs(x * dy - y * dx) / length;
      if (far > furthest) [furthest, at] = [far, i];
    }
    if (furthest > TOLERANCE) {
      kept[at] = 1;
      stack.push([start, at], [at, end]);
    }
  }
  return points.filter((_, i) => kept[i]);
}

/**
 * The bitmap of simplified strokes, as Quick, Draw! makes it.
 * @param {Stroke[]} strokes
 * @returns {Float32Array} 28 x 28, whole numbers from 0 to 255
 */
export function rasterise(strokes) {
  const side = FIELD * ENLARGE;
  const scale = side / SIDE;
  const points = strokes.flat();
  const offset = [0, 1].map((axis) => (SPAN + 1 - Math.max(...points.map((point) => point[axis]))) / 2 + PADDING + PEN / 2);
  const radius = (PEN * scale) / 2;
  const sheet = new Uint8Array(side * side);
  for (const stroke of strokes) {
    // A pixel's middle lies half a pixel from its corner.
    const line = stroke.map(([x, y]) => [(x + offset[0]) * scale - 0.5, (y + offset[1]) * scale - 0.5]);
    for (let i = 0; i < line.length; i++) paint(sheet, side, line[Math.max(0, i - 1)], line[i], radius);
  }
  const result = new Float32Array(FIELD * FIELD);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (sheet[y * side + x]) result[Math.floor(y / ENLARGE) * FIELD + Math.floor(x / ENLARGE)]++;
    }
  }
  return result.map((count) => Math.floor((255 * count) / ENLARGE ** 2 + 0.5));
}

/**
 * Sets all pixels within a radius of a line.
 * @param {Uint8Array} sheet
 * @param {number} side
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} radius
 */
function paint(sheet, side, [x0, y0], [x1, y1], radius) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - radius));
  const bottom = Math.min(side - 1, Math.floor(Math.max(y0, y1) + radius));
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - radius));
  const right = Math.min(side - 1, Math.floor(Math.max(x0, x1) + radius));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const share = square ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square)) : 0;
      const [u, v] = [x - x0 - share * dx, y - y0 - share * dy];
      if (u * u + v * v <= radius * radius) sheet[y * side + x] = 1;
    }
  }
}

/**
 * Brings strokes into the form of the data.
 * @param {Stroke[]} strokes in any unit, anywhere
 * @returns {Float32Array} 28 x 28, whole numbers from 0 to 255
 */
export function normaliseStrokes(strokes) {
  return rasterise(simplify(strokes));
}

/**
 * Brings a picture of a drawing into the form of the data.
 * @param {Grey} ink from 0 to 1
 * @returns {Float32Array} 28 x 28, whole numbers from 0 to 255
 */
export function normaliseInk(ink) {
  const cropped = cropToInk(ink);
  if (Math.max(cropped.width, cropped.height) < SMALLEST) throw new BlankError(DOT);
  const large = scaleTo(cropped, SPAN + PEN, "bicubic");
  const hollow = outlined(large);
  let drawn = hollow ?? large;
  const width = strokeWidth(drawn);
  if (!(RIGHT_WIDTH[0] * PEN < width && width < RIGHT_WIDTH[1] * PEN)) drawn = redrawn(scaleTo(hollow ?? cropped, SPAN));
  const side = Math.trunc(SIDE);
  const sheet = place(drawn, Math.floor((side - drawn.width) / 2), Math.floor((side - drawn.height) / 2), side, side);
  return resize(sheet, FIELD, FIELD, "box").data.map((value) => round(255 * value));
}

/**
 * Filled areas replaced by their outline; lines stay as they are (`lib/tasks/sketches/fills.py`).
 * @param {Grey} ink
 * @returns {Grey | undefined} undefined if nothing is filled
 */
function outlined(ink) {
  const [width, height] = [ink.width + 2, ink.height + 2];
  const solid = place(ink, 1, 1, width, height).data;
  const depth = distances(Uint8Array.from(solid, (value) => Number(!(value > 0.5))), width, height);
  const core = Uint8Array.from(depth, (far) => Number(far > THICK));
  if (!core.some(Boolean)) return undefined;
  const from = distances(core, width, height);
  // Where a thick pen's lines meet, it is wide, too.
  const all = solid.reduce((sum, value) => sum + Number(value > 0.5), 0);
  const filled = solid.reduce((sum, value, i) => sum + Number(value > 0.5 && from[i] <= THICK + 1), 0);
  if (filled < FILLED_SHARE * all) return undefined;
  const result = grey(ink.width, ink.height);
  ink.data.forEach((value, i) => {
    const at = (Math.floor(i / ink.width) + 1) * width + (i % ink.width) + 1;
    const edge = Math.min(1, Math.max(0, PEN + 0.5 - depth[at]));
    result.data[i] = from[at] <= THICK + 1 ? Math.min(value, edge) : value;
  });
  return result;
}

/**
 * The middle lines of ink, drawn with Quick, Draw!'s pen.
 * @param {Grey} large
 * @returns {Grey}
 */
function redrawn(large) {
  const padded = place(large, 1, 1, large.width + 2, large.height + 2);
  const smooth = blurred(padded);
  let middle = skeleton(Uint8Array.from(smooth.data, (value) => Number(value > 0.4)), padded.width, padded.height);
  if (!middle.some(Boolean)) {
    const most = padded.data.reduce((a, b) => Math.max(a, b), 0);
    middle = Uint8Array.from(padded.data, (value) => Number(value > 0.5 * most));
  }
  /** @type {[number, number][]} */
  const points = [];
  middle.forEach((value, i) => {
    if (value) points.push([i % padded.width, Math.floor(i / padded.width)]);
  });
  const low = [0, 1].map((axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity));
  const high = [0, 1].map((axis) => points.reduce((most, point) => Math.max(most, point[axis]), -Infinity));
  const scale = SPAN / Math.max(1, high[0] - low[0], high[1] - low[1]);
  const margin = PEN / 2;
  const placed = points.map((point) => [0, 1].map((axis) => round((point[axis] - low[axis]) * scale) + margin));
  const [width, height] = [0, 1].map((axis) => placed.reduce((most, point) => Math.max(most, point[axis]), 0) + margin + 1);
  const set = new Uint8Array(width * height);
  for (const [x, y] of placed) set[y * width + x] = 1;
  const result = grey(width, height);
  distances(set, width, height).forEach((far, i) => {
    result.data[i] = Math.min(1, Math.max(0, PEN / 2 + 0.5 - far));
  });
  return result;
}

/**
 * Gaussian blur of radius 1, the border mirrored, as SciPy's.
 * @param {Grey} image
 * @returns {Grey}
 */
function blurred({ width, height, data }) {
  const reach = 4;
  let weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  weights = weights.map((weight) => weight / sum);
  /** @type {(i: number, n: number) => number} */
  const mirror = (i, n) => {
    const turn = ((i % (2 * n)) + 2 * n) % (2 * n);
    return turn < n ? turn : 2 * n - 1 - turn;
  };
  const once = grey(width, height);
  const twice = grey(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 0;
      for (let k = -reach; k <= reach; k++) value += weights[k + reach] * data[mirror(y + k, height) * width + x];
      once.data[y * width + x] = value;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 0;
      for (let k = -reach; k <= reach; k++) value += weights[k + reach] * once.data[y * width + mirror(x + k, width)];
      twice.data[y * width + x] = value;
    }
  }
  return twice;
}

// For each pattern of the eight neighbours, clockwise from the upper left, whether a pixel goes: in the first half of a pass (1), in the
// second (2), or in both (3). The table of scikit-image, which keeps diagonal lines whole where the article does not.
const GOES =
  "0001001300311013000000002020303300000000300000000000000020003022" +
  "0000000000000000000000000000000020000000200020003000000030003020" +
  "0031001300000001000000000000000131000000000000002000000000000000" +
  "2313001300000001000000000000000023010001000000003301000022002000";

/**
 * Thins lines to a pixel (Zhang and Suen, 1984, "A fast parallel algorithm for thinning digital patterns").
 * @param {Uint8Array} set
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function skeleton(set, width, height) {
  // A border of zeros, so that every pixel has its neighbours.
  const across = width + 2;
  const result = new Uint8Array(across * (height + 2));
  for (let y = 0; y < height; y++) result.set(set.subarray(y * width, (y + 1) * width), (y + 1) * across + 1);
  const around = [-across - 1, -across, -across + 1, 1, across + 1, across, across - 1, -1];
  let left = [...result.keys()].filter((i) => result[i]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const half of ["1", "2"]) {
      const gone = left.filter((i) => {
        const goes = GOES[around.reduce((sum, step, bit) => sum + (result[i + step] << bit), 0)];
        return goes === half || goes === "3";
      });
      for (const i of gone) result[i] = 0;
      if (gone.length) left = left.filter((i) => result[i]);
      changed ||= gone.length > 0;
    }
  }
  const inner = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    inner.set(result.subarray((y + 1) * across + 1, (y + 1) * across + 1 + width), y * width);
  }
  return inner;
}
