// Grey images as arrays of numbers, and how Pillow resizes them: the same sums as on the server, so that both see the same picture.

/**
 * A grey image, row by row.
 * @typedef {{width: number, height: number, data: Float32Array}} Grey
 */

/**
 * @param {number} width
 * @param {number} height
 * @returns {Grey}
 */
export function grey(width, height) {
  return { width, height, data: new Float32Array(width * height) };
}

/**
 * Rounds halves to even numbers, as Python does.
 * @param {number} value
 */
export function round(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** @param {number} x */
const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** @typedef {"box" | "bilinear" | "bicubic" | "lanczos"} Filter */

/** @type {Record<Filter, {support: number, weigh: (x: number) => number}>} */
const FILTERS = {
  box: { support: 0.5, weigh: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weigh: (x) => {
      const a = -0.5;
      const far = Math.abs(x);
      if (far < 1) return ((a + 2) * far - (a + 3)) * far * far + 1;
      return far < 2 ? (((far - 5) * far + 8) * far - 4) * a : 0;
    },
  },
  lanczos: { support: 3, weigh: (x) => (x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Which pixels each new pixel is made of, along one side (Pillow's `precompute_coeffs`).
 * @param {number} size of the side
 * @param {number} from where the part of it begins that is kept
 * @param {number} to where it ends
 * @param {number} target its new size
 * @param {Filter} name
 * @returns {{first: number, weights: number[]}[]}
 */
export function coefficients(size, from, to, target, name) {
  const filter = FILTERS[name];
  const scale = (to - from) / target;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  return Array.from({ length: target }, (_, i) => {
    const centre = from + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(size, Math.trunc(centre + support + 0.5));
    const weights = [];
    let sum = 0;
    for (let x = first; x < last; x++) {
      const weight = filter.weigh((x - centre + 0.5) / stretch);
      weights.push(weight);
      sum += weight;
    }
    return { first, weights: sum ? weights.map((weight) => weight / sum) : weights };
  });
}

/**
 * Resizes an image of floating point numbers as Pillow does in its mode F.
 * @param {Grey} image
 * @param {number} width
 * @param {number} height
 * @param {Filter} filter
 * @returns {Grey}
 */
export function resize(image, width, height, filter) {
  if (width === image.width && height === image.height) return image;
  const across = coefficients(image.width, 0, image.width, width, filter);
  const down = coefficients(image.height, 0, image.height, height, filter);
  const narrow = grey(width, image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x];
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * image.data[y * image.width + first + k];
      narrow.data[y * width + x] = sum;
    }
  }
  const result = grey(width, height);
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y];
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * narrow.data[(first + k) * width + x];
      result.data[y * width + x] = sum;
    }
  }
  return result;
}

/**
 * A part of an image.
 * @param {Grey} image
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @returns {Grey}
 */
export function crop(image, left, top, width, height) {
  const result = grey(width, height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * image.width + left;
    result.data.set(image.data.subarray(start, start + width), y * width);
  }
  return result;
}

/**
 * An image inside a larger one of zeros.
 * @param {Grey} image
 * @param {number} left columns before it
 * @param {number} top rows above it
 * @param {number} width of the larger one
 * @param {number} height of the larger one
 * @returns {Grey}
 */
export function place(image, left, top, width, height) {
  const result = grey(width, height);
  for (let y = 0; y < image.height; y++) {
    result.data.set(image.data.subarray(y * image.width, (y + 1) * image.width), (top + y) * width + left);
  }
  return result;
}

/**
 * Distance of each pixel to the nearest one that is set (Felzenszwalb and Huttenlocher, 2012, "Distance transforms of sampled functions").
 * @param {Uint8Array} set
 * @param {number} width
 * @param {number} height
 * @returns {Float64Array}
 */
export function distances(set, width, height) {
  const far = 1e20;
  const squares = Float64Array.from(set, (value) => (value ? 0 : far));
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const at = new Int32Array(longest);
  const border = new Float64Array(longest + 1);
  /**
   * @param {number} start
   * @param {number} step
   * @param {number} n
   */
  const along = (start, step, n) => {
    for (let i = 0; i < n; i++) line[i] = squares[start + i * step];
    let k = 0;
    at[0] = 0;
    border[0] = -far;
    border[1] = far;
    for (let q = 1; q < n; q++) {
      let s;
      do {
        const p = at[k];
        s = (line[q] + q * q - (line[p] + p * p)) / (2 * (q - p));
      } while (s <= border[k] && --k >= 0);
      k++;
      at[k] = q;
      border[k] = s;
      border[k + 1] = far;
    }
    k = 0;
    for (let q = 0; q < n; q++) {
      while (border[k + 1] < q) k++;
      squares[start + q * step] = (q - at[k]) ** 2 + line[at[k]];
    }
  };
  for (let x = 0; x < width; x++) along(x, width, height);
  for (let y = 0; y < height; y++) along(y * width, 1, width);
  return squares.map(Math.sqrt);
}
