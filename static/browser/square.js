// From a photo to the square that a network takes, by the same sums as Pillow's: eight bits a colour, rounded after each step.

import { coefficients, round } from "./image.js";

/**
 * Red, green, blue and opacity of each pixel, row by row; an `ImageData` is one. All photos here are opaque.
 * @typedef {{width: number, height: number, data: Uint8ClampedArray}} Picture
 */

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */

/** @typedef {"crop" | "squeeze" | "pad"} Way how a photo becomes a square: its middle, squeezed, or with grey bars */

/** The part of the shorter side that a crop of the middle keeps. */
export const CENTRE_SHARE = 224 / 256;
const PAD_GREY = 127;
/** Pillow calculates with whole numbers, of which so many bits stand behind the point. */
const BITS = 22;

/**
 * @param {number} width
 * @param {number} height
 * @returns {Picture}
 */
function empty(width, height) {
  return { width, height, data: new Uint8ClampedArray(4 * width * height).fill(255) };
}

/**
 * The pixels that each new one is made of along a side, with whole weights.
 * @param {number} size
 * @param {number} from
 * @param {number} to
 * @param {number} target
 * @param {import("./image.js").Filter} filter
 */
function whole(size, from, to, target, filter) {
  return coefficients(size, from, to, target, filter).map(({ first, weights }) => ({
    first,
    weights: Float64Array.from(weights, (weight) => Math.trunc(weight * 2 ** BITS + (weight < 0 ? -0.5 : 0.5))),
  }));
}

/**
 * Resizes a part of a picture as Pillow's `resize` does.
 * @param {Picture} picture
 * @param {number} width
 * @param {number} height
 * @param {"bilinear" | "bicubic"} filter
 * @param {Box} [box] that is kept
 * @returns {Picture}
 */
export function resize(picture, width, height, filter, box = [0, 0, picture.width, picture.height]) {
  // Pillow keeps the box in single precision.
  const [left, top, right, bottom] = box.map(Math.fround);
  let result = picture;
  const down = whole(picture.height, top, bottom, height, filter);
  // Rows that nothing is made of need no work.
  const first = down[0].first;
  const last = Math.max(...down.map((one) => one.first + one.weights.length));
  if (width !== picture.width || left || right !== picture.width) {
    const across = whole(picture.width, left, right, width, filter);
    result = empty(width, picture.height);
    const { data } = picture;
    for (let y = first; y < last; y++) {
      for (let x = 0; x < width; x++) {
        const { first: start, weights } = across[x];
        const n = weights.length;
        let red = 2 ** (BITS - 1), green = red, blue = red;
        for (let k = 0, i = 4 * (y * picture.width + start); k < n; k++, i += 4) {
          const weight = weights[k];
          red += weight * data[i];
          green += weight * data[i + 1];
          blue += weight * data[i + 2];
        }
        put(result.data, 4 * (y * width + x), red, green, blue);
      }
    }
  }
  if (height !== picture.height || top || bottom !== picture.height) {
    const { data } = result;
    result = empty(width, height);
    for (let y = 0; y < height; y++) {
      const { first: start, weights } = down[y];
      const n = weights.length;
      for (let x = 0; x < width; x++) {
        let red = 2 ** (BITS - 1), green = red, blue = red;
        for (let k = 0, i = 4 * (start * width + x); k < n; k++, i += 4 * width) {
          const weight = weights[k];
          red += weight * data[i];
          green += weight * data[i + 1];
          blue += weight * data[i + 2];
        }
        put(result.data, 4 * (y * width + x), red, green, blue);
      }
    }
  }
  return result;
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} i
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 */
function put(data, i, red, green, blue) {
  data[i] = Math.floor(red / 2 ** BITS);
  data[i + 1] = Math.floor(green / 2 ** BITS);
  data[i + 2] = Math.floor(blue / 2 ** BITS);
}

/**
 * Makes a part of a picture smaller by whole factors, as Pillow's `reduce` does: each new pixel is the mean of a block.
 * @param {Picture} picture
 * @param {number} across
 * @param {number} down
 * @param {Box} box of whole numbers
 * @returns {Picture}
 */
function reduce(picture, across, down, [left, top, right, bottom]) {
  const result = empty(Math.ceil((right - left) / across), Math.ceil((bottom - top) / down));
  for (let y = 0; y < result.height; y++) {
    const high = Math.min(down, bottom - top - y * down);
    for (let x = 0; x < result.width; x++) {
      const wide = Math.min(across, right - left - x * across);
      const count = wide * high;
      let red = Math.trunc(count / 2), green = red, blue = red;
      for (let v = 0; v < high; v++) {
        let i = 4 * ((top + y * down + v) * picture.width + left + x * across);
        for (let u = 0; u < wide; u++, i += 4) {
          red += picture.data[i];
          green += picture.data[i + 1];
          blue += picture.data[i + 2];
        }
      }
      // Pillow divides by a product of whole numbers.
      const factor = Math.trunc(2 ** 24 / count);
      const i = 4 * (y * result.width + x);
      result.data[i] = Math.floor((red * factor) / 2 ** 24);
      result.data[i + 1] = Math.floor((green * factor) / 2 ** 24);
      result.data[i + 2] = Math.floor((blue * factor) / 2 ** 24);
    }
  }
  return result;
}

/**
 * A part of a picture.
 * @param {Picture} picture
 * @param {Box} box of whole numbers
 * @returns {Picture}
 */
