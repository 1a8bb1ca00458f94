// How often a network looks at live video, and how long a look takes.

const WINDOW = 2000;

export class Pace {
  constructor() {
    /** @type {{at: number, took: number}[]} */
    this.looks = [];
  }

  /** @param {number} took milliseconds of a look that has just ended */
  add(took) {
    const now = performance.now();
    this.looks = [...this.looks.filter(({ at }) => now - at < WINDOW), { at: now, took }];
  }

  /** Looks a second; 0 as long as there are too few. */
  get rate() {
    const n = this.looks.length - 1;
    return n > 0 ? (1000 * n) / (this.looks[n].at - this.looks[0].at) : 0;
  }

  /** Milliseconds of the middle one. */
  get milliseconds() {
    const all = this.looks.map(({ took }) => took).sort((a, b) => a - b);
    return all[Math.floor(all.length / 2)] ?? 0;
  }

  /** In words. */
  toString() {
    return this.looks.length > 1 ? `${Math.round(this.rate)} looks a second, ${Math.round(this.milliseconds)} ms each` : "";
  }
}
