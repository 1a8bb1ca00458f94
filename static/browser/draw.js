// Digits and sketches: the network answers while the pen moves.

import { BlankError, canvasInk, normaliseDigit, shrink } from "./ink.js";
import { Pad } from "./pad.js";
import { percent, ranked, softmax, strange } from "./runtime.js";
import { TOO_MANY, TOUCHING, split, tooMany, wide } from "./several.js";
import { normaliseInk, normaliseStrokes } from "./strokes.js";
import { Bars, Progress, element, latest, paint, painted, style, whenLoaded } from "./view.js";

/** @typedef {import("./pad.js").Drawn} Drawn */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {"digit" | "sketch"} kind
 * @property {string} [ink] colour of the pen; that of the text if not given
 * @property {number} pen its width to begin with, in pixels
 * @property {string} name of the drawing: all pads of one name show the same one
 * @property {Drawn[]} drawing what is on the pad to begin with
 * @property {{label: string, drawn: Drawn}[]} examples that can be put on the pad
 * @property {import("./runtime.js").Limit | null} [strange] from where on a drawing is like nothing that the network learnt from
 */

const SEEN = 5;
const TOP = 5;

/** What differs between the two. */
const WORDS = {
  digit: {
    invitation: "Draw a digit here, or several side by side:",
    reads: () => "The network reads",
    example: "No idea? Put an example on the canvas:",
    nothing: "The canvas is empty: please draw a digit.",
    seen: "What the network sees: 28 x 28 pixels, cropped, scaled and centred",
  },
  sketch: {
    invitation: "Draw one thing here:",
    reads: (/** @type {number} */ probability) => `Its best guess, ${percent(probability)} sure`,
    example: "No idea? Put a drawing of the test set on the canvas:",
    nothing: "There is nothing drawn here yet: please draw something.",
    seen: "What the network sees: cropped, scaled, and drawn again with Quick, Draw!'s pen",
  },
};

/**
 * What a drawing is to the network: one picture for each digit, or one of the sketch.
 * @param {"digit" | "sketch"} kind
 * @param {Drawn[]} objects
 * @param {ImageData} pixels
 * @returns {{images: Float32Array[], advice: string}} each 28 x 28, from 0 to 255; and what to do better, if anything
 */
export function toInputs(kind, objects, pixels) {
  if (kind === "sketch") return { images: [toSketch(objects, pixels)], advice: "" };
  const ink = canvasInk(pixels);
  const parts = split(ink);
  if (tooMany(parts)) throw new BlankError(TOO_MANY);
  // Ink too faint to be split is one digit, too.
  const images = parts.length ? parts.map((part) => normaliseDigit(part.ink)) : [normaliseDigit(ink)];
  return { images, advice: parts.some((part) => wide(part.box)) ? TOUCHING : "" };
}

/**
 * @param {Drawn[]} objects
 * @param {ImageData} pixels
 * @returns {Float32Array}
 */
function toSketch(objects, pixels) {
  if (objects.every((one) => one.path)) {
    const strokes = objects.map((one) => (one.path ?? []).map((command) => /** @type {[number, number]} */ (command.slice(-2))));
    return normaliseStrokes(strokes.filter((stroke) => stroke.length));
  }
  return normaliseInk(alpha(pixels));
}

/**
 * How much ink each pixel holds.
 * @param {ImageData} pixels
 * @returns {import("./image.js").Grey}
 */
function alpha({ width, height, data }) {
  return { width, height, data: Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3] / 255) };
}

/**
 * @param {number} probability
 */
