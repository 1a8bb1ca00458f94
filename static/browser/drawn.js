// Faces drawn by a few lines and ellipses: the same sums as `lib/tasks/emotions/drawn.py`.

/**
 * What a drawn face does, each from -1 to 1 or from 0 to 1.
 * @typedef {{smile: number, mouth: number, brows: number, frown: number, eyes: number, wrinkles: number}} Expression
 */

/** @typedef {[x: number, y: number]} Point */

/**
 * A part of the drawing. Lengths are shares of its side.
 * @typedef {object} Shape
 * @property {number} tone 0 to 255
 * @property {Point[]} points corners of an area, or places of a line; of an ellipse, its middle and its half axes
 * @property {number} [width] of a line
 * @property {number} [fade] of an ellipse, by how much its edge is darker
 * @property {boolean} [round] whether it is an ellipse
 */

/**
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 * @param {number} tone
 * @param {number} [fade]
 * @returns {Shape}
 */
const ellipse = (x, y, wide, high, tone, fade = 0) => ({ tone, points: [[x, y], [wide, high]], fade, round: true });

/**
 * All parts, the lowest first.
 * @param {Expression} face
 * @returns {Shape[]}
 */
function shapes(face) {
  const found = [ellipse(0.5, 0.46, 0.46, 0.58, 50), ellipse(0.5, 0.51, 0.41, 0.5, 200, 55)];
  const high = 0.012 + 0.04 * face.eyes;
  const brow = 0.325 - 0.055 * face.brows;
  const inner = brow + 0.05 * face.frown;
  const outer = brow - 0.03 * face.frown;
  for (const side of [-1, 1]) {
    /** @type {(fromMiddle: number, y: number) => Point} */
    const at = (fromMiddle, y) => [0.5 + side * fromMiddle, y];
    const [x, y] = at(0.17, 0.42);
    found.push(
      ellipse(x, y, 0.125, 0.075 + high / 2, 165),
      ellipse(x, y, 0.095, high + 0.014, 70),
      ellipse(x, y, 0.085, high, 215),
      ellipse(x, y, 0.045, Math.min(0.045, high), 40),
      { tone: 60, points: [at(0.06, inner), at(0.18, Math.min(inner, outer) - 0.005), at(0.3, outer + 0.015)], width: 0.04 },
    );
    if (face.wrinkles > 0) found.push({ tone: 110, points: [at(0.05, 0.52), at(0.09, 0.58), at(0.17, 0.62)], width: 0.025 * face.wrinkles });
    if (face.frown > 0) found.push({ tone: 110, points: [at(0.02, 0.3), at(0.025, 0.38)], width: 0.02 * face.frown });
    if (face.smile > 0) found.push({ tone: 140, points: [at(0.1, 0.6), at(0.2, 0.67), at(0.25, 0.76)], width: 0.02 * face.smile });
  }
  found.push(
    { tone: 150, points: [[0.48, 0.44], [0.46, 0.56]], width: 0.015 },
    { tone: 110, points: [[0.44, 0.6], [0.47, 0.62], [0.5, 0.63], [0.53, 0.62], [0.56, 0.6]], width: 0.02 },
    ...mouth(face),
  );
  return found;
}

/**
 * @param {Expression} face
 * @returns {Shape[]}
 */
function mouth(face) {
  const narrower = face.smile <= 0 ? 0.06 * face.mouth : 0;
  const wide = 0.17 + 0.05 * Math.max(0, face.smile) - narrower;
  const bend = 0.07 * face.smile;
  /** @type {Point[][]} */
  const [upper, lower, teeth] = [[], [], []];
  for (let i = 0; i < 25; i++) {
    const s = i / 12 - 1;
    const x = 0.5 + wide * s;
    const middle = 0.77 - bend * (s * s - 0.4);
    const hump = 1 - s * s;
    const top = middle - 0.05 * face.mouth * hump;
    upper.push([x, top]);
    lower.push([x, middle + 0.11 * face.mouth * hump]);
    teeth.push([x, top + 0.045 * hump]);
  }
  /** @type {Shape[]} */
  const found = [];
  if (face.mouth > 0.05) {
    found.push({ tone: 45, points: [...upper, ...lower.reverse()] });
    lower.reverse();
    if (face.smile > 0.5) found.push({ tone: 245, points: [...upper, ...teeth.reverse()] });
  }
  return [...found, { tone: 95, points: upper, width: 0.025 }, { tone: 95, points: lower, width: 0.025 }];
}

/**
 * Whether a place lies on a shape, and how bright it is there.
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 * @returns {number | undefined} the tone
 */
function toneAt({ tone, points, width, fade = 0, round }, x, y) {
  if (round) {
    const [[middleX, middleY], [wide, high]] = points;
    const far = ((x - middleX) / wide) ** 2 + ((y - middleY) / high) ** 2;
    return far <= 1 ? tone - fade * far : undefined;
  }
  if (width) {
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
      const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
      const share = Math.min(1, Math.max(0, along));
      if ((x - x0 - share * (x1 - x0)) ** 2 + (y - y0 - share * (y1 - y0)) ** 2 <= (width / 2) ** 2) return tone;
    }
    return undefined;
  }
  let inside = false;
  for (let i = 0; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i], points[(i + 1) % points.length]];
    // A place is inside if a ray to the right crosses an odd number of sides.
    if (y0 !== y1 && y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
  }
  return inside ? tone : undefined;
}

/**
 * The box of all places that a shape can cover.
 * @param {Shape} shape
 */
function around({ points, width = 0, round }) {
  if (round) {
    const [[x, y], [wide, high]] = points;
    return [x - wide, y - high, x + wide, y + high];
  }
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs) - width, Math.min(...ys) - width, Math.max(...xs) + width, Math.max(...ys) + width];
}

/**
 * A face with this expression.
 * @param {Expression} face
 * @param {number} side of the picture, in pixels
 * @param {number} [samples] each pixel is the mean of so many times so many places
 * @returns {import("./square.js").Picture} grey
 */
export function drawFace(face, side, samples = 4) {
  const n = side * samples;
  const fine = new Float64Array(n * n).fill(70);
  for (const shape of shapes(face)) {
    const [left, top, right, bottom] = around(shape).map((place) => place * n);
    for (let row = Math.max(0, Math.floor(top)); row < Math.min(n, Math.ceil(bottom)); row++) {
      for (let column = Math.max(0, Math.floor(left)); column < Math.min(n, Math.ceil(right)); column++) {
        const tone = toneAt(shape, (column + 0.5) / n, (row + 0.5) / n);
        if (tone !== undefined) fine[row * n + column] = tone;
      }
    }
  }
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let v = 0; v < samples; v++) for (let u = 0; u < samples; u++) sum += fine[(y * samples + v) * n + x * samples + u];
      data.fill(Math.floor(sum / samples ** 2 + 0.5), 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
  return { width: side, height: side, data };
}
