// Finish: the person draws the upper half, and the network the rest, in several ways.

import { PIXELS, noise, together, wish } from "./flow.js";
import { shrink } from "./ink.js";
import { Pad } from "./pad.js";
import { Pictures } from "./pictures.js";
import { range } from "./range.js";
import { element } from "./view.js";

const N = 8;
const UPPER = PIXELS / 2;
const ANY = "any";
/** Share of the upper half that must be covered by ink. */
const LEAST = 0.01;

/** @implements {Mode} @typedef {import("./studio.js").Mode} Mode */
export class Finish {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    const { classes, noun, pen } = studio.data;
    this.studio = studio;
    /** Whether there is something to be drawn again. */
    this.drawn = false;
    const options = [ANY, ...classes.keys()].map((value) => element("option", { value: String(value) }, value === ANY ? "any class" : classes[Number(value)]));
    this.select = element("select", { "aria-label": "Finish it as", onchange: () => this.again() }, ...options);
    // White on black, as in the pictures that the network knows.
    this.pad = new Pad({ label: "Draw the upper half here", colour: "#fff", pen, moved() {}, lifted: () => this.enable() });
    this.undo = element("button", { type: "button", disabled: true, onclick: () => this.pad.show(this.pad.objects.slice(0, -1)) }, "Undo");
    this.clear = element("button", { type: "button", disabled: true, onclick: () => this.pad.show([]) }, "Clear");
    const width = range({ label: "Width of the pen", least: 6, most: 90, value: pen, unit: " px", act: () => (this.pad.pen = width.value) });
    this.tools = element("div", { class: "iml-line" }, element("button", { type: "button", class: "iml-first iml-go", onclick: () => this.draw() }, "Finish it"));
    this.pictures = new Pictures("How the network finishes it", N, 4);
    this.pictures.show(new Float32Array(N * PIXELS).fill(-1));
    this.pictures.name((i) => `Not drawn yet, number ${i + 1}`);
    this.root = element(
      "div",
      { class: "iml-beside" },
      element(
        "div",
        { class: "iml-stack iml-sketch" },
        element("p", { class: "iml-caption" }, `Draw the upper half of a ${noun}, large and in the middle:`),
        element("div", { class: "iml-half" }, this.pad.root, element("div", { class: "iml-covered" }, "The network draws this half.")),
        element("div", { class: "iml-line" }, this.undo, this.clear),
        width.root,
      ),
      element(
        "div",
        { class: "iml-wide iml-stack" },
        element("label", { class: "iml-setting" }, element("span", { class: "iml-caption" }, "Finish it as"), this.select),
        this.tools,
        this.pictures.root,
        element("p", { class: "iml-caption" }, "Eight different noises give eight different lower halves. The upper half is yours. Your drawing stays in your browser."),
      ),
    );
  }

  enable() {
    this.undo.disabled = this.clear.disabled = !this.pad.objects.length;
  }

  open() {}

  again() {
    if (this.drawn) this.draw();
  }

  renew() {
    this.again();
  }

  async draw() {
    const { studio } = this;
    const { classes } = studio.data;
    const seed = studio.seed.value;
    if (seed === undefined) return studio.cancel();
    const { width, height, data } = this.pad.pixels();
    const small = shrink({ width, height, data: Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3] / 255) });
    const ink = small.subarray(0, UPPER).reduce((sum, value) => sum + value, 0);
    if (ink < LEAST * 255 * UPPER) {
      this.drawn = false;
      studio.cancel();
      return studio.say("The upper half is empty. Please draw something there first.");
    }
    this.drawn = true;
    const known = {
      picture: small.map((value) => value / 127.5 - 1),
      given: Uint8Array.from({ length: PIXELS }, (_, i) => Number(i < UPPER)),
    };
    const label = this.select.value;
    const shares = label === ANY ? new Map() : new Map([[Number(label), 1]]);
    this.pictures.name((i) => `Your drawing, finished as ${label === ANY ? "anything" : classes[Number(label)]}, number ${i + 1}`);
    await studio.draw(noise(seed, N), together(Array(N).fill(wish(shares, classes.length))), (x) => this.pictures.show(x), known);
  }
}
