// A text whose characters are coloured by a network's surprise, and can be picked. The same as `lib/tasks/texts/tinted.py` shows.

import { element } from "./view.js";

/** Surprise that has the strongest colour: a chance of one in 256. */
const BITS = 8;

/**
 * A character as one can see it.
 * @param {string} character
 */
export function visible(character) {
  return new Map([[" ", "space"], ["\n", "line break"]]).get(character) ?? character;
}

export class Tinted {
  /**
   * @param {string} label for people who cannot see it
   * @param {(place: number) => void} picked is told which character was picked
   */
  constructor(label, picked) {
    this.picked = picked;
    this.place = -1;
    this.root = element("div", { class: "iml-tinted", tabIndex: 0, role: "group", "aria-label": label });
    this.root.addEventListener("click", ({ target }) => this.pick(Array.prototype.indexOf.call(this.root.children, target)));
    this.root.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.pick(this.place + step);
    });
  }

  get length() {
    return this.root.childElementCount;
  }

  /**
   * Adds characters without a colour.
   * @param {string} text
   * @param {boolean} own whether the person gave them
   */
  add(text, own) {
    for (const character of text) {
      const classes = [own ? "iml-own" : "", character === "\n" ? "iml-break" : ""];
      this.root.append(element("span", { class: classes.join(" ").trim() }, character));
    }
  }

  /**
   * Colours a character.
   * @param {number} place
   * @param {number} bits of surprise
   */
  tint(place, bits) {
    const span = /** @type {HTMLElement} */ (this.root.children[place]);
    span.style.background = `rgba(217, 130, 0, ${Math.min(1, bits / BITS) / 1.18})`;
    span.title = `${visible(span.textContent ?? "")}: ${bits.toFixed(1)} bits`;
  }

  clear() {
    this.root.replaceChildren();
    this.place = -1;
  }

  /** @param {number} place to be marked; none where there is no such character */
  mark(place) {
    this.root.querySelector(".iml-picked")?.classList.remove("iml-picked");
    this.root.children[place]?.classList.add("iml-picked");
    this.place = place;
  }

  /** @param {number} place */
  pick(place) {
    if (place < 0 || place >= this.length || place === this.place) return;
    this.mark(place);
    this.root.children[place].scrollIntoView({ block: "nearest" });
    this.picked(place);
  }
}
