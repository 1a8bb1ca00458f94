// A slider with a label that says its value.

import { element } from "./view.js";

/**
 * @param {object} options
 * @param {string} options.label
 * @param {number} options.value to begin with
 * @param {() => void} options.act is called with each move
 * @param {() => void} [options.settled] is called when the person lets go
 * @param {number} [options.least]
 * @param {number} [options.most]
 * @param {number} [options.step]
 * @param {string} [options.unit] after the value
 * @param {string} [options.help] a sentence below
 */
export function range({ label, value, act, settled, least = 0, most = 100, step = 1, unit = "%", help = "" }) {
  const said = element("span", { class: "iml-caption" });
  const input = element("input", { type: "range", min: least, max: most, step, value, "aria-label": label });
  const tell = () => {
    said.textContent = `${label}: ${input.value}${unit}`;
    input.setAttribute("aria-valuetext", `${input.value}${unit}`);
  };
  input.addEventListener("input", () => {
    tell();
    act();
  });
  if (settled) input.addEventListener("change", settled);
  tell();
  return {
    input,
    root: element("label", { class: "iml-range" }, said, input, ...(help ? [element("span", { class: "iml-caption iml-help" }, help)] : [])),
    get value() { return Number(input.value); },
    set value(next) {
      input.value = String(next);
      tell();
    },
    get share() { return Number(input.value) / 100; },
  };
}
