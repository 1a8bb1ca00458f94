// Finds the faces in a picture and cuts them out: the sums of `lib/tasks/emotions/faces.py` and `reader.py`.

import { resize } from "./square.js";

/** @typedef {import("./square.js").Picture} Picture */
/** @typedef {{box: import("./square.js").Box, score: number}} Face a box in pixels of the picture, and how sure it is, 0 to 1 */

/** Height and width of what the network takes, in pixels. */
export const SIDE = 128;
/** Height and width of a face that is cut out. */
export const FACE = 48;
/** Score from which on a place counts as a face: in the whole picture, and in a window of it, where patterns often look like one. */
const LEAST = 0.6;
const LEAST_NEAR = 0.8;
const OVERLAP = 0.4;
const MOST = 60;
const GRIDS = [[16, 2], [8, 6]];
const ZOOM = 1.18;
const DOWN = -0.09;
const DARK = 16;
const CUT_OFF = 0.2;
/** A photo is looked at as a whole, and in windows of a half and a quarter of its longer side. */
export const LEVELS = [1, 2, 4];

const NO_FACE = "I see no face. Use a picture in which a face looks at the camera, in good light, and is not tiny.";
const BLACK = "The picture is almost black. Switch on a light, or uncover the camera.";
const AT_THE_EDGE = "Part of this face is outside of the picture, so the answer is worse. Move it into the middle.";

/** @param {number} a @param {number} b */
const floorDivide = (a, b) => Math.floor(a / b);

/**
 * @param {number} length of the picture's side
 * @param {number} side of the windows
 */
function starts(length, side) {
  if (side >= length) return [floorDivide(length - side, 2)];
  const n = Math.ceil(((length - side) * 2) / side) + 1;
  return Array.from({ length: n }, (_, i) => floorDivide((length - side) * i, n - 1));
}

/**
 * Squares that cover a picture: left, top and side of each.
 * @param {number} width
 * @param {number} height
 * @param {number[]} [levels]
 * @returns {[left: number, top: number, side: number][]}
 */
export function windows(width, height, levels = LEVELS) {
  const longest = Math.max(width, height);
  /** @type {[number, number, number][]} */
  const found = [];
  for (const level of levels) {
    const side = Math.ceil(longest / level);
    if (level > 1 && side < SIDE) break;
    for (const y of starts(height, side)) for (const x of starts(width, side)) found.push([x, y, side]);
  }
  return found;
}

/**
 * A square of a picture, which may reach beyond it.
 * @param {Picture} picture
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @param {boolean} goesOn whether the picture's edge goes on beyond it; else it is black there
 * @returns {Picture}
 */
function cut({ width, height, data }, left, top, side, goesOn) {
  const result = new Uint8ClampedArray(4 * side * side);
  for (let y = 0; y < side; y++) {
    const row = Math.min(height - 1, Math.max(0, top + y));
    for (let x = 0; x < side; x++) {
      const column = Math.min(width - 1, Math.max(0, left + x));
      const [to, from] = [4 * (y * side + x), 4 * (row * width + column)];
      result[to + 3] = 255;
      if (!goesOn && (row !== top + y || column !== left + x)) continue;
      result[to] = data[from];
      result[to + 1] = data[from + 1];
      result[to + 2] = data[from + 2];
    }
  }
  return { width: side, height: side, data: result };
}

/**
 * A window as the network takes it.
 * @param {Picture} picture
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @returns {Float32Array} red, green and blue from -1 to 1
 */
export function windowOf(picture, left, top, side) {
  const { data } = resize(cut(picture, left, top, side, false), SIDE, SIDE, "bilinear");
  const result = new Float32Array(3 * SIDE * SIDE);
  for (let i = 0, j = 0; j < data.length; i += 3, j += 4) {
    for (let colour = 0; colour < 3; colour++) result[i + colour] = Math.fround(data[j + colour] / 127.5) - 1;
  }
  return result;
}

/** The middle of each of the network's places, as shares of the window. @type {[number, number][]} */
const ANCHORS = GRIDS.flatMap(([n, answers]) =>
  Array.from({ length: n * n * answers }, (_, i) => {
    const place = Math.floor(i / answers);
    return /** @type {[number, number]} */ ([((place % n) + 0.5) / n, (Math.floor(place / n) + 0.5) / n]);
  }));

