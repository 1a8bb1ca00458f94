// Walk: from one picture to another, through all that lies between.

import { PIXELS, blendedNoise, noise, together, wish } from "./flow.js";
import { Pictures } from "./pictures.js";
import { range } from "./range.js";
import { SeedField, randomSeed } from "./studio.js";
import { element } from "./view.js";

const N = 21;
/** Milliseconds for which each picture is shown. */
const PACE = 160;

/** @implements {Mode} @typedef {import("./studio.js").Mode} Mode */
export class Walk {
  seeds = true;
  /** The timer of the next picture. @type {number | undefined} */
  playing;
  way = 1;
  /** What was drawn last. @type {Float32Array | undefined} */
  x;

  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    const { classes, noun, limits } = studio.data;
    this.studio = studio;
    const act = () => this.draw();
    this.ends = ["From", "To"].map((name, i) => {
      const options = classes.map((label, value) => element("option", { value: String(value) }, label));
      const select = element("select", { "aria-label": name, onchange: act }, ...options);
      select.value = String(i ? Math.min(8, classes.length - 1) : 3 % classes.length);
      const seed = new SeedField(i ? "Seed of the last picture" : "Seed of the first picture", limits.mostSeed, randomSeed(limits.mostSeed), act);
      return { select, seed, root: element("div", { class: "iml-stack iml-end" }, element("label", { class: "iml-setting" }, element("span", { class: "iml-caption" }, name), select), seed.root) };
    });
    this.tools = element(
      "div",
      { class: "iml-line" },
      element("button", { type: "button", class: "iml-first iml-go", onclick: act }, "Draw the walk"),
      element("button", { type: "button", onclick: () => {
        for (const { seed } of this.ends) seed.renew();
        act();
      } }, "New noise"),
    );
    this.large = new Pictures("The picture at this place", 1, 1);
    this.large.root.classList.add("iml-large");
    this.small = new Pictures("All pictures on the way", N, 7);
    this.small.root.classList.add("iml-little");
    this.place = range({ label: "Place on the way", value: 0, step: 100 / (N - 1), act: () => {
      this.pause();
      this.look();
    } });
    this.play = element("button", { type: "button", class: "iml-play", disabled: true, onclick: () => (this.playing === undefined ? this.go() : this.pause()) }, "Play");
    this.root = element(
      "div",
      { class: "iml-stack" },
      element("div", { class: "iml-beside" }, ...this.ends.map((end) => end.root)),
      this.tools,
      element(
        "div",
        { class: "iml-beside" },
        element("div", { class: "iml-stack" }, this.large.root, element("div", { class: "iml-line" }, this.play)),
        element("div", { class: "iml-wide iml-stack" }, this.place.root, this.small.root),
      ),
      element("p", { class: "iml-caption" }, `The noise turns into other noise, and the wish goes from one ${noun} to the other. In the middle, the network is asked for half of each.`),
    );
    this.show(new Float32Array(N * PIXELS).fill(-1));
  }

  /** @param {Float32Array} x */
  show(x) {
    this.x = x;
    this.small.show(x);
    this.look();
  }

  /** Shows the picture at the slider's place. */
  look() {
    const { classes } = this.studio.data;
    const i = Math.round((this.place.value / 100) * (N - 1));
    if (this.x) this.large.show(this.x.subarray(i * PIXELS, (i + 1) * PIXELS));
    this.small.places.forEach((place, k) => place.classList.toggle("iml-here", k === i));
    const [from, to] = this.ends.map(({ select }) => classes[Number(select.value)]);
    this.large.name(() => `${this.place.value}% of the way from ${from} to ${to}`);
  }

  open() {
    this.draw();
  }

  again() {
    this.draw();
  }

  close() {
    this.pause();
  }

  go() {
    clearTimeout(this.playing);
    this.play.textContent = "Pause";
    this.playing = window.setTimeout(() => {
      const next = this.place.value + (this.way * 100) / (N - 1);
      if (next < 0 || next > 100) this.way = -this.way;
      else this.place.value = next;
      this.look();
      this.go();
    }, PACE);
  }

  pause() {
    clearTimeout(this.playing);
    this.playing = undefined;
    this.play.textContent = "Play";
  }

  async draw() {
    const { studio } = this;
    const { classes } = studio.data;
    this.pause();
    const seeds = this.ends.map(({ seed }) => seed.value);
    const [first, last] = seeds;
    if (first === undefined || last === undefined) return studio.cancel();
    const [from, to] = this.ends.map(({ select }) => Number(select.value));
    const starts = [noise(first, 1), noise(last, 1)];
    const shares = Array.from({ length: N }, (_, i) => i / (N - 1));
    const start = together(shares.map((share) => blendedNoise(starts[0], starts[1], share)));
    const wishes = together(shares.map((share) => wish(from === to ? new Map([[from, 1]]) : new Map([[from, 1 - share], [to, share]]), classes.length)));
    this.small.name((i) => `${Math.round(100 * shares[i])}% of the way from ${classes[from]} to ${classes[to]}`);
    this.play.disabled = !studio.model;
    const done = await studio.draw(start, wishes, (x) => this.show(x));
    // Who wants no motion presses Play.
    if (done && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) this.go();
  }
}
