// Teaches new classes from a handful of photos: a linear head on features that stay as they are, as `lib/tasks/photos/few_shot.py` does.

import { readNpz, writeNpz } from "./npz.js";
import { softmax } from "./runtime.js";

/**
 * A linear classifier of features.
 * @typedef {object} Head
 * @property {string[]} classes their names
 * @property {Float32Array} kernel a row for each feature, a column for each class
 * @property {Float32Array} bias of each class
 */

/**
 * How far a training has come.
 * @typedef {object} Moment
 * @property {number} step of `STEPS`, from 1
 * @property {number} loss mean cross-entropy on the photos that it learns from, in nats
 * @property {number} accuracy share of them that it gets right
 * @property {number} leftOutLoss the same on each photo for a head that learns from all others
 * @property {number} leftOutAccuracy share of photos that such heads get right: what to expect of new ones
 */

/** What MobileNetV2 says about a photo, in numbers. */
export const FEATURES = 1280;
/** Steps of gradient descent; the loss has all but stopped falling by then. */
export const STEPS = 60;
/** How many classes there may be. */
export const [FEWEST, MOST] = [2, 5];
const [RATE, MOMENTUM, DECAY] = [0.5, 0.9, 1e-3];
/** Of the file that a head is kept in. */
const FORMAT = 1;
/** Bytes that such a file has at most, with room to spare. */
export const LARGEST = 1_000_000;

/**
 * Features of length 1, so that dark and bright photos weigh the same.
 * @param {ArrayLike<number>} features
 */
function unit(features) {
  const values = Float64Array.from(features);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / Math.max(length, 1e-9));
}

/**
 * What a head says about a photo.
 * @param {Head} head
 * @param {ArrayLike<number>} features of the photo
 * @returns {Float64Array} the probability of each class
 */
export function probabilities({ kernel, bias }, features) {
  const n = bias.length;
  const logits = Float64Array.from(bias);
  unit(features).forEach((value, i) => {
    for (let c = 0; c < n; c++) logits[c] += value * kernel[i * n + c];
  });
  return softmax(logits);
}

/**
 * Learns step by step, and with it the heads that each leave one photo out.
 *
 * A head is a weighted sum of the photos that it learnt from (the representer theorem), so that instead of 1,280 weights for each class,
 * one weight for each photo is learnt: as many heads as there are photos cost next to nothing.
 */
