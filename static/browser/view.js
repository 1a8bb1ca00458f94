// What the demos show things with: elements, bars, messages, and the progress of a download. The look is in `demo.css`.

import { load, percent } from "./runtime.js";

/**
 * What a demo is given by the page around it: Streamlit's component, or a page without a server.
 * @template Data
 * @typedef {object} Host
 * @property {HTMLElement} parentElement where it stands
 * @property {Data} data what it shows
 * @property {(name: string, value: unknown) => void} setStateValue tells the page what the person gave
 * @property {(name: string, value: unknown) => void} setTriggerValue tells the page that something happened
 */

/**
 * A demo on the page.
 * @template Data
 * @typedef {{update?: (host: Host<Data>) => void, unmount?: () => void}} Demo
 */

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties] of the element; `class`, `aria-...` and the like become attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) Object.assign(made, { [name]: value });
    else made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * Loads the demos' look, once a page.
 * @returns {Promise<void>} settles when it is there, or does not come: without it, everything would jump a moment later
 */
export function style() {
  const href = new URL("demo.css", import.meta.url).href;
  const known = /** @type {HTMLLinkElement | null} */ (document.querySelector(`link[href="${href}"], link[href="browser/demo.css"]`));
  const link = known ?? element("link", { rel: "stylesheet", href });
  if (!known) document.head.append(link);
  if (link.sheet) return Promise.resolve();
  return new Promise((resolve) => {
    for (const kind of ["load", "error"]) link.addEventListener(kind, () => resolve(), { once: true });
  });
}

/**
 * Probabilities as bars, the largest one highlighted.
 */
export class Bars {
  /**
   * @param {string} name for people who cannot see it
   * @param {number} places that it has room for
   */
  constructor(name, places) {
    this.rows = Array.from({ length: places }, () => {
      const label = element("span", { class: "iml-label" });
      const bar = element("span", { class: "iml-bar" });
      const value = element("span", { class: "iml-value" });
      const row = element("div", { class: "iml-row" }, label, element("span", { class: "iml-track" }, bar), value);
      return { label, bar, value, row };
    });
    this.root = element("div", { class: "iml-bars", role: "img", "aria-label": name }, ...this.rows.map((one) => one.row));
    this.name = name;
  }

  /** @param {{label: string, probability: number}[]} guesses in the order in which they stand; fewer than places leave the rest empty */
  show(guesses) {
    const most = guesses.reduce((a, one) => Math.max(a, one.probability), 0);
    this.rows.forEach(({ label, bar, value, row }, i) => {
      const one = guesses[i];
      label.textContent = one?.label ?? "\u00a0";
      bar.style.width = `${100 * (one?.probability ?? 0)}%`;
      value.textContent = one && most ? percent(one.probability) : "";
      row.classList.toggle("iml-best", Boolean(one && most && one.probability === most));
    });
    const told = guesses.filter((one) => one.probability > 0.01).map((one) => `${one.label} ${percent(one.probability)}`);
    this.root.setAttribute("aria-label", [this.name, ...told].join(", "));
  }
}

/** How far a download has come; hidden as long as there is none. */
export class Progress {
  /** @param {number} bytes in all; nothing is shown below a million */
  constructor(bytes) {
    this.megabytes = bytes / 1e6;
    this.bar = element("progress", { max: 1, value: 0 });
    this.root = element(
      "label",
      { class: "iml-progress", hidden: bytes < 1e6 },
      `The network is on its way to your browser (${this.megabytes.toFixed(1)} MB, once) `,
      this.bar,
    );
  }

  /** @param {number} share that has arrived */
  show(share) {
    this.bar.value = share;
  }

  end() {
    this.root.hidden = true;
  }
}

/** What to say where a network does not come up, by the reason that `runtime.js` gives. */
const REASONS = new Map([
  ["missing", "A file of the network did not arrive."],
  ["damaged", "A file of the network arrived damaged."],
  ["wasm", "This browser cannot run WebAssembly."],
  ["worker", "This browser could not start the network."],
]);

/**
 * Why a network does not run here, as a sentence.
 * @param {unknown} error
 */
export function reason(error) {
  const known = error instanceof Error ? REASONS.get(error.message) : undefined;
  return known ?? "The network could not be loaded into this browser.";
}

/**
 * A sentence with code in backticks.
 * @param {string} text
 */
export function sentence(text) {
  return text.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));
}

/**
 * Loads a demo's network, shows how far it has come, and lets the page know if it does not come.
 * @param {Host<{model: import("./runtime.js").ModelFacts}>} host
 * @param {Progress} progress
 * @param {HTMLElement} root of the demo, which bears `data-ready` from then on
 * @param {(model: import("./runtime.js").Model) => unknown} then
 */
export function whenLoaded(host, progress, root, then) {
  load(host.data.model, (share) => progress.show(share)).then(
    (model) => {
      progress.end();
      root.dataset.ready = "";
      return then(model);
    },
    (error) => host.setTriggerValue("failed", reason(error)),
  );
}

/**
 * Shows a small grey picture, enlarged.
 * @param {HTMLCanvasElement} canvas of the picture's own size
 * @param {ArrayLike<number>} values from 0 to 255
 */
export function paint(canvas, values) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < values.length; i++) {
    picture.data.fill(values[i], 4 * i, 4 * i + 3);
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** Settles when the screen has shown what there is, or soon after, should the page be out of sight. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
}

/**
 * Runs a job again and again, as often as it is asked to, but never twice at a time: of what comes meanwhile, only the last counts.
 * @param {() => Promise<void>} job
 * @param {() => unknown} [about] what the job is about; asked again about the same thing, it is not done twice
 * @returns {() => Promise<void>} settles when what was asked for is done
 */
export function latest(job, about) {
  /** @type {Promise<void> | undefined} */
  let running;
  let again = false;
  /** @type {unknown} */
  let doing;
  /** @type {unknown} what was done last */
  let done;
  const go = async () => {
    try {
      do {
        again = false;
        doing = about?.();
        await job();
        done = doing;
      } while (again);
    } finally {
      // At once: between here and a later moment, nobody who asks may be overheard.
      running = undefined;
    }
  };
  return () => {
    if (about && about() === (running ? doing : done)) return running ?? Promise.resolve();
    again = true;
    running ??= go();
    return running;
  };
}