function confidence(probability) {
  if (probability > 0.95) return "It is sure.";
  return probability > 0.6 ? "It thinks so." : "It is guessing.";
}

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  const words = WORDS[data.kind];
  await style();

  const message = element("p", { class: "iml-message" });
  const best = element("strong");
  const reads = element("span");
  const metric = element("p", { class: "iml-metric iml-answer", "aria-live": "polite" }, reads, best);
  const sentence = element("p", { class: "iml-caption" });
  const bars = new Bars("Probabilities", data.kind === "digit" ? data.classes.length : TOP);
  // A card for each digit, where there are several.
  const row = element("div", { class: "iml-line iml-digits" });
  /** @type {{seen: HTMLCanvasElement, bars: Bars, root: HTMLElement}[]} */
  const cards = [];
  const seen = element("canvas", { class: "iml-pixels iml-seen", width: 28, height: 28, role: "img", "aria-label": "Your drawing as the network sees it" });
  seen.style.width = seen.style.height = `${28 * SEEN}px`;
  const figure = element("figure", { class: "iml-figure" }, seen, element("figcaption", {}, words.seen));
  const naive = element("canvas", { class: "iml-pixels", width: 28, height: 28, role: "img", "aria-label": "The whole sheet made small" });
  naive.style.width = naive.style.height = `${28 * 3}px`;
  const without = element("figcaption", {}, "Without cropping: the whole sheet made small. Draw something small in a corner to see the difference.");
  const progress = new Progress(data.model.bytes);

  /** @type {import("./runtime.js").Model | undefined} */
  let model;
  /** @param {Float32Array} image */
  const ask = async (image) => {
    const { logits } = (await /** @type {import("./runtime.js").Model} */ (model).run({ images: image })).outputs;
    return { probabilities: softmax(logits), remark: strange(logits, data.strange) };
  };

  /** @param {boolean} one whether there is one digit, or one sketch */
  const arrange = (one) => {
    bars.root.hidden = figure.hidden = !one;
    row.hidden = one;
  };

  /**
   * Shows each digit with its bars.
   * @param {Float32Array[]} images
   * @param {Float64Array[]} probabilities
   */
  const showEach = (images, probabilities) => {
    while (cards.length < images.length) {
      const seen = element("canvas", { class: "iml-pixels", width: 28, height: 28, role: "img" });
      seen.style.width = seen.style.height = `${28 * 2}px`;
      const bars = new Bars("Probabilities", data.classes.length);
      const root = element("div", { class: "iml-stack iml-digit-card" }, seen, bars.root);
      cards.push({ seen, bars, root });
    }
    images.forEach((image, i) => {
      paint(cards[i].seen, image);
      cards[i].seen.setAttribute("aria-label", `Digit ${i + 1} as the network sees it`);
      cards[i].bars.show(data.classes.map((label, k) => ({ label, probability: probabilities[i][k] })));
    });
    row.replaceChildren(...cards.slice(0, images.length).map((card) => card.root));
  };

  /** @param {string} text */
  const invite = (text) => {
    arrange(true);
    message.textContent = text;
    message.hidden = false;
    metric.hidden = sentence.hidden = true;
    bars.show(data.kind === "digit" ? data.classes.map((label) => ({ label, probability: 0 })) : []);
    paint(seen, new Float32Array(784));
    paint(naive, new Float32Array(784));
  };

  const answer = latest(async () => {
    // The screen shows the pen first.
    const pixels = pad.pixels();
    let images, advice;
    try {
      ({ images, advice } = toInputs(data.kind, pad.objects, pixels));
    } catch (error) {
      if (!(error instanceof BlankError)) throw error;
      invite(pad.objects.length ? error.message : words.nothing);
      return;
    }
    paint(seen, images[0]);
    if (!model) return;
    const answers = [];
    let remark = "";
    for (const image of images) {
      const answered = await ask(image);
      answers.push(answered.probabilities);
      remark ||= answered.remark;
    }
    message.textContent = advice || remark;
    message.hidden = !message.textContent;
    metric.hidden = sentence.hidden = false;
    arrange(images.length === 1);
    if (images.length > 1) {
      const firsts = answers.map((probabilities) => ranked(probabilities, data.classes, 1)[0]);
      const label = firsts.map((guess) => guess.label).join("");
      reads.textContent = words.reads(1);
      best.textContent = label;
      sentence.textContent = `${images.length} digits, from left to right: ${firsts.map((guess) => `${guess.label} with ${percent(guess.probability)}`).join(", ")}.`;
      showEach(images, answers);
      parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label } }));
      return;
    }
    const [probabilities] = answers;
    const guesses = ranked(probabilities, data.classes, data.classes.length);
    const [first, second] = guesses;
    reads.textContent = words.reads(first.probability);
    best.textContent = first.label;
    sentence.textContent =
      data.kind === "digit"
        ? `${percent(first.probability)} ${confidence(first.probability)} Next: ${second.label} with ${percent(second.probability)}.`
        : `Next: ${second.label} with ${percent(second.probability)}.`;
    bars.show(data.kind === "digit" ? data.classes.map((label, i) => ({ label, probability: probabilities[i] })) : guesses.slice(0, TOP));
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: first.label } }));
  }, () => `${pad.changes} ${model !== undefined}`);

  const place = `drawing_canvas_${data.name}`;
  /** The answer first. Then tells the page, keeps the drawing for when the page is loaded anew, and works out what takes longer. */
  const lifted = async () => {
    undo.disabled = clear.disabled = !pad.objects.length;
    await answer();
    // The answer to the last move may be on the screen already.
    if (!metric.hidden) parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: best.textContent } }));
    await painted();
    try {
      sessionStorage.setItem(place, pad.objects.length ? JSON.stringify(pad.objects) : "");
    } catch {
      // This browser keeps nothing; the drawing is still here.
    }
    setStateValue("drawing", { objects: pad.objects, file: pad.file() });
    if (!pad.objects.length || !model) return;
    const small = shrink(alpha(pad.pixels()));
    paint(naive, small);
    const [guess] = ranked((await ask(small)).probabilities, data.classes, 1);
    without.textContent = `Without cropping, the network would see this and say ${guess.label} (${percent(guess.probability)}). Draw something small in a corner to see the difference.`;
  };

  const pad = new Pad({ label: words.invitation, colour: data.ink ?? getComputedStyle(parentElement).color, pen: data.pen, moved: answer, lifted });
  const undo = element("button", { type: "button", class: "iml-undo", onclick: () => pad.show(pad.objects.slice(0, -1)) }, "Undo");
  const clear = element("button", { type: "button", class: "iml-clear", onclick: () => pad.show([]) }, "Clear");
  const width = element("input", { type: "range", min: 2, max: 40, value: data.pen, "aria-label": "Width of the pen" });
  const pixels = element("span", {}, `${data.pen} px`);
  width.addEventListener("input", () => {
    pad.pen = Number(width.value);
    pixels.textContent = `${width.value} px`;
  });
  const examples = data.examples.map(({ label, drawn }) => element("button", { type: "button", onclick: () => pad.show([drawn]) }, label));

  const root = element(
    "div",
    { class: `iml-demo iml-draw iml-${data.kind}` },
    element("div", {}, element("p", { class: "iml-caption" }, words.invitation), pad.root, element("div", { class: "iml-line iml-tools" }, undo, clear)),
    element(
      "div",
      { class: "iml-wide iml-stack" },
      progress.root, message, metric, sentence, bars.root, row,
      element("div", { class: "iml-line" }, figure, element("figure", { class: "iml-figure" }, naive, without)),
    ),
    element("div", { class: "iml-whole iml-stack" },
      element("label", { class: "iml-stack" }, element("span", { class: "iml-caption" }, "Width of the pen: ", pixels), width),
      element("div", {}, element("p", { class: "iml-caption" }, words.example), element("div", { class: "iml-line" }, ...examples)),
    ),
  );
  if (data.kind === "digit") root.style.setProperty("--iml-label-width", "1.5rem");
  parentElement.replaceChildren(root);
  invite(words.nothing);
  undo.disabled = clear.disabled = true;

  let drawing = data.drawing;
  const known = drawing.length > 0;
  if (!known) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(place) || "[]");
      if (Array.isArray(kept)) drawing = kept;
    } catch {
      // What is kept there is no drawing.
    }
  }
  if (drawing.length) await pad.show(drawing, known);
  undo.disabled = clear.disabled = !pad.objects.length;

  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => {
    if (data.ink) return;
    pad.colour = getComputedStyle(parentElement).color;
    pad.repaint();
  };
  scheme.addEventListener("change", recolour);

  whenLoaded(host, progress, root, (loaded) => {
    model = loaded;
    if (!pad.objects.length) return undefined;
    return known ? answer() : lifted();
  });

  return {
    unmount: () => scheme.removeEventListener("change", recolour),
    update: (next) => {
      ({ setStateValue } = next);
      if (next.data.ink && next.data.ink !== pad.colour) {
        pad.colour = next.data.ink;
        pad.repaint();
      }
    },
  };
}
