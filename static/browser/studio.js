// What all ways to draw share: the network, the settings, and one drawing at a time, which can be stopped.

import { PIXELS, stepsFromNoise } from "./flow.js";
import { range } from "./range.js";
import { element, painted, reason } from "./view.js";

/**
 * What a person drew last, and may come back to.
 * @typedef {{label: number, seed: number, steps: number, guidance: number}} Given
 */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {string} noun what one of them is
 * @property {number} pen width of the pen to begin with, of the pad's pixels
 * @property {{steps: number, mostSteps: number, guidance: number, mostGuidance: number, mostSeed: number}} limits
 * @property {import("./game.js").Sprite} real pictures of the dataset, for the game
 * @property {import("./game.js").Sprite} drawn pictures of the network, for the game
 * @property {Given | null} [given] what was drawn before
 */

/**
 * One of the ways to draw.
 * @typedef {object} Mode
 * @property {HTMLElement} root
 * @property {HTMLElement} [tools] where its buttons stand; the others are put beside them
 * @property {() => void} open is called when the person comes to it, and when the network is there
 * @property {() => void} [close] is called when the person leaves it
 * @property {() => void} [again] is called when the settings are others
 * @property {() => void} [renew] is called when the seed is another one
 * @property {boolean} [seeds] whether it has seeds of its own
 */

/** @param {number} most */
export function randomSeed(most) {
  return crypto.getRandomValues(new Uint32Array(1))[0] % (most + 1);
}

/** A field for a seed, which says what is wrong with it. */
export class SeedField {
  /**
   * @param {string} label
   * @param {number} most
   * @param {number} value
   * @param {() => void} act is called when there is another seed
   */
  constructor(label, most, value, act) {
    this.most = most;
    this.input = element("input", { type: "number", min: 0, max: most, step: 1, value: String(value) });
    this.complaint = element("p", { class: "iml-message iml-warning", role: "status", hidden: true });
    this.root = element("div", {}, element("label", { class: "iml-setting" }, element("span", { class: "iml-caption" }, label), this.input), this.complaint);
    this.input.addEventListener("change", () => {
      if (this.value !== undefined) act();
    });
  }

  /** The seed; nothing, and a sentence, where there is none. */
  get value() {
    const seed = this.input.value === "" ? NaN : Number(this.input.value);
    const fine = Number.isInteger(seed) && seed >= 0 && seed <= this.most;
    this.complaint.textContent = fine ? "" : `The seed must be a whole number from 0 to ${this.most}.`;
    this.complaint.hidden = fine;
    return fine ? seed : undefined;
  }

  /** @param {number | undefined} seed */
  set value(seed) {
    this.input.value = String(seed);
    this.complaint.hidden = true;
  }

  renew() {
    this.value = randomSeed(this.most);
  }
}

export class Studio {
  /**
   * @param {Data} data
   * @param {Given} first
   * @param {(why: string) => void} failed
   * @param {() => Mode} mode that the person has chosen
   */
  constructor(data, first, failed, mode) {
    const { limits } = data;
    this.data = data;
    this.failed = failed;
    /** @type {import("./runtime.js").Model | undefined} */
    this.model = undefined;
    /** The drawing that goes on; another one, or none, ends it. @type {object | undefined} */
    this.current = undefined;

    const again = () => mode().again?.();
    this.steps = range({
      label: "Steps", least: 1, most: limits.mostSteps, value: first.steps, unit: "", act() {}, settled: again,
      help: "From noise to picture. More steps take longer.",
    });
    this.guidance = range({
      label: "Guidance", most: limits.mostGuidance, step: 0.1, value: first.guidance, unit: "", act() {}, settled: again,
      help: `How strongly the ${data.noun} that you choose counts. 1: as the network learnt it. 0: not at all.`,
    });
    const renew = () => mode().renew?.();
    this.seed = new SeedField("Seed", limits.mostSeed, first.seed, renew);
    const fresh = element("button", { type: "button", class: "iml-fresh", onclick: () => {
      this.seed.renew();
      renew();
    } }, "New noise");
    this.noise = element("div", { class: "iml-stack" },
      this.seed.root,
      element("span", { class: "iml-caption iml-help" }, "Noise is a picture of random dots. The same seed gives the same noise again."),
      element("div", { class: "iml-line" }, fresh),
    );
    this.root = element("div", { class: "iml-stack iml-settings" }, this.steps.root, this.guidance.root, this.noise);

    this.stopper = element("button", { type: "button", class: "iml-stop", disabled: true, onclick: () => this.stop() }, "Stop");
    this.bar = element("progress", { max: 1, value: 0, "aria-label": "Steps that are done" });
    this.counter = element("span", { class: "iml-caption iml-counter" }, "\u00a0");
    this.sentence = element("p", { class: "iml-caption iml-said", role: "status" });
    this.below = element("div", { class: "iml-steps" }, this.bar, this.counter, this.sentence);
  }

  /** @param {string} text */
  say(text) {
    this.sentence.textContent = text;
  }

  /**
   * Draws, step by step, and shows each of them.
   * @param {Float32Array} start noise, n x 784
   * @param {Float32Array} wishes n x (classes + 1)
   * @param {(x: Float32Array) => void} show
   * @param {import("./flow.js").Known} [known]
   * @returns {Promise<boolean>} whether it was finished
   */
  async draw(start, wishes, show, known) {
    const { model } = this;
    show(start);
    if (!model) return false;
    const mine = (this.current = {});
    const steps = this.steps.value;
    const width = this.data.classes.length + 1;
    // Where no class is asked for, there is nothing to exaggerate: half of the work.
    const free = wishes.every((share, i) => share === Number(i % width === width - 1));
    const guidance = free ? 1 : this.guidance.value;
    /** @type {import("./flow.js").Velocity} */
    const velocity = async (images, time, wish) => {
      const n = images.length / PIXELS;
      return (await model.run({ images, time, wish }, { images: [n, 28, 28], time: [n, 1], wish: [n, width] })).outputs.velocity;
    };
    let done = 0;
    const count = () => {
      this.bar.max = steps;
      this.bar.value = done;
      this.counter.textContent = `Step ${done} of ${steps}`;
    };
    this.say("");
    this.stopper.disabled = false;
    count();
    const begin = performance.now();
    const way = stepsFromNoise(velocity, start, wishes, { steps, guidance, known });
    try {
      for (let next = way.next(); ;) {
        const { value: x, done: finished } = await next;
        if (mine !== this.current) return false;
        if (finished) break;
        // While the screen shows this step, the network works on the next one.
        next = way.next();
        next.catch(() => {});
        done++;
        show(x);
        count();
        await painted();
        if (mine !== this.current) return false;
      }
    } catch (error) {
      if (mine === this.current) this.failed(reason(error));
      return false;
    }
    this.end();
    this.say(`Drawn in ${((performance.now() - begin) / 1000).toFixed(1)} seconds.`);
    return true;
  }

  end() {
    this.current = undefined;
    this.stopper.disabled = true;
  }

  /** Ends a drawing without a word. */
  cancel() {
    this.end();
    this.bar.value = 0;
    this.counter.textContent = "\u00a0";
    this.say("");
  }

  /** Ends a drawing; the pictures stay as they are. */
  stop() {
    if (!this.current) return;
    this.end();
    this.say("Stopped. The pictures are not finished.");
  }
}
