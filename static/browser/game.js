// Real or drawn?: ten real pictures among ten drawn ones. It needs no network: its pictures were drawn before.

import { PIXELS, SIDE, noise } from "./flow.js";
import { Pictures } from "./pictures.js";
import { element } from "./view.js";

/**
 * Pictures in one file, in rows of ten.
 * @typedef {{url: string, labels: number[]}} Sprite
 */

/** A picture of the game. @typedef {{x: Float32Array, label: number, real: boolean}} One */

const ROW = 10;
const EACH = 10;

/** @template T @param {T[]} all @returns {T[]} in random order */
function shuffled(all) {
  const rest = [...all];
  for (let i = rest.length - 1; i > 0; i--) {
    const k = Math.floor(Math.random() * (i + 1));
    [rest[i], rest[k]] = [rest[k], rest[i]];
  }
  return rest;
}

/**
 * @param {Sprite} sprite
 * @param {boolean} real
 * @returns {Promise<One[]>}
 */
async function pictures({ url, labels }, real) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, 0, 0);
  return labels.map((label, i) => {
    const { data } = context.getImageData((i % ROW) * SIDE, Math.floor(i / ROW) * SIDE, SIDE, SIDE);
    return { x: Float32Array.from({ length: PIXELS }, (_, k) => data[4 * k] / 127.5 - 1), label, real };
  });
}

/** What the scores say. @param {number[]} scores */
export function told(scores) {
  const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const whole = scores.length > 1 ? ` ${scores.length} rounds: ${Math.max(...scores)} at best, ${mean.toFixed(1)} on average.` : "";
  return `You: ${scores[scores.length - 1]} of ${2 * EACH} right. Guessing gives ${EACH} on average.${whole}`;
}

/** @implements {Mode} @typedef {import("./studio.js").Mode} Mode */
export class Game {
  /** @type {One[][] | undefined} */
  all;
  /** What is still to come, of each kind. @type {One[][]} */
  rest = [[], []];
  /** @type {One[]} */
  shown = [];
  checked = false;

  /** @param {import("./studio.js").Data} data */
  constructor(data) {
    this.data = data;
    this.place = `game_${data.model.slug}`;
    /** @type {number[]} */
    this.scores = [];
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.place) ?? "[]");
      if (Array.isArray(kept) && kept.every(Number.isInteger)) this.scores = kept;
    } catch {
      // What is kept there is no score.
    }
    this.pictures = new Pictures("Real pictures and drawn ones", 2 * EACH, 5, (i) => this.mark(i));
    this.words = this.pictures.places.map((place) => {
      const word = element("span", { class: "iml-word" }, "\u00a0");
      place.append(word);
      return word;
    });
    this.check = element("button", { type: "button", class: "iml-first iml-check-them", onclick: () => this.judge() }, "Check");
    this.next = element("button", { type: "button", disabled: true, onclick: () => this.deal() }, "Next round");
    this.marked = element("span", { class: "iml-caption" });
    this.result = element("p", { class: "iml-message", role: "status" });
    this.root = element(
      "div",
      { class: "iml-stack" },
      element("p", { class: "iml-text" }, "Ten of these twenty pictures are real. The network drew the other ten. Press on those that you think it drew. Then press Check."),
      this.pictures.root,
      element("div", { class: "iml-line" }, this.check, this.next, this.marked),
      this.result,
    );
    this.pictures.root.classList.add("iml-game");
    this.pictures.show(noise(0, 2 * EACH));
    this.tell();
  }

  async open() {
    if (this.all) return;
    this.all = await Promise.all([pictures(this.data.real, true), pictures(this.data.drawn, false)]);
    this.deal();
  }

  /** Twenty others. */
  deal() {
    const { all } = this;
    if (!all) return;
    this.shown = shuffled(all.flatMap((some, i) => {
      if (this.rest[i].length < EACH) this.rest[i] = shuffled(some);
      return this.rest[i].splice(0, EACH);
    }));
    this.checked = false;
    this.pictures.show(Float32Array.from(this.shown.flatMap(({ x }) => [...x])));
    this.pictures.places.forEach((place, i) => {
      this.pictures.press(i, false);
      place.classList.remove("iml-right", "iml-wrong");
      this.words[i].textContent = "\u00a0";
    });
    this.tell();
  }

  /** @param {number} i */
  mark(i) {
    // What is checked stays.
    if (this.checked) this.pictures.press(i, !this.pictures.pressed(i));
    else this.words[i].textContent = this.pictures.pressed(i) ? "drawn?" : "\u00a0";
    this.tell();
  }

  judge() {
    const { picked } = this.pictures;
    if (!picked.length) {
      this.result.textContent = "Mark at least one picture first.";
      return;
    }
    this.checked = true;
    let right = 0;
    this.shown.forEach(({ real }, i) => {
      const good = real !== picked.includes(i);
      right += Number(good);
      this.pictures.places[i].classList.add(good ? "iml-right" : "iml-wrong");
      this.words[i].textContent = `${good ? "\u2713" : "\u2717"} ${real ? "real" : "drawn"}`;
    });
    this.scores.push(right);
    try {
      sessionStorage.setItem(this.place, JSON.stringify(this.scores));
    } catch {
      // This browser keeps nothing; the scores are still here.
    }
    this.tell();
  }

  /** Says what is marked, and how good that was. */
  tell() {
    const { checked, scores, shown, pictures } = this;
    const { picked } = pictures;
    const { classes } = this.data;
    this.check.disabled = checked || !shown.length;
    this.next.disabled = !checked;
    this.marked.textContent = checked ? "" : `${picked.length} marked as drawn`;
    this.result.textContent = scores.length ? told(scores) : `Guessing gives ${EACH} of ${2 * EACH} on average. Can you do better?`;
    pictures.name((i) => {
      if (!shown[i]) return `Number ${i + 1}`;
      const name = `${classes[shown[i].label]}, number ${i + 1}`;
      if (!checked) return name;
      return `${name}, ${shown[i].real ? "real" : "drawn"}, you were ${shown[i].real !== picked.includes(i) ? "right" : "wrong"}`;
    });
  }
}