export class Training {
  /**
   * @param {ArrayLike<number>[]} features of each photo
   * @param {number[]} labels the number of each photo's class
   * @param {string[]} classes their names
   */
  constructor(features, labels, classes) {
    const n = labels.length;
    this.labels = labels;
    this.classes = classes;
    this.step = 0;
    const units = features.map(unit);
    this.mean = units[0].map((_, f) => units.reduce((sum, one) => sum + one[f], 0) / n);
    const centred = units.map((one) => one.map((value, f) => value - this.mean[f]));
    const spread = centred.reduce((sum, one) => sum + dot(one, 0, one, 0, one.length), 0) / n;
    // Scaled so that steps of one size suit photos that are alike and photos that are not.
    this.scale = 1 / Math.max(Math.sqrt(spread), 1e-6);
    this.centred = centred.map((one) => one.map((value) => value * this.scale));
    this.kernel = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const [one, other] = [this.centred[i], this.centred[j]];
        this.kernel[i * n + j] = this.kernel[j * n + i] = dot(one, 0, other, 0, one.length);
      }
    }
    // Classes count alike, however many photos they have.
    const counts = classes.map((_, c) => labels.filter((label) => label === c).length);
    const weights = labels.map((label) => 1 / (classes.length * counts[label]));
    // Head 0 learns from all photos, head i + 1 from all but photo i.
    this.seen = Array.from({ length: n + 1 }, (_, h) => {
      const own = weights.map((weight, i) => (i === h - 1 ? 0 : weight));
      const sum = own.reduce((a, b) => a + b, 0);
      return own.map((weight) => weight / sum);
    });
    // Head by head, class by class, photo by photo.
    const size = (n + 1) * classes.length;
    this.shares = new Float64Array(size * n);
    this.speed = new Float64Array(size * n);
    this.guessed = new Float64Array(size * n).fill(1 / classes.length);
    this.bias = new Float64Array(size);
    this.biasSpeed = new Float64Array(size);
  }

  get done() {
    return this.step >= STEPS;
  }

  /**
   * One step of gradient descent with momentum.
   * @returns {Moment}
   */
  next() {
    const { labels, classes, shares, speed, bias, biasSpeed, guessed } = this;
    const n = labels.length;
    this.seen.forEach((seen, h) => {
      classes.forEach((_, c) => {
        const row = h * classes.length + c;
        let sum = 0;
        for (let i = 0, k = row * n; i < n; i++, k++) {
          const error = seen[i] * (guessed[k] - (labels[i] === c ? 1 : 0));
          sum += error;
          speed[k] = MOMENTUM * speed[k] - RATE * (error + DECAY * shares[k]);
          shares[k] += speed[k];
        }
        biasSpeed[row] = MOMENTUM * biasSpeed[row] - RATE * sum;
        bias[row] += biasSpeed[row];
      });
    });
    this.guess();
    this.step++;
    const [loss, accuracy] = this.score(() => 0);
    const [leftOutLoss, leftOutAccuracy] = this.score((i) => i + 1);
    return { step: this.step, loss, accuracy, leftOutLoss, leftOutAccuracy };
  }

  /** What each head says about each photo. */
  guess() {
    const { classes, shares, bias, guessed, kernel } = this;
    const n = this.labels.length;
    const logits = new Float64Array(classes.length);
    for (let h = 0; h <= n; h++) {
      for (let i = 0; i < n; i++) {
        let most = -Infinity;
        for (let c = 0; c < logits.length; c++) {
          const row = h * logits.length + c;
          logits[c] = bias[row] + dot(kernel, i * n, shares, row * n, n);
          most = Math.max(most, logits[c]);
        }
        // A softmax in place: thousands of small arrays a step would cost more than all the rest.
        let sum = 0;
        for (let c = 0; c < logits.length; c++) sum += logits[c] = Math.exp(logits[c] - most);
        for (let c = 0; c < logits.length; c++) guessed[(h * logits.length + c) * n + i] = logits[c] / sum;
      }
    }
  }

  /**
   * Cross-entropy and accuracy.
   * @param {(photo: number) => number} which head is asked about a photo
   */
  score(which) {
    const { labels, classes, guessed } = this;
    const n = labels.length;
    let loss = 0;
    let right = 0;
    labels.forEach((label, i) => {
      const said = classes.map((_, c) => guessed[(which(i) * classes.length + c) * n + i]);
      loss -= Math.log(Math.max(said[label], 1e-12));
      right += Number(said.indexOf(Math.max(...said)) === label);
    });
    return [loss / n, right / n];
  }

  /**
   * What has been learnt so far.
   * @returns {Head}
   */
  head() {
    const { classes, centred, shares, scale, mean } = this;
    const n = centred.length;
    const kernel = new Float32Array(mean.length * classes.length);
    const bias = Float32Array.from(classes, (_, c) => {
      let moved = this.bias[c];
      mean.forEach((middle, f) => {
        let weight = 0;
        for (let i = 0; i < n; i++) weight += centred[i][f] * shares[c * n + i];
        kernel[f * classes.length + c] = scale * weight;
        moved -= middle * scale * weight;
      });
      return moved;
    });
    return { classes: [...classes], kernel, bias };
  }
}

/**
 * @param {Float64Array} one
 * @param {number} from
 * @param {Float64Array} other
 * @param {number} start
 * @param {number} length
 */
function dot(one, from, other, start, length) {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += one[from + k] * other[start + k];
  return sum;
}

/**
 * A head as a file, which the server reads, too.
 * @param {Head} head
 */
export function writeHead({ classes, kernel, bias }) {
  return writeNpz({
    format: { kind: "<i8", shape: [], values: [FORMAT] },
    classes: { kind: "text", shape: [classes.length], values: classes },
    kernel: { kind: "<f4", shape: [FEATURES, classes.length], values: kernel },
    bias: { kind: "<f4", shape: [classes.length], values: bias },
  });
}

/**
 * @param {Uint8Array} bytes
 * @returns {Head | undefined} nothing where the file is not one that this page or the server wrote
 */
export function readHead(bytes) {
  try {
    const tables = readNpz(bytes);
    const [format, classes, kernel, bias] = ["format", "classes", "kernel", "bias"].map((name) => tables.get(name));
    const n = classes?.values.length ?? 0;
    const shapes = [format, classes, kernel, bias].map((table) => String(table?.shape));
    if (shapes.join(";") !== `;${n};${FEATURES},${n};${n}` || n < FEWEST || n > MOST || format?.values[0] !== FORMAT) return undefined;
    const numbers = [kernel, bias].map((table) => Float32Array.from(/** @type {ArrayLike<number>} */ (table?.values)));
    if (!numbers.every((values) => values.every(Number.isFinite))) return undefined;
    return { classes: Array.from(classes?.values ?? [], String), kernel: numbers[0], bias: numbers[1] };
  } catch {
    return undefined;
  }
}
