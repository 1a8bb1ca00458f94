// What the sliders do to a style and to a painted photo: the same sums as in `lib/tasks/style_transfer/painter.py`.

import { round } from "./image.js";
import { resize, toInput, toSquare } from "./square.js";

/** @typedef {import("./square.js").Picture} Picture */

/** Height and width in which the network looks at a painting. */
export const STYLE_SIDE = 256;
/** Photos are painted at so many pixels on their longer side. */
export const LONGEST = 384;
/** The shortest side of what is painted. */
export const LEAST = 16;
/** Below this strength, the photo itself shines through. */
const FADE = 0.25;
/** Mean brightness, of 255, below which a photo counts as black. */
const DARK = 10;
export const BLACK = "The photo is almost black. There is nothing to paint: switch on a light, or uncover the camera.";
export const NARROW = "This photo is too narrow to be painted: please use one whose sides are less different.";

/**
 * A picture of a size that the network takes: sides multiples of four, hardly squeezed.
 * @param {Picture} picture
 * @param {number} [longest]
 * @returns {Picture | undefined} nothing where it is too narrow
 */
export function sized(picture, longest = LONGEST) {
  const scale = longest / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width, picture.height].map((side) => 4 * Math.max(1, Math.floor((scale * side) / 4 + 0.5)));
  return Math.min(width, height) < LEAST ? undefined : resize(picture, width, height, "bicubic");
}

/**
 * The middle of a picture as the network looks at styles, as numbers.
 * @param {Picture} picture
 */
export function styleInput(picture) {
  return toInput(toSquare(picture, STYLE_SIDE, "crop", 1));
}

/**
 * A style between two.
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second
 * @param {number} share of the way from the first to the second
 * @returns {Float32Array}
 */
export function blended(first, second, share) {
  return Float32Array.from(first, (value, i) => (1 - share) * value + share * second[i]);
}

/**
 * What the network painted, as a picture of the photo's size.
 * @param {Picture} photo
 * @param {Float32Array} painted red, green and blue of each pixel, 0 to 255
 * @param {number} strength 0 to 1
 * @param {boolean} ownColours whether the photo's colours are kept
 * @returns {Picture}
 */
export function finished(photo, painted, strength, ownColours) {
  const { width, height, data } = photo;
  const result = new Uint8ClampedArray(data.length).fill(255);
  const share = Math.min(1, strength / FADE);
  for (let i = 0, j = 0; i < data.length; i += 4, j += 3) {
    const [red, green, blue] = [0, 1, 2].map((c) => round(Math.min(255, Math.max(0, painted[j + c]))));
    // How much lighter the painted pixel is.
    const lighter = 0.299 * (red - data[i]) + 0.587 * (green - data[i + 1]) + 0.114 * (blue - data[i + 2]);
    [red, green, blue].forEach((value, c) => {
      const own = data[i + c];
      const colour = ownColours ? Math.floor(Math.min(255, Math.max(0, own + lighter)) + 0.5) : value;
      result[i + c] = share < 1 ? Math.floor((1 - share) * own + share * colour + 0.5) : colour;
    });
  }
  return { width, height, data: result };
}

/**
 * What to do about a photo, in a sentence or two; nothing where all is well.
 * @param {Picture} picture
 */
export function advice({ data }) {
  // Enough of the pixels to tell a black picture.
  const step = 4 * Math.max(1, Math.floor(data.length / 4 / 1024));
  let sum = 0, n = 0;
  for (let i = 0; i < data.length; i += step, n += 3) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / n < DARK ? BLACK : "";
}
