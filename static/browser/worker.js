// Runs networks away from the page's own thread, so that drawing and video never wait for them. `runtime.js` talks to it.

import * as tf from "./tfjs.js";

/**
 * @typedef {import("./runtime.js").ModelFacts} ModelFacts
 * @typedef {{facts: ModelFacts, graph: import("@tensorflow/tfjs-converter").GraphModel}} Loaded
 */

/** @type {Map<string, Promise<Loaded>>} */
const models = new Map();
/** @type {Promise<void> | undefined} */
let starting;

/** Starts WebAssembly; a later call waits for the first one. */
function start() {
  starting ??= (async () => {
    const here = new URL(".", import.meta.url).href;
    tf.setWasmPaths(here);
    // Several threads would need headers that a page with other people's files cannot send.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    if (!(await tf.setBackend("wasm"))) throw new Error("wasm");
    await tf.ready();
  })();
  return starting;
}

/**
 * Fetches a model's files, and checks that they are what was written.
 * @param {ModelFacts} facts
 * @param {(loaded: number) => void} progress is told how many bytes have arrived
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>}
 */
async function fetchFiles(facts, progress) {
  let loaded = 0;
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map();
  await Promise.all(
    Object.entries(facts.sha256).map(async ([name, sum]) => {
      const answer = await fetch(new URL(`models/${facts.slug}/${facts.version}/${name}`, import.meta.url));
      if (!answer.ok || !answer.body) throw new Error("missing");
      const parts = [];
      let length = 0;
      for (let reader = answer.body.getReader(), part; !(part = await reader.read()).done; ) {
        parts.push(part.value);
        length += part.value.length;
        loaded += part.value.length;
        progress(loaded);
      }
      const data = new Uint8Array(length);
      let place = 0;
      for (const part of parts) {
        data.set(part, place);
        place += part.length;
      }
      if (tf.bytesToHex(tf.sha256(data)) !== sum) throw new Error("damaged");
      files.set(name, data);
    }),
  );
  return files;
}

/**
 * @param {ModelFacts} facts
 * @param {(loaded: number) => void} progress
 * @returns {Promise<Loaded>}
 */
async function load(facts, progress) {
  const [files] = await Promise.all([fetchFiles(facts, progress), start()]);
  const described = JSON.parse(new TextDecoder().decode(files.get("model.json")));
  const [group] = described.weightsManifest;
  const parts = group.paths.map((/** @type {string} */ name) => files.get(name));
  const weights = await new Blob(parts).arrayBuffer();
  const graph = await tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology: described.modelTopology, weightSpecs: group.weights, weightData: weights }),
  );
  return { facts, graph };
}

/**
 * @param {string} slug
 * @param {Record<string, Float32Array | Int32Array>} inputs
 * @param {Record<string, number[]>} [shapes] of inputs whose shape is open
 */
async function run(slug, inputs, shapes) {
  const found = models.get(slug);
  if (!found) throw new Error("missing");
  const { facts, graph } = await found;
  const begin = performance.now();
  /** @type {Record<string, import("@tensorflow/tfjs-core").Tensor>} */
  const given = {};
  for (const [name, values] of Object.entries(inputs)) {
    const shape = shapes?.[name] ?? facts.inputs[name];
    given[facts.given[name]] = tf.tensor(values, shape, values instanceof Int32Array ? "int32" : "float32");
  }
  const names = Object.keys(facts.gives);
  const results = [graph.execute(given, names.map((name) => facts.gives[name]))].flat();
  /** @type {Record<string, Float32Array>} */
  const outputs = {};
  results.forEach((tensor, i) => {
    // A copy, since the memory behind it is used again.
    outputs[names[i]] = Float32Array.from(/** @type {Float32Array} */ (tensor.dataSync()));
  });
  for (const tensor of [...Object.values(given), ...results]) tensor.dispose();
  return { outputs, milliseconds: performance.now() - begin };
}

/** @param {{id: number, kind: string, facts?: ModelFacts, slug?: string, inputs?: Record<string, Float32Array>, shapes?: Record<string, number[]>, text?: string}} told */
async function answer({ id, kind, facts, slug, inputs, shapes, text }) {
  if (kind === "load" && facts) {
    if (!models.has(facts.slug)) {
      models.set(facts.slug, load(facts, (loaded) => postMessage({ id, loaded })));
    }
    try {
      await models.get(facts.slug);
    } catch (error) {
      models.delete(facts.slug);
      throw error;
    }
    return {};
  }
  if (kind === "run" && slug && inputs) return run(slug, inputs, shapes);
  if (kind === "sha256" && text !== undefined) return tf.bytesToHex(tf.sha256(new TextEncoder().encode(text)));
  if (kind === "memory") {
    const { numTensors, numBytes } = tf.memory();
    return { numTensors, numBytes };
  }
  throw new Error(`Unknown: ${kind}`);
}

addEventListener("message", ({ data }) => {
  answer(data).then(
    (result) => postMessage({ id: data.id, result }),
    (error) => postMessage({ id: data.id, error: String(error.message ?? error) }),
  );
});
