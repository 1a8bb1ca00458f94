// One of several, as a row of buttons. Inside they are radio buttons, so that keys and screen readers know them.

import { element } from "./view.js";

let made = 0;

export class Choice {
  /**
   * @param {string} name for people who cannot see it
   * @param {{value: string, label?: string}[]} options
   * @param {(value: string) => void} act is called when the person has chosen
   * @param {"segments" | "pills"} [look]
   */
  constructor(name, options, act, look = "segments") {
    this.act = act;
    this.group = `iml-choice-${++made}`;
    this.root = element("div", { class: `iml-choice iml-${look}`, role: "radiogroup", "aria-label": name });
    this.offer(options);
  }

  /**
   * Offers other options, the first one chosen.
   * @param {{value: string, label?: string}[]} options
   */
  offer(options) {
    this.inputs = options.map(({ value }, i) => element("input", { type: "radio", name: this.group, value, checked: i === 0, onchange: () => this.act(value) }));
    this.root.replaceChildren(...this.inputs.map((input, i) => element("label", {}, input, element("span", {}, options[i].label ?? options[i].value))));
    this.root.hidden = options.length < 2;
  }

  get value() {
    return this.inputs?.find((input) => input.checked)?.value ?? "";
  }

  /**
   * Chooses in the person's place; nobody is told.
   * @param {string} value
   */
  set(value) {
    for (const input of this.inputs ?? []) input.checked = input.value === value;
  }
}
