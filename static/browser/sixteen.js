// Draw: sixteen pictures of one class, out of noise.

import { Choice } from "./choice.js";
import { noise, together, wish } from "./flow.js";
import { Pictures } from "./pictures.js";
import { element } from "./view.js";

const N = 16;

/** @implements {Mode} @typedef {import("./studio.js").Mode} Mode */
export class Sixteen {
  /**
   * @param {import("./studio.js").Studio} studio
   * @param {number} label of the class to begin with
   * @param {(given: import("./studio.js").Given) => void} finished
   */
  constructor(studio, label, finished) {
    const { classes, noun } = studio.data;
    this.studio = studio;
    this.finished = finished;
    this.choice = new Choice(`Which ${noun}`, classes.map((name, i) => ({ value: String(i), label: name })), () => this.draw(), "pills");
    this.choice.set(String(label));
    this.pictures = new Pictures("What is drawn", N, 4);
    this.tools = element("div", { class: "iml-line" }, element("button", { type: "button", class: "iml-first iml-go", onclick: () => this.draw() }, "Draw"));
    this.root = element(
      "div",
      { class: "iml-stack" },
      this.choice.root,
      this.tools,
      this.pictures.root,
      element("p", { class: "iml-caption" }, `Choose another ${noun}: it comes out of the same noise. Compare place by place.`),
    );
  }

  open() {
    this.draw();
  }

  again() {
    this.draw();
  }

  renew() {
    this.draw();
  }

  async draw() {
    const { studio } = this;
    const { classes } = studio.data;
    const seed = studio.seed.value;
    if (seed === undefined) return studio.cancel();
    const label = Number(this.choice.value);
    const given = { label, seed, steps: studio.steps.value, guidance: studio.guidance.value };
    this.pictures.name((i) => `${classes[label]}, number ${i + 1}`);
    const one = wish(new Map([[label, 1]]), classes.length);
    if (await studio.draw(noise(seed, N), together(Array(N).fill(one)), (x) => this.pictures.show(x))) this.finished(given);
  }
}
