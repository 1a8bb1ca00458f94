// Photos: what the network sees on them, as bars.

import { Choice } from "./choice.js";
import { Pace } from "./pace.js";
import { show } from "./photo.js";
import { percent, ranked, softmax, strange } from "./runtime.js";
import { CENTRE_SHARE, toInput, toSquare } from "./square.js";
import { Bars, Progress, element, latest, reason, style, whenLoaded } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways } from "./ways.js";

/** @typedef {import("./square.js").Way} Way */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {import("./ways.js").Example[]} examples
 * @property {string} example the one to begin with
 * @property {import("./runtime.js").Limit | null} [strange] from where on a photo is like nothing that the network learnt from
 * @property {boolean} own whether the page believes that the person has given a photo of their own
 */

const SIDE = 224;
const TOP = 5;
/** @type {Record<Way, string>} */
const NAMES = { crop: "Cut the middle out", squeeze: "Squeeze", pad: "Add bars" };
const ALL = /** @type {Way[]} */ (Object.keys(NAMES));

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const sees = element("span", {}, "It sees");
  const best = element("strong", { "aria-live": "polite" });
  const sure = element("span");
  const metric = element("p", { class: "iml-metric iml-answer", hidden: true }, sees, best, sure);
  const bars = new Bars("Probabilities of the five best guesses", TOP);
  const message = element("p", { class: "iml-message iml-warning", hidden: true });
  const speed = element("p", { class: "iml-caption", hidden: true });
  const seen = element("canvas", { class: "iml-pixels iml-seen", width: SIDE, height: SIDE, role: "img", "aria-label": "The photo as the network sees it" });
  const others = element("p", { class: "iml-caption", hidden: true });
  const several = element("div", { class: "iml-line iml-several" });
  const gallery = element("div", { class: "iml-whole iml-stack", hidden: true }, element("h3", {}, "All your photos"), several);
  const progress = new Progress(data.model.bytes);
  const pace = new Pace();

  /** @type {import("./runtime.js").Model | undefined} */
  let model;
  /** @type {import("./ways.js").Photo | undefined} */
  let photo;
  /** @type {Way} */
  let way = "crop";

  /** @param {import("./square.js").Picture} square */
  const look = async (square) => (await /** @type {import("./runtime.js").Model} */ (model).run({ images: toInput(square) })).outputs.logits;
  /** @param {import("./square.js").Picture} square */
  const ask = async (square) => softmax(await look(square));

  /** @param {import("./square.js").Picture} square */
  const answer = async (square) => {
    show(seen, square);
    if (!model) return;
    const logits = await look(square);
    const guesses = ranked(softmax(logits), data.classes, TOP);
    message.textContent = strange(logits, data.strange);
    message.hidden = !message.textContent;
    // A screen reader would read the same again with each frame.
    if (best.textContent !== guesses[0].label) best.textContent = guesses[0].label;
    sure.textContent = percent(guesses[0].probability);
    metric.hidden = false;
    bars.show(guesses);
  };
  const square = (/** @type {ImageData} */ picture, /** @type {Way} */ how = way) => toSquare(picture, SIDE, how, Number(share.value));

  const nothing = () => {
    message.hidden = metric.hidden = others.hidden = true;
    bars.show([]);
    seen.getContext("2d")?.clearRect(0, 0, SIDE, SIDE);
  };

  const react = latest(async () => {
    const now = photo;
    if (ways.way === LIVE) return;
    if (!now?.picture) return nothing();
    await answer(square(now.picture));
    if (!model || photo !== now) return;
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: best.textContent } }));
    const said = [];
    for (const how of ALL.filter((one) => one !== way)) {
      const [guess] = ranked(await ask(square(now.picture, how)), data.classes, 1);
      said.push(`${NAMES[how].toLowerCase()}: ${guess.label}, ${percent(guess.probability)}`);
    }
    if (photo !== now) return;
    others.textContent = `Another square, another answer? ${said.join("; ")}`;
    others.hidden = false;
  });

  /** @type {import("./ways.js").Photo[]} */
  let listed = [];
  /** @param {import("./ways.js").Photo[]} photos all that were uploaded, each with its best guess */
  const list = async (photos) => {
    gallery.hidden = photos.length < 2;
    if (photos === listed || !model) return;
    listed = photos;
    several.replaceChildren();
    for (const { name, picture, message } of photos.length > 1 ? photos : []) {
      if (!picture) {
        several.append(element("p", { class: "iml-message iml-warning" }, `${name}: ${message}`));
        continue;
      }
      const small = element("canvas", { class: "iml-small", role: "img", "aria-label": name });
      const caption = element("figcaption", {}, name);
      const middle = toSquare(picture, SIDE);
      show(small, middle);
      several.append(element("figure", { class: "iml-figure" }, small, caption));
      const [guess] = ranked(await ask(middle), data.classes, 1);
      if (photos !== listed) return;
      caption.textContent = `${name}: ${guess.label}, ${percent(guess.probability)}`;
    }
  };

  const ways = new Ways({
    page: data.model.slug,
    ways: [EXAMPLE, UPLOAD, CAMERA, LIVE],
    examples: data.examples,
    example: data.example,
    own: data.own,
    several: true,
    facing: "environment",
    advice: "Start the camera and hold things in front of it: a cup, a banana, a shoe. The video stays in your browser.",
    given: (one, all) => {
      photo = one;
      react();
      list(all);
    },
    look: async (frame) => {
      if (!model) return;
      const begin = performance.now();
      await answer(square(frame));
      pace.add(performance.now() - begin);
      speed.textContent = String(pace);
    },
    failed: (error) => host.setTriggerValue("failed", reason(error)),
    tell: (told) => setStateValue("given", told),
    changed: () => {
      nothing();
      speed.hidden = !ways.camera.on || ways.way !== LIVE;
    },
  });

  const share = element("input", { type: "range", min: 0.2, max: 1, step: 0.025, value: CENTRE_SHARE, "aria-label": "Share of the shorter side" });
  const said = element("span", {}, percent(CENTRE_SHARE));
  share.addEventListener("input", () => {
    said.textContent = percent(Number(share.value));
    react();
  });
  const kept = element("label", { class: "iml-stack" }, element("span", { class: "iml-caption" }, "Share of the shorter side: ", said), share);
  const how = new Choice("How to make a square", ALL.map((value) => ({ value, label: NAMES[value] })), (value) => {
    way = /** @type {Way} */ (value);
    kept.hidden = way !== "crop";
    react();
  }, "pills");

  const root = element(
    "div",
    { class: "iml-demo iml-photos" },
    element("div", { class: "iml-whole" }, ways.root),
    element("div", { class: "iml-wide" }, ways.view),
    element("div", { class: "iml-wide iml-stack" }, progress.root, message, metric, bars.root, speed,
      element("div", { class: "iml-beside" },
        element("figure", { class: "iml-figure" }, seen, element("figcaption", {}, "As the network sees it: 224 x 224 pixels")),
        element("div", { class: "iml-stack iml-wide" }, element("p", { class: "iml-caption" }, "The network takes squares. How to make one:"), how.root, kept, others),
      ),
    ),
    gallery,
  );
  parentElement.replaceChildren(root);
  nothing();
  ways.start();

  whenLoaded(host, progress, root, (loaded) => {
    model = loaded;
    return react();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => ways.close(),
  };
}
