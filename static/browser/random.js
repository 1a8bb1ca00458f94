// Random numbers exactly as NumPy makes them, so that a seed means the same on the server and here.

const WORD = 0xffffffffn;
const LONG = (1n << 64n) - 1n;
const WIDE = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** @param {bigint} seed not negative */
function words(seed) {
  const found = [];
  for (let rest = seed; rest || !found.length; rest >>= 32n) found.push(Number(rest & WORD));
  return found;
}

/**
 * Spreads a seed over as many bits as a generator needs: NumPy's `SeedSequence`, for four 64-bit numbers.
 * @param {number[]} entropy 32-bit numbers
 * @returns {bigint[]}
 */
function spread(entropy) {
  let constant = 0x43b0d7e5;
  /** @param {number} value */
  const hash = (value) => {
    value ^= constant;
    constant = Math.imul(constant, 0x931e8875);
    value = Math.imul(value, constant);
    return (value ^ (value >>> 16)) >>> 0;
  };
  /**
   * @param {number} one
   * @param {number} other
   */
  const mix = (one, other) => {
    const mixed = Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const pool = [0, 1, 2, 3].map((i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  }
  // A seed of more than 128 bits.
  for (const more of entropy.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mix(pool[to], hash(more));

  constant = 0x8b51f9dd;
  const state = Array.from({ length: 8 }, (_, i) => {
    let value = pool[i % 4] ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    value = Math.imul(value, constant);
    return BigInt((value ^ (value >>> 16)) >>> 0);
  });
  return [0, 2, 4, 6].map((i) => state[i] | (state[i + 1] << 32n));
}

/** NumPy's `default_rng`: the generator PCG64. */
export class Random {
  /** @param {number | bigint | null} [seed] a whole number from 0; without one, the numbers are different each time */
  constructor(seed = null) {
    const entropy = seed === null ? [...crypto.getRandomValues(new Uint32Array(4))] : words(BigInt(seed));
    const [high, low, otherHigh, otherLow] = spread(entropy);
    this.increment = ((((otherHigh << 64n) | otherLow) << 1n) | 1n) & WIDE;
    this.state = (this.increment + ((high << 64n) | low)) & WIDE;
    this.step();
  }

  step() {
    this.state = (this.state * MULTIPLIER + this.increment) & WIDE;
  }

  /** The next number, from 0 to just below 1. */
  random() {
    this.step();
    const mixed = (this.state >> 64n) ^ (this.state & LONG);
    const turn = this.state >> 122n;
    const turned = ((mixed >> turn) | (mixed << (64n - turn))) & LONG;
    return Number(turned >> 11n) / 2 ** 53;
  }
}
