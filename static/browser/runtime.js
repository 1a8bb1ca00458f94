// The one place that knows which library runs the networks: loads a model, and asks it. The work is done in `worker.js`.

/**
 * What a bundle says about its model for the browser.
 * @typedef {object} ModelFacts
 * @property {string} slug of the experiment
 * @property {string} version folder of the files
 * @property {number} bytes of all files
 * @property {Record<string, string>} sha256 checksum of each file
 * @property {Record<string, number[]>} inputs shape of each input; where each picture has its own, `null` stands for a side
 * @property {Record<string, string>} given what the graph calls each input
 * @property {Record<string, string>} gives what the graph calls each output
 * @property {Record<string, ModelFacts>} [helpers] networks that a demo needs besides
 */

/** @typedef {{outputs: Record<string, Float32Array>, milliseconds: number}} Answer */

/** @typedef {{resolve: (value: any) => void, reject: (error: Error) => void, progress?: (loaded: number) => void}} Waiting */

/** @type {Worker | undefined} */
let worker;
let asked = 0;
/** @type {Map<number, Waiting>} */
const waiting = new Map();
/** @type {Map<string, Promise<Model>>} */
const models = new Map();
/** Who wants to know how far a download has come. @type {Map<string, ((share: number) => void)[]>} */
const watching = new Map();

/**
 * Asks the worker, which is started by the first question.
 * @param {object} question
 * @param {(loaded: number) => void} [progress]
 * @returns {Promise<any>}
 */
function ask(question, progress) {
  if (!worker) {
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      const one = waiting.get(data.id);
      if (!one) return;
      if ("loaded" in data) {
        one.progress?.(data.loaded);
        return;
      }
      waiting.delete(data.id);
      if ("error" in data) one.reject(new Error(data.error));
      else one.resolve(data.result);
    });
    worker.addEventListener("error", (event) => {
      // Its own files did not arrive, or this browser cannot run them.
      event.preventDefault();
      for (const one of waiting.values()) one.reject(new Error("worker"));
      waiting.clear();
      worker?.terminate();
      worker = undefined;
      models.clear();
    });
  }
  const id = ++asked;
  const started = worker;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, progress });
    started.postMessage({ id, ...question });
  });
}

/** A network that is ready to answer. */
export class Model {
  /** @param {ModelFacts} facts */
  constructor(facts) {
    this.facts = facts;
  }

  /**
   * @param {Record<string, Float32Array | Int32Array>} inputs all values of each, by name
   * @param {Record<string, number[]>} [shapes] of inputs whose shape is open
   * @returns {Promise<Answer>}
   */
  run(inputs, shapes) {
    return ask({ kind: "run", slug: this.facts.slug, inputs, shapes });
  }
}

/**
 * Loads a model; one that is loaded already is given again.
 * @param {ModelFacts} facts
 * @param {(share: number) => void} [progress] is told which share has arrived
 * @returns {Promise<Model>} rejected, in words for the developer, where WebAssembly or a file is missing, or a file is damaged
 */
export function load(facts, progress) {
  const key = `${facts.slug}/${facts.version}`;
  if (progress) watching.set(key, [...(watching.get(key) ?? []), progress]);
  let model = models.get(key);
  if (!model) {
    const told = (/** @type {number} */ loaded) => watching.get(key)?.forEach((one) => one(Math.min(1, loaded / facts.bytes)));
    model = ask({ kind: "load", facts }, told).then(() => new Model(facts));
    models.set(key, model);
    model.catch(() => models.delete(key)).finally(() => watching.delete(key));
  }
  return model;
}

/**
 * How much the networks hold in memory, for the tests.
 * @returns {Promise<{numTensors: number, numBytes: number}>}
 */
export function memory() {
  return ask({ kind: "memory" });
}

/**
 * SHA-256 of a text, 64 hexadecimal digits. Browsers have it themselves, but not on pages without HTTPS.
 * @param {string} text
 * @returns {Promise<string>}
 */
export function sha256(text) {
  return ask({ kind: "sha256", text });
}

/**
 * From raw scores to probabilities.
 * @param {ArrayLike<number>} logits
 * @returns {Float64Array}
 */
export function softmax(logits) {
  const values = Float64Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] = Math.exp(values[i] - most);
  return values.map((value) => value / sum);
}

/**
 * How high the scores are altogether: low for what a network has never seen.
 * @param {ArrayLike<number>} logits
 */
export function familiarity(logits) {
  const values = Array.from(logits);
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/**
 * @typedef {object} Limit
 * @property {number} below familiarity below which an input is like nothing that the network learnt from
 * @property {string} sentence that says so
 */

/**
 * What to say of an input that is like nothing that the network learnt from; nothing of others.
 * @param {ArrayLike<number>} logits
 * @param {Limit | null} [limit]
 */
export function strange(logits, limit) {
  return limit && familiarity(logits) < limit.below ? limit.sentence : "";
}

/**
 * The most probable classes.
 * @param {ArrayLike<number>} probabilities
 * @param {string[]} classes
 * @param {number} top
 * @returns {{label: string, probability: number, index: number}[]} most probable first
 */
export function ranked(probabilities, classes, top) {
  return classes
    .map((label, index) => ({ label, probability: probabilities[index], index }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

/**
 * A probability in words that never claim to be nothing, or all: as `lib/ui/sentences.py` writes it.
 * @param {number} probability
 */
export function percent(probability) {
  if (probability < 0.001) return "less than 0.1%";
  if (probability >= 0.9995 && probability < 1) return "more than 99.9%";
  return `${(100 * probability).toFixed(1)}%`;
}
