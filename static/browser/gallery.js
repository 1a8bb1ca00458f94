// Paintings to choose from, as small pictures. Inside they are radio buttons, so that keys and screen readers know them.

import { show } from "./photo.js";
import { element } from "./view.js";

let made = 0;

/** @typedef {{name: string, title: string, url: string, credit: string, source: string, style: number[]}} Painting */

export class Gallery {
  /**
   * @param {string} name for people who cannot see it
   * @param {Painting[]} paintings the first one is chosen
   * @param {string} own what the person's own picture is called
   * @param {(name: string) => void} act is called when the person has chosen
   */
  constructor(name, paintings, own, act) {
    this.act = act;
    this.group = `iml-gallery-${++made}`;
    this.picture = element("canvas", { "aria-hidden": "true" });
    this.ownLabel = this.option(own, this.picture, own);
    this.ownLabel.hidden = true;
    const place = new URL("../", import.meta.url);
    const labels = paintings.map((one) => this.option(one.name, element("img", { src: new URL(one.url, place).href, alt: one.title, loading: "lazy" }), one.title));
    this.root = element("div", { class: "iml-choice iml-paintings", role: "radiogroup", "aria-label": name }, ...labels, this.ownLabel);
    this.set(paintings[0].name);
  }

  /**
   * @param {string} name
   * @param {HTMLElement} picture
   * @param {string} title
   */
  option(name, picture, title) {
    const input = element("input", { type: "radio", name: this.group, value: name, "aria-label": title, onchange: () => this.act(name) });
    return element("label", { title }, input, element("span", {}, picture, name));
  }

  /** @returns {HTMLInputElement[]} */
  get inputs() {
    return [...this.root.querySelectorAll("input")];
  }

  get value() {
    return this.inputs.find((input) => input.checked)?.value ?? "";
  }

  /**
   * Chooses in the person's place; nobody is told.
   * @param {string} name
   */
  set(name) {
    for (const input of this.inputs) input.checked = input.value === name;
  }

  /**
   * Shows the person's own picture, and chooses it.
   * @param {import("./square.js").Picture} picture
   */
  add(picture) {
    show(this.picture, picture);
    this.ownLabel.hidden = false;
    const [input] = this.ownLabel.getElementsByTagName("input");
    this.set(input.value);
  }
}