/**
 * Faces that the network sees in a window.
 * @param {{boxes: ArrayLike<number>, scores: ArrayLike<number>}} raw
 * @param {[left: number, top: number, side: number]} window
 * @param {number} number of the window; the first one holds the whole picture
 * @returns {Face[]}
 */
export function decode({ boxes, scores }, [left, top, side], number) {
  /** @type {Face[]} */
  const found = [];
  ANCHORS.forEach(([anchorX, anchorY], i) => {
    const score = 1 / (1 + Math.exp(-Math.min(80, Math.max(-80, scores[i]))));
    if (score < (number ? LEAST_NEAR : LEAST)) return;
    const [x, y, wide, high] = [0, 1, 2, 3].map((k) => boxes[16 * i + k] / SIDE);
    const [middleX, middleY] = [x + anchorX, y + anchorY];
    found.push({
      score,
      box: [left + side * (middleX - wide / 2), top + side * (middleY - high / 2), left + side * (middleX + wide / 2), top + side * (middleY + high / 2)],
    });
  });
  return found;
}

/** @param {import("./square.js").Box} box */
const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);

/**
 * The part of the smaller box that both share.
 * @param {import("./square.js").Box} one
 * @param {import("./square.js").Box} two
 */
export function shared(one, two) {
  const wide = Math.min(one[2], two[2]) - Math.max(one[0], two[0]);
  const high = Math.min(one[3], two[3]) - Math.max(one[1], two[1]);
  const smaller = Math.min(area(one), area(two));
  return smaller > 0 ? (Math.max(0, wide) * Math.max(0, high)) / smaller : 0;
}

/**
 * Of answers about the same face the surest one, the largest face first.
 * @param {Face[]} found
 * @param {number} width of the picture
 * @param {number} height
 * @returns {Face[]}
 */
export function kept(found, width, height) {
  /** @type {Face[]} */
  const faces = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    const [x, y] = [(one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2];
    if (x < 0 || x > width || y < 0 || y > height) continue;
    if (!faces.some((other) => shared(other.box, one.box) > OVERLAP)) faces.push(one);
  }
  return faces.slice(0, MOST).sort((a, b) => b.box[2] - b.box[0] - (a.box[2] - a.box[0]));
}

/**
 * What is cut out around a face: as much as the training pictures show.
 * @param {Face} face
 * @returns {[left: number, top: number, side: number]}
 */
export function squareOf({ box: [left, top, right, bottom] }) {
  const size = Math.max(right - left, bottom - top);
  const side = Math.max(1, Math.floor(ZOOM * size + 0.5));
  const [x, y] = [(left + right) / 2, (top + bottom) / 2 + DOWN * size];
  return [Math.floor(x - side / 2 + 0.5), Math.floor(y - side / 2 + 0.5), side];
}

/**
 * Grey values of a picture, as Pillow makes them.
 * @param {Picture} picture
 * @returns {Float32Array} 0 to 255
 */
export function greyOf({ width, height, data }) {
  const result = new Float32Array(width * height);
  for (let i = 0, j = 0; j < data.length; i++, j += 4) {
    result[i] = Math.floor((19595 * data[j] + 38470 * data[j + 1] + 7471 * data[j + 2] + 0x8000) / 65536);
  }
  return result;
}

/**
 * A face as the emotion network takes it.
 * @param {Picture} picture
 * @param {Face} face
 * @returns {Float32Array} 48 x 48 grey values from 0 to 255
 */
export function cutOut(picture, face) {
  return greyOf(resize(cut(picture, ...squareOf(face), true), FACE, FACE, "bilinear"));
}

/**
 * What to do about a picture; nothing where all is well.
 * @param {Picture} picture
 * @param {Face[]} faces
 */
export function advice(picture, faces) {
  const { width, height, data } = picture;
  if (!faces.length) {
    let sum = 0;
    // Each hundredth pixel tells a black picture, too.
    for (let i = 0; i < data.length; i += 400) sum += (data[i] + data[i + 1] + data[i + 2]) / 3;
    return sum / Math.ceil(data.length / 400) < DARK ? BLACK : NO_FACE;
  }
  const [left, top, side] = squareOf(faces[0]);
  const wide = Math.min(left + side, width) - Math.max(left, 0);
  const high = Math.min(top + side, height) - Math.max(top, 0);
  return wide * high < (1 - CUT_OFF) * side * side ? AT_THE_EDGE : "";
}