export function crop(picture, [left, top, right, bottom]) {
  const result = empty(right - left, bottom - top);
  for (let y = 0; y < result.height; y++) {
    const start = 4 * ((top + y) * picture.width + left);
    result.data.set(picture.data.subarray(start, start + 4 * result.width), 4 * y * result.width);
  }
  return result;
}

/**
 * The square that the network for photos takes (`lib/photos.py`, `to_square`).
 * @param {Picture} picture
 * @param {number} side
 * @param {Way} [way]
 * @param {number} [share] of the shorter side that a crop keeps
 * @returns {Picture}
 */
export function toSquare(picture, side, way = "crop", share = CENTRE_SHARE) {
  const { width, height } = picture;
  if (way === "crop") {
    const middle = share * Math.min(width, height);
    const left = (width - middle) / 2;
    const top = (height - middle) / 2;
    return resize(picture, side, side, "bicubic", [left, top, left + middle, top + middle]);
  }
  if (way === "squeeze") return resize(picture, side, side, "bicubic");
  const scale = side / Math.max(width, height);
  const [wide, high] = [width, height].map((length) => Math.max(1, round(scale * length)));
  const inner = resize(picture, wide, high, "bicubic");
  const square = empty(side, side);
  square.data.forEach((_, i) => {
    if (i % 4 !== 3) square.data[i] = PAD_GREY;
  });
  const [left, top] = [Math.floor((side - wide) / 2), Math.floor((side - high) / 2)];
  for (let y = 0; y < high; y++) {
    square.data.set(inner.data.subarray(4 * y * wide, 4 * (y + 1) * wide), 4 * ((top + y) * side + left));
  }
  return square;
}

/** A photo of a hand may be so many times as long as it is wide before its middle is cut out. */
const WIDEST = 1.25;

/**
 * The square that the networks for hands take (`lib/tasks/hands/data.py`, `to_input`).
 * @param {Picture} picture
 * @param {number} side
 * @returns {Picture}
 */
export function handSquare(picture, side) {
  const { width, height } = picture;
  const wide = Math.min(width, round(height * WIDEST));
  const high = Math.min(height, round(width * WIDEST));
  const left = Math.floor((width - wide) / 2);
  const top = Math.floor((height - high) / 2);
  /** @type {Box} */
  const box = [left, top, left + wide, top + high];
  // Pillow's `reducing_gap` of 2: what is more than four times too large is first made smaller by whole factors.
  const [across, down] = [wide, high].map((length) => Math.trunc(length / side / 2) || 1);
  if (across === 1 && down === 1) return resize(picture, side, side, "bilinear", box);
  const [beside, above] = [wide / side / 2, high / side / 2];
  /** @type {Box} */
  const safe = [
    Math.max(0, Math.trunc(left - beside)),
    Math.max(0, Math.trunc(top - above)),
    Math.min(width, Math.ceil(left + wide + beside)),
    Math.min(height, Math.ceil(top + high + above)),
  ];
  return resize(reduce(picture, across, down, safe), side, side, "bilinear", [
    (left - safe[0]) / across,
    (top - safe[1]) / down,
    (left + wide - safe[0]) / across,
    (top + high - safe[1]) / down,
  ]);
}

/**
 * Several looks at one still hand, in place of several frames: whole, and a little nearer in five places.
 * @param {Picture} picture
 * @param {number} side
 * @returns {Picture[]}
 */
export function handViews(picture, side) {
  const { width, height } = picture;
  const nearer = [[0.5, 0.5], [0, 0.5], [1, 0.5], [0.5, 0], [0.5, 1]].map(([x, y]) => {
    const left = 0.08 * width * x;
    const top = 0.08 * height * y;
    return crop(picture, [round(left), round(top), round(left + 0.92 * width), round(top + 0.92 * height)]);
  });
  return [picture, ...nearer].map((view) => handSquare(view, side));
}

/**
 * The square that the detector takes (`lib/tasks/detection/detector.py`, `to_input`): between the four nearest pixels, without averaging.
 * @param {Picture} picture
 * @param {number} side
 * @returns {Float32Array} red, green and blue from 0 to 255
 */
export function squeezed(picture, side) {
  const { width, height, data } = picture;
  const result = new Float32Array(3 * side * side);
  const [across, down] = [width / side, height / side];
  for (let y = 0, i = 0; y < side; y++) {
    const top = Math.floor(y * down);
    const low = y * down - top;
    const above = top * width;
    const below = Math.min(top + 1, height - 1) * width;
    // Pillow leaves black what lies outside of a small picture.
    const outside = y * down + 0.5 >= height;
    for (let x = 0; x < side; x++) {
      const left = Math.floor(x * across);
      const far = x * across - left;
      if (outside || x * across + 0.5 >= width) {
        i += 3;
        continue;
      }
      const right = Math.min(left + 1, width - 1);
      const [a, b, c, d] = [4 * (above + left), 4 * (above + right), 4 * (below + left), 4 * (below + right)];
      for (let colour = 0; colour < 3; colour++, i++) {
        const over = data[a + colour] + far * (data[b + colour] - data[a + colour]);
        const under = data[c + colour] + far * (data[d + colour] - data[c + colour]);
        result[i] = Math.floor(over + low * (under - over));
      }
    }
  }
  return result;
}

/**
 * A square as a network takes it.
 * @param {Picture} picture
 * @returns {Float32Array} red, green and blue from 0 to 255
 */
export function toInput({ width, height, data }) {
  const result = new Float32Array(3 * width * height);
  for (let i = 0, j = 0; j < data.length; i += 3, j += 4) {
    result[i] = data[j];
    result[i + 1] = data[j + 1];
    result[i + 2] = data[j + 2];
  }
  return result;
}
