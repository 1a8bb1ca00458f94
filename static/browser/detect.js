// Object detection: boxes with names over a photo or live video.

import { LEAST, THRESHOLD, colourOf, counted, detections, placeFor } from "./boxes.js";
import { Pace } from "./pace.js";
import { squeezed } from "./square.js";
import { Progress, element, latest, reason, style, whenLoaded } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways } from "./ways.js";

/** @typedef {import("./boxes.js").Detection} Detection */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {import("./ways.js").Example[]} examples
 * @property {string} example the one to begin with
 * @property {boolean} own whether the page believes that the person has given a photo of their own
 */

const SIDE = 300;
/** @param {number} index of a class */
const colour = (index) => `rgb(${colourOf(index).join(" ")})`;
/** @param {number} score */
const rounded = (score) => `${Math.round(100 * score)}%`;

/**
 * Draws what was found, the surest on top.
 * @param {CanvasRenderingContext2D} pen
 * @param {Detection[]} found boxes in the picture's pixels
 * @param {number} width on the screen
 * @param {number} height on the screen
 * @param {number} scale from the picture to the screen
 * @param {boolean} mirrored whether the picture is
 */
export function drawDetections(pen, found, width, height, scale, mirrored) {
  const size = Math.max(13, Math.round(Math.max(width, height) / 36));
  pen.font = `${size}px "Source Sans", system-ui, sans-serif`;
  pen.textBaseline = "top";
  pen.lineWidth = Math.max(2, Math.round(Math.max(width, height) / 220));
  /** @type {import("./boxes.js").Box[]} */
  const taken = [];
  const shown = found.map(({ box, index, label, score }) => {
    const [left, top, right, bottom] = box.map((place) => scale * place);
    const placed = /** @type {import("./boxes.js").Box} */ (mirrored ? [width - right, top, width - left, bottom] : [left, top, right, bottom]);
    const words = `${label} ${rounded(score)}`;
    const place = placeFor(placed, pen.measureText(words).width + size, 1.4 * size, width, height, taken);
    taken.push(place);
    return { placed, place, words, paint: colour(index) };
  });
  shown.reverse();
  for (const { placed: [left, top, right, bottom], paint } of shown) {
    const edge = pen.lineWidth / 2;
    pen.strokeStyle = paint;
    pen.strokeRect(left + edge, top + edge, Math.max(1, right - left - 2 * edge), Math.max(1, bottom - top - 2 * edge));
  }
  for (const { place: [left, top, right, bottom], words, paint } of shown) {
    pen.fillStyle = paint;
    pen.fillRect(left, top, right - left, bottom - top);
    pen.fillStyle = "#101418";
    pen.fillText(words, left + size / 2, top + 0.22 * size);
  }
}

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const sentence = element("p", { class: "iml-message", role: "status" });
  const rows = element("tbody");
  const table = element("table", { class: "iml-table", hidden: true },
    element("thead", {}, element("tr", {}, ...["found", "score", "box"].map((name) => element("th", { scope: "col" }, name)))), rows);
  const speed = element("p", { class: "iml-caption iml-speed", hidden: true });
  const progress = new Progress(data.model.bytes);
  const pace = new Pace();
  /** @type {Set<number>} */
  const wanted = new Set();

  /** @type {import("./runtime.js").Model | undefined} */
  let model;
  /** @type {{raw: import("./boxes.js").Raw, width: number, height: number} | undefined} what the network said last, and of a picture of which size */
  let seen;

  /** Shows what was seen last with the present settings; the network does not run again. */
  const show = () => {
    const { stage, camera } = ways;
    const live = ways.way === LIVE;
    speed.hidden = !live || !camera.on;
    if (!seen) {
      stage.draw(undefined);
      table.hidden = true;
      sentence.hidden = !live || !camera.on;
      sentence.textContent = model ? "Waiting for the first frame ..." : "The network is on its way ...";
      return;
    }
    const { raw, width, height } = seen;
    const found = detections(raw, data.classes, width, height, Number(least.value), wanted.size ? wanted : undefined);
    const mirrored = live && camera.mirrored;
    stage.draw((pen, wide, high) => drawDetections(pen, found, wide, high, wide / width, mirrored));
    sentence.hidden = false;
    table.hidden = !found.length;
    const words = found.length
      ? ["Found: ", ...counted(found).flatMap(([label, n], i) => [i ? ", " : "", element("strong", {}, label), n > 1 ? ` (${n})` : ""]), "."]
      : [nothingFound()];
    const text = words.map((word) => (typeof word === "string" ? word : word.textContent)).join("");
    // A screen reader would read the same again with each frame.
    if (text !== sentence.textContent) sentence.replaceChildren(...words);
    rows.replaceChildren(...found.map(({ label, index, score, box }) => {
      const [left, top, right, bottom] = box.map(Math.round);
      return element("tr", {}, element("td", {}, element("span", { class: "iml-swatch", style: `background: ${colour(index)}` }), label),
        element("td", {}, rounded(score)), element("td", {}, `${left}, ${top} to ${right}, ${bottom}`));
    }));
    speed.textContent = String(pace);
  };

  const nothingFound = () =>
    wanted.size
      ? `No ${[...wanted].map((index) => data.classes[index]).sort().join(" or ")} has this score. Lower the score, or choose other classes, too.`
      : `Nothing has this score. It knows only ${data.classes.length} kinds of things. Lower the score, or show it other things.`;

  /** @param {ImageData} picture */
  const look = async (picture) => {
    if (!model) return undefined;
    const { outputs } = await model.run({ images: squeezed(picture, SIDE) });
    return { raw: { scores: outputs.scores, boxes: outputs.boxes }, width: picture.width, height: picture.height };
  };

  /** @type {import("./ways.js").Photo | undefined} */
  let photo;
  const react = latest(async () => {
    const now = photo;
    const found = now?.picture && (await look(now.picture));
    // Meanwhile the person may have gone on.
    if (photo !== now || ways.way === LIVE) return;
    seen = found;
    show();
    if (found) parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: sentence.textContent } }));
  });

  const ways = new Ways({
    page: data.model.slug,
    ways: [EXAMPLE, UPLOAD, CAMERA, LIVE],
    examples: data.examples,
    example: data.example,
    own: data.own,
    several: true,
    facing: "environment",
    advice: "Start the camera and hold things in front of it: a cup, a book, a phone, a banana. The video stays in your browser.",
    given: (one) => {
      photo = one;
      seen = undefined;
      show();
      react();
    },
    look: async (frame) => {
      const begin = performance.now();
      const found = await look(frame);
      if (!found || !ways.camera.on || ways.way !== LIVE) return;
      seen = found;
      pace.add(performance.now() - begin);
      show();
    },
    failed: (error) => host.setTriggerValue("failed", reason(error)),
    tell: (told) => setStateValue("given", told),
    changed: () => {
      seen = undefined;
      show();
    },
  });

  const least = element("input", { type: "range", min: LEAST, max: 0.95, step: 0.05, value: THRESHOLD, "aria-label": "Show boxes from this score on" });
  const said = element("span", {}, rounded(THRESHOLD));
  least.addEventListener("input", () => {
    said.textContent = rounded(Number(least.value));
    show();
  });
  const sorted = data.classes.map((label, index) => ({ label, index })).sort((a, b) => (a.label < b.label ? -1 : 1));
  const more = element("select", { "aria-label": "Only these classes" });
  const chosen = element("div", { class: "iml-line" });
  const filter = () => {
    more.replaceChildren(element("option", { value: "" }, wanted.size ? "Add a class" : `All ${data.classes.length} classes`),
      ...sorted.filter(({ index }) => !wanted.has(index)).map(({ label, index }) => element("option", { value: index }, label)));
    chosen.replaceChildren(...[...wanted].map((index) =>
      element("button", {
        type: "button", class: "iml-chip", "aria-label": `Without ${data.classes[index]}`, onclick: () => choose(index, false),
      }, `${data.classes[index]} \u00d7`)));
  };
  const choose = (/** @type {number} */ index, /** @type {boolean} */ yes) => {
    if (yes) wanted.add(index);
    else wanted.delete(index);
    filter();
    show();
  };
  more.addEventListener("change", () => {
    if (more.value) choose(Number(more.value), true);
  });
  filter();

  const root = element(
    "div",
    { class: "iml-demo iml-things" },
    element("div", { class: "iml-whole" }, ways.root),
    element("div", { class: "iml-wide iml-larger" }, ways.view),
    element("div", { class: "iml-wide iml-stack" }, progress.root, speed, sentence, table,
      element("label", { class: "iml-stack" }, element("span", { class: "iml-caption" }, "Show boxes from this score on: ", said), least),
      element("label", { class: "iml-stack" }, element("span", { class: "iml-caption" }, "Only these classes"), more), chosen,
    ),
  );
  parentElement.replaceChildren(root);
  ways.start();

  whenLoaded(host, progress, root, (loaded) => {
    model = loaded;
    return ways.way === LIVE ? undefined : react();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => ways.close(),
  };
}
