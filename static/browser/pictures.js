// Small pictures side by side, to look at or to pick.

import { PIXELS, SIDE, pixels } from "./flow.js";
import { element, paint } from "./view.js";

export class Pictures {
  /**
   * @param {string} name for people who cannot see them
   * @param {number} n
   * @param {number} columns
   * @param {(i: number) => void} [pick] makes each a button that stays pressed, and is called when the person has pressed it
   */
  constructor(name, n, columns, pick) {
    this.canvases = Array.from({ length: n }, () => element("canvas", { class: "iml-pixels", width: SIDE, height: SIDE }));
    this.places = this.canvases.map((canvas, i) => {
      if (!pick) {
        canvas.setAttribute("role", "img");
        return canvas;
      }
      const button = element("button", { type: "button", class: "iml-picture", "aria-pressed": "false" }, canvas);
      button.addEventListener("click", () => {
        this.press(i, !this.pressed(i));
        pick(i);
      });
      return button;
    });
    this.root = element("div", { class: "iml-pictures", role: "group", "aria-label": name }, ...this.places);
    this.root.style.setProperty("--iml-columns", String(columns));
  }

  /** @param {Float32Array} x pictures from -1 to 1, or on their way */
  show(x) {
    this.canvases.forEach((canvas, i) => paint(canvas, pixels(x.subarray(i * PIXELS, (i + 1) * PIXELS))));
  }

  /** @param {(i: number) => string} say what each is called */
  name(say) {
    this.places.forEach((place, i) => place.setAttribute("aria-label", say(i)));
  }

  /** @param {number} i */
  pressed(i) {
    return this.places[i].getAttribute("aria-pressed") === "true";
  }

  /** Indices of those that are pressed. */
  get picked() {
    return [...this.places.keys()].filter((i) => this.pressed(i));
  }

  /**
   * @param {number} i
   * @param {boolean} whether
   */
  press(i, whether) {
    this.places[i].setAttribute("aria-pressed", String(whether));
  }
}
