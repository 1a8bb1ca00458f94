// Emotions on faces: a drawn face to move, a photo, or live video with a box around each face.

import { blended } from "./blend.js";
import { drawFace } from "./drawn.js";
import { FACE, LEVELS, advice, cutOut, decode, greyOf, kept, windowOf, windows } from "./faces.js";
import { Choice } from "./choice.js";
import { Pace } from "./pace.js";
import { load, softmax } from "./runtime.js";
import { Bars, Progress, element, latest, reason, style, whenLoaded } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways } from "./ways.js";

/** @typedef {import("./drawn.js").Expression} Expression */
/** @typedef {import("./blend.js").Read} Read */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {Record<string, Expression>} expressions
 * @property {Record<keyof Expression, [number, number]>} ranges
 * @property {string} example the one to begin with
 * @property {boolean} own whether the page believes that the person has given a photo of their own
 */

/** What the sliders move. @type {Record<keyof Expression, string>} */
const SLIDERS = {
  smile: "Corners of the mouth: down to up",
  mouth: "Mouth: closed to open",
  brows: "Brows: low to high",
  frown: "Inner ends of the brows: up to down",
  eyes: "Eyes: closed to wide open",
  wrinkles: "Wrinkles of the nose",
};
const COLOURS = ["#e06c58", "#a0b03c", "#b094d6", "#f0be3c", "#68a4de", "#f096be", "#bec6d0"];
/** So many faces of a frame are read, the largest ones, so that the video does not wait. */
const AT_ONCE = 5;
/** So many faces of a photo have a button of their own. */
const MOST_BUTTONS = 12;
/** In so many milliseconds, half of what the bars and boxes of live video show is new. */
const HALF_LIFE = 180;
const SHOWN = 240;

