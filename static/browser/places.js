// Two places, one network: measures it in the visitor's browser and on the server, and compares what both say.

import { load } from "./runtime.js";
import { element, reason, style } from "./view.js";

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string} leaves what leaves the device when the server does the work
 * @property {{turn: number, milliseconds: number, outputs: Record<string, number[]>} | null} answer of the server
 */

const TIMES = 10;
const ROUNDS = 5;

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** @param {number} milliseconds */
const inWords = (milliseconds) => `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;

/**
 * The input that the server makes, too: see `lib/two_places.py`.
 * @param {Record<string, number[]>} shapes
 * @returns {Record<string, Float32Array | Int32Array>}
 */
export function sample(shapes) {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      if (name === "character") return [name, new Int32Array(size)];
      return [name, name === "images" ? Float32Array.from({ length: size }, (_, i) => (31 * i + 7 * Math.floor(i / 32)) % 256) : new Float32Array(size)];
    }),
  );
}

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();
  /** @type {((answer: NonNullable<Data["answer"]>) => void) | undefined} */
  let heard;
  let turn = data.answer?.turn ?? 0;

  const cells = Array.from({ length: 2 }, () => [element("td", {}, "–"), element("td", {}, "–"), element("td")]);
  cells[0][2].textContent = "nothing";
  cells[1][2].textContent = data.leaves;
  cells[0][1].textContent = "none";
  const same = element("p", { class: "iml-caption iml-same", "aria-live": "polite" });
  const button = element("button", { type: "button", class: "iml-measure" }, "Measure both");
  const head = ["", "the network", "the way there and back", "what leaves your device"];
  const table = element(
    "table", { class: "iml-table" },
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", {}, name)))),
    element("tbody", {}, ...["In your browser", "On the server"].map((name, i) => element("tr", {}, element("th", { scope: "row" }, name), ...cells[i]))),
  );

  const measure = async () => {
    const model = await load(data.model);
    // One of each, where a network takes any number of them.
    const shapes = Object.fromEntries(Object.entries(data.model.inputs).map(([name, shape]) => [name, shape.map((side) => side ?? 1)]));
    const given = sample(shapes);
    let { outputs } = await model.run(given, shapes);
    const here = [];
    for (let i = 0; i < TIMES; i++) {
      const answer = await model.run(given, shapes);
      here.push(answer.milliseconds);
      outputs = answer.outputs;
    }
    cells[0][0].textContent = inWords(median(here));
    const there = [];
    const way = [];
    /** @type {Record<string, number[]>} */
    let said = {};
    for (let i = 0; i < ROUNDS; i++) {
      const start = performance.now();
      const answer = await new Promise((/** @type {(answer: NonNullable<Data["answer"]>) => void} */ resolve) => {
        heard = resolve;
        setStateValue("asked", ++turn);
      });
      there.push(answer.milliseconds);
      way.push(performance.now() - start - answer.milliseconds);
      said = answer.outputs;
    }
    cells[1][0].textContent = inWords(median(there));
    cells[1][1].textContent = inWords(median(way));
    const far = Math.max(...Object.entries(said).flatMap(([name, values]) => values.map((value, i) => Math.abs(value - outputs[name][i]))));
    same.textContent =
      far < 0.01 ? `Both say the same: their numbers differ by ${far.toPrecision(1)} at most.` : `Their numbers differ by up to ${far.toPrecision(2)}.`;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    same.textContent = "Measuring ...";
    try {
      await measure();
    } catch (error) {
      same.textContent = reason(error);
    }
    button.disabled = false;
  });

  parentElement.replaceChildren(
    element("div", { class: "iml-demo iml-stack" },
      element("p", { class: "iml-sentence" },
        `The server and your browser run the same network. Your browser downloads it once (${(data.model.bytes / 1e6).toFixed(1)} MB). ` +
          "Then every answer comes without the way to the server, and what you give stays with you."),
      element("div", { class: "iml-scroll" }, table), element("div", { class: "iml-line" }, button, same)),
  );
  return {
    update: (next) => {
      ({ setStateValue } = next);
      const { answer } = next.data;
      if (answer?.turn === turn) heard?.(answer);
    },
  };
}
