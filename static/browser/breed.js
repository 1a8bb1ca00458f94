// Breed: the person picks parents, and their noise is mixed into that of their children.

import { PIXELS, blendedNoise, noise, together, wish } from "./flow.js";
import { Pictures } from "./pictures.js";
import { randomSeed } from "./studio.js";
import { element } from "./view.js";

const N = 16;
/** Share of the way that a child's noise goes towards fresh noise. */
const MUTATION = 0.2;
const ALL = "all";

/** One picture, before it is drawn. @typedef {{noise: Float32Array, label: number}} One */

/**
 * Children of some pictures. Each has two of them as parents, or one where there is only one.
 * @param {One[]} parents at least one
 * @param {Float32Array} fresh noise, n x 784
 * @param {() => number} random numbers from 0 to 1
 * @returns {One[]} n of them; each has the class of the parent that it is nearer to
 */
export function children(parents, fresh, random) {
  return Array.from({ length: fresh.length / PIXELS }, (_, i) => {
    const first = Math.floor(random() * parents.length);
    // Another one, if there is one.
    const second = (first + 1 + Math.floor(random() * (parents.length - 1))) % parents.length;
    const share = random();
    const [one, other] = [parents[first], parents[second]];
    const mixed = blendedNoise(one.noise, other.noise, share);
    const child = blendedNoise(mixed, fresh.subarray(i * PIXELS, (i + 1) * PIXELS), MUTATION);
    return { noise: child, label: share < 0.5 ? one.label : other.label };
  });
}

/** @implements {Mode} @typedef {import("./studio.js").Mode} Mode */
export class Breed {
  generation = 1;
  /** @type {One[]} */
  all = [];

  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    const { classes, noun } = studio.data;
    this.studio = studio;
    const options = [ALL, ...classes.keys()].map((value) => element("option", { value: String(value) }, value === ALL ? `every ${noun}` : classes[Number(value)]));
    this.select = element("select", { "aria-label": "Start with", onchange: () => this.renew() }, ...options);
    this.count = element("strong");
    this.tools = element(
      "div",
      { class: "iml-line" },
      element("button", { type: "button", class: "iml-first iml-go", onclick: () => this.breed() }, "Breed"),
      element("button", { type: "button", onclick: () => this.renew() }, "Start over"),
    );
    this.pictures = new Pictures("Pictures to pick parents from", N, 4, () => this.studio.say(this.told()));
    this.root = element(
      "div",
      { class: "iml-stack" },
      element("p", { class: "iml-caption" }, "Pick the pictures that you like, best two or more, and press Breed: they become the parents of the next sixteen."),
      element("label", { class: "iml-line" }, element("span", { class: "iml-caption" }, "Start with"), this.select),
      this.tools,
      this.count,
      this.pictures.root,
      element("p", { class: "iml-caption" }, `The noise of a child is mixed from the noise of two parents, with a little new noise. It has the class of the parent that it is nearer to. With one parent, only the new noise makes a difference.`),
    );
  }

  told() {
    const n = this.pictures.picked.length;
    return n === 1 ? "One parent is picked." : `${n} parents are picked.`;
  }

  open() {
    if (!this.all.length) this.renew();
    else this.again();
  }

  /** The first generation. */
  renew() {
    const { studio } = this;
    const seed = studio.seed.value;
    if (seed === undefined) return studio.cancel();
    const start = noise(seed, N);
    const label = this.select.value;
    const n = studio.data.classes.length;
    this.all = Array.from({ length: N }, (_, i) => ({ noise: start.slice(i * PIXELS, (i + 1) * PIXELS), label: label === ALL ? i % n : Number(label) }));
    this.generation = 1;
    return this.draw();
  }

  again() {
    this.draw();
  }

  breed() {
    const { studio, pictures } = this;
    const parents = pictures.picked.map((i) => this.all[i]);
    if (!parents.length) return studio.say("Pick one picture or more first.");
    this.all = children(parents, noise(randomSeed(studio.data.limits.mostSeed), N), Math.random);
    this.generation++;
    return this.draw();
  }

  async draw() {
    const { studio, pictures, all } = this;
    const { classes } = studio.data;
    for (const i of pictures.places.keys()) pictures.press(i, false);
    pictures.name((i) => `${classes[all[i].label]}, number ${i + 1}`);
    this.count.textContent = `Generation ${this.generation}`;
    const wishes = together(all.map(({ label }) => wish(new Map([[label, 1]]), classes.length)));
    await studio.draw(together(all.map((one) => one.noise)), wishes, (x) => pictures.show(x));
  }
}