/** @param {Expression} expression */
function address(expression) {
  const canvas = element("canvas", { width: SHOWN, height: SHOWN });
  const { data } = drawFace(expression, SHOWN, 2);
  const picture = new ImageData(SHOWN, SHOWN);
  picture.data.set(data);
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const word = element("strong", {}, "\u2013");
  const metric = element("p", { class: "iml-metric" }, element("span", {}, "The network's guess"), word);
  const bars = new Bars("The seven emotions", data.classes.length);
  const speed = element("p", { class: "iml-caption iml-speed", hidden: true });
  const sentence = element("p", { class: "iml-message iml-warning", role: "status", hidden: true });
  const counted = element("p", { class: "iml-caption", hidden: true });
  const which = new Choice("Which face", [], (i) => {
    chosen = Number(i);
    show();
  }, "pills");
  which.root.hidden = true;
  const helper = /** @type {Record<string, import("./runtime.js").ModelFacts>} */ (data.model.helpers).faces;
  const progress = new Progress(data.model.bytes + helper.bytes);
  const pace = new Pace();

  /** @type {import("./runtime.js").Model | undefined} */
  let model;
  /** @type {import("./runtime.js").Model | undefined} */
  let finder;
  /** @type {import("./ways.js").Photo | undefined} */
  let photo;
  /** @type {Expression} */
  let expression = { ...(data.expressions[data.example] ?? Object.values(data.expressions)[0]) };
  /** @type {Read[]} */
  let faces = [];
  let chosen = 0;
  let last = 0;
  /** Width of the picture that was looked at last. */
  let looked = 1;

  /** @param {Float32Array} face */
  const read = async (face) => softmax((await /** @type {import("./runtime.js").Model} */ (model).run({ images: face })).outputs.logits);

  /**
   * @param {import("./square.js").Picture} picture
   * @param {number[]} levels
   * @param {number} [most] so many of the faces are read, the largest ones
   * @returns {Promise<Read[]>}
   */
  const look = async (picture, levels, most = Infinity) => {
    if (!finder) return [];
    const raw = [];
    for (const [number, window] of windows(picture.width, picture.height, levels).entries()) {
      const { outputs } = await finder.run({ images: windowOf(picture, ...window) });
      raw.push(...decode(/** @type {any} */ (outputs), window, number));
    }
    /** @type {Read[]} */
    const found = kept(raw, picture.width, picture.height);
    for (const one of found.slice(0, most)) one.probabilities = await read(cutOut(picture, one));
    return found;
  };

  /** @param {ArrayLike<number> | undefined} probabilities */
  const answer = (probabilities) => {
    const values = probabilities ? [...Array.from(probabilities)] : [];
    const best = values.indexOf(Math.max(...values));
    const text = values.length ? `${data.classes[best]}` : "\u2013";
    // A screen reader would read the same again with each frame.
    if (word.textContent !== text) word.textContent = text;
    bars.show(data.classes.map((label, i) => ({ label, probability: values[i] ?? 0 })));
  };

  /** Shows what was seen last. */
  const show = () => {
    const { stage, camera } = ways;
    const live = ways.way === LIVE;
    speed.hidden = !live || !camera.on;
    speed.textContent = String(pace);
    chosen = Math.min(chosen, Math.max(0, faces.length - 1));
    const drawn = ways.way === EXAMPLE;
    counted.hidden = faces.length < 2;
    const unread = faces.filter((one) => !one.probabilities).length;
    counted.textContent = `${faces.length} faces. The largest one is number 1.${unread ? ` In a video, only the ${AT_ONCE} largest are read.` : ""}`;
    const buttons = live ? 0 : Math.min(faces.length, MOST_BUTTONS);
    if (which.inputs?.length !== buttons) which.offer(Array.from({ length: buttons }, (_, i) => ({ value: String(i), label: `Face ${i + 1}` })));
    which.set(String(chosen));
    which.root.hidden = buttons < 2;
    if (drawn || !faces.length) {
      stage.draw(undefined);
      return;
    }
    const mirrored = live && camera.mirrored;
    stage.draw((pen, wide, high) => drawBoxes(pen, wide, high, wide / looked, mirrored));
    answer(faces[chosen]?.probabilities);
  };

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} wide on the screen
   * @param {number} high on the screen
   * @param {number} scale from the picture to the screen
   * @param {boolean} mirrored
   */
  const drawBoxes = (pen, wide, high, scale, mirrored) => {
    const size = Math.max(12, Math.round(Math.max(wide, high) / 40));
    pen.font = `${size}px "Source Sans", system-ui, sans-serif`;
    pen.textBaseline = "top";
    faces.map((one, i) => ({ one, i })).reverse().forEach(({ one: { box, probabilities }, i }) => {
      const [left, top, right, bottom] = box.map((place) => scale * place);
      const x = mirrored ? wide - right : left;
      const values = Array.from(probabilities ?? []);
      const best = values.indexOf(Math.max(...values));
      const paint = values.length ? COLOURS[best] : "#bec6d0";
      pen.strokeStyle = paint;
      pen.lineWidth = i === chosen ? 4 : 2;
      pen.strokeRect(x, top, right - left, bottom - top);
      const said = values.length ? data.classes[best] : "not read";
      let words = faces.length > 1 ? `${i + 1} ${said}` : said;
      // In a crowd, the words would hide the other faces.
      if (faces.length > 1 && pen.measureText(words).width > 1.3 * (right - left)) words = String(i + 1);
      const width = pen.measureText(words).width + size;
      const place = Math.min(Math.max(0, x), Math.max(0, wide - width));
      const above = top >= 1.4 * size ? top - 1.4 * size : Math.min(bottom, high - 1.4 * size);
      pen.fillStyle = paint;
      pen.fillRect(place, above, width, 1.4 * size);
      pen.fillStyle = "#101418";
      pen.fillText(words, place + size / 2, above + 0.22 * size);
    });
  };

  /** @param {string} text */
  const say = (text) => {
    if (sentence.textContent !== text) sentence.textContent = text;
    sentence.hidden = !text;
  };

  const react = latest(async () => {
    const [now, at] = [photo, expression];
    if (!model || ways.way === LIVE) return;
    if (ways.way === EXAMPLE) {
      const probabilities = await read(greyOf(drawFace(at, FACE)));
      if (ways.way === EXAMPLE && expression === at) {
        answer(probabilities);
        tellAnswer();
      }
      return;
    }
    if (!now?.picture || !finder) return;
    counted.hidden = false;
    counted.textContent = "Looking for faces ...";
    const found = await look(now.picture, LEVELS);
    // Meanwhile the person may have gone on.
    if (photo !== now || ways.way === EXAMPLE) return;
    faces = found;
    looked = now.picture.width;
    say(advice(now.picture, found));
    show();
    tellAnswer();
  });

  const tellAnswer = () => parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: word.textContent } }));

  /** Draws the face that the sliders are at. */
  const redraw = () => {
    ways.stage.show(drawFace(expression, SHOWN, 2));
    react();
  };

  /** @type {Map<keyof Expression, HTMLInputElement>} */
  const sliders = new Map();
  const note = element("p", { class: "iml-caption" }, "A program drew this face, so it is nobody's. Which part changes the answer most?");
  const controls = element("div", { class: "iml-stack iml-sliders" }, note);
  for (const [name, label] of /** @type {[keyof Expression, string][]} */ (Object.entries(SLIDERS))) {
    const [min, max] = data.ranges[name];
    const slider = element("input", { type: "range", min, max, step: 0.05, value: expression[name] });
    slider.addEventListener("input", () => {
      expression = { ...expression, [name]: Number(slider.value) };
      redraw();
    });
    // The page below follows when the slider rests.
    slider.addEventListener("change", () => setStateValue("moved", { ...expression }));
    sliders.set(name, slider);
    controls.append(element("label", {}, element("span", { class: "iml-caption" }, label), slider));
  }

  const ways = new Ways({
    page: data.model.slug,
    ways: [EXAMPLE, LIVE, CAMERA, UPLOAD],
    examples: Object.entries(data.expressions).map(([name, one]) => ({ name, url: address(one), credit: "", source: "" })),
    example: data.example,
    own: data.own,
    several: false,
    facing: "user",
    advice: "Start the camera and make a face. The video stays in your browser.",
    given: (one, _, way) => {
      photo = one;
      faces = [];
      chosen = 0;
      say("");
      answer(undefined);
      controls.hidden = way !== EXAMPLE;
      if (way === EXAMPLE && one && one.name in data.expressions) {
        expression = { ...data.expressions[one.name] };
        for (const [name, slider] of sliders) slider.value = String(expression[name]);
        if (moved) setStateValue("moved", { ...expression });
        moved = true;
      }
      show();
      react();
    },
    look: async (frame) => {
      if (!model || !finder) return;
      const begin = performance.now();
      const found = await look(frame, [1], AT_ONCE);
      if (!ways.camera.on || ways.way !== LIVE) return;
      const now = performance.now();
      faces = blended(faces, found, 1 - 0.5 ** ((now - last) / HALF_LIFE));
      last = now;
      looked = frame.width;
      pace.add(now - begin);
      say(advice(frame, found));
      if (!faces.length) answer(undefined);
      show();
    },
    failed: (error) => host.setTriggerValue("failed", reason(error)),
    tell: (told) => setStateValue("given", told),
    changed: () => {
      faces = [];
      if (ways.way === LIVE) answer(undefined);
      say("");
      show();
    },
  });
  let moved = false;
  const root = element(
    "div",
    { class: "iml-demo iml-faces" },
    element("div", { class: "iml-whole" }, ways.root),
    element("div", { class: "iml-wide iml-both" }, ways.view, controls),
    element("div", { class: "iml-wide iml-stack" }, progress.root, metric, bars.root, speed, sentence, counted, which.root),
  );
  parentElement.replaceChildren(root);
  answer(undefined);
  ways.start();

  whenLoaded(host, progress, root, (loaded) => {
    model = loaded;
    return ways.way === EXAMPLE ? react() : undefined;
  });
  load(helper).then(
    (loaded) => {
      finder = loaded;
      root.dataset.finds = "";
      return react();
    },
    (error) => host.setTriggerValue("failed", reason(error)),
  );

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => ways.close(),
  };
}
