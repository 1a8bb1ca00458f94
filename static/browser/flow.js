// How pictures come out of noise: the same sums as in `lib/tasks/generation/flow.py`.

import { round } from "./image.js";
import { Random } from "./random.js";

/** Height and width of a picture, in pixels. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/**
 * What the network says about pictures on their way: from pictures (n x 784), times (n) and wishes (n x (classes + 1)), all flat, to
 * velocities (n x 784).
 * @typedef {(images: Float32Array, time: Float32Array, wishes: Float32Array) => Promise<Float32Array>} Velocity
 */

/**
 * What is given of all pictures: a picture from -1 to 1, and where it is given, 784 each.
 * @typedef {{picture: Float32Array, given: ArrayLike<number>}} Known
 */

/**
 * Normal noise, by the method of Box and Muller (1958), the same for a seed as on the server.
 * @param {number} seed not negative
 * @param {number} n pictures; the first ones do not depend on it
 * @returns {Float32Array} n x 784
 */
export function noise(seed, n) {
  const random = new Random(seed);
  const made = new Float32Array(n * PIXELS);
  for (let i = 0; i < made.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log1p(-random.random()));
    const angle = 2 * Math.PI * random.random();
    made[i] = radius * Math.cos(angle);
    made[i + 1] = radius * Math.sin(angle);
  }
  return made;
}

/**
 * What is asked for.
 * @param {Map<number, number>} shares of each class; two halves ask for something between two classes, and nothing asks for any class
 * @param {number} classes how many there are
 * @returns {Float32Array} classes + 1; the last place stands for "any class"
 */
export function wish(shares, classes) {
  const row = new Float32Array(classes + 1);
  for (const [one, share] of shares) row[one] = share;
  if (!shares.size) row[classes] = 1;
  return row;
}

/**
 * Several rows as one, such as pictures or wishes.
 * @param {Float32Array[]} rows
 */
export function together(rows) {
  const whole = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let place = 0;
  for (const row of rows) {
    whole.set(row, place);
    place += row.length;
  }
  return whole;
}

/**
 * Pictures on their way, step by step (Euler's method). Who no longer asks for the next step has stopped them.
 * @param {Velocity} velocity of the network
 * @param {Float32Array} start noise, n x 784
 * @param {Float32Array} wishes n x (classes + 1)
 * @param {object} how
 * @param {number} how.steps of equal length
 * @param {number} how.guidance 1 follows the class as it was learnt; more exaggerates the difference that the class makes; 0 ignores it
 * @param {Known} [how.known] after each step, these pixels are put where they would be on their way, so that the network draws what fits to them
 * @returns {AsyncGenerator<Float32Array>} n x 784 after each step; the last ones are about -1 (black) to 1 (white)
 */
export async function* stepsFromNoise(velocity, start, wishes, { steps, guidance, known }) {
  const n = start.length / PIXELS;
  const width = wishes.length / n;
  const anyClass = wishes.map((_, i) => Number(i % width === width - 1));
  let x = start;
  const length = 1 / steps;
  for (let step = 0; step < steps; step++) {
    const time = new Float32Array(n).fill(step * length);
    let change;
    if (guidance === 1) change = await velocity(x, time, wishes);
    else {
      const both = await velocity(together([x, x]), together([time, time]), together([wishes, anyClass]));
      const free = both.subarray(x.length);
      change = free.map((value, i) => value + guidance * (both[i] - value));
    }
    x = x.map((value, i) => value + length * change[i]);
    if (known) {
      const arrived = (step + 1) * length;
      for (let i = 0; i < x.length; i++) {
        if (known.given[i % PIXELS]) x[i] = (1 - arrived) * start[i] + arrived * known.picture[i % PIXELS];
      }
    }
    yield x;
  }
}

/**
 * Pictures from -1 to 1 as grey values, light on dark.
 * @param {Float32Array} x
 * @returns {Uint8Array}
 */
export function pixels(x) {
  return Uint8Array.from(x, (value) => round(Math.min(255, Math.max(0, (value + 1) * 127.5))));
}

/**
 * Noise on the way from one to another, as loud as both, also where they are alike.
 * @param {Float32Array} first of one picture
 * @param {Float32Array} second
 * @param {number} share of the way, 0 to 1
 * @returns {Float32Array}
 */
export function blendedNoise(first, second, share) {
  const [one, other] = [Math.cos((share * Math.PI) / 2), Math.sin((share * Math.PI) / 2)];
  const mixed = first.map((value, i) => one * value + other * second[i]);
  const wanted = one ** 2 * power(first) + other ** 2 * power(second);
  const loud = Math.sqrt(wanted / Math.max(power(mixed), 1e-9));
  return mixed.map((value) => loud * value);
}

/** @param {Float32Array} values */
function power(values) {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
