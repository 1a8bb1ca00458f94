// Style transfer: a photo or live video, painted in the style of a painting or of any other picture.

import { LONGEST, NARROW, advice, blended, finished, sized, styleInput } from "./brush.js";
import { Drop } from "./drop.js";
import { Gallery } from "./gallery.js";
import { Pace } from "./pace.js";
import { readPhoto, show } from "./photo.js";
import { range } from "./range.js";
import { load } from "./runtime.js";
import { toInput } from "./square.js";
import { Progress, element, latest, reason, style, whenLoaded } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways, complaint } from "./ways.js";

/** @typedef {import("./square.js").Picture} Picture */
/** @typedef {{picture: Picture, input: Picture | undefined, style?: Float32Array}} Given a photo, as the network takes it, and its own style */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {import("./ways.js").Example[]} examples
 * @property {import("./gallery.js").Painting[]} paintings
 * @property {string} example the one to begin with
 * @property {boolean} own whether the page believes that the person has given a photo of their own
 */

const OWN = "Your picture";
const NONE = "no second style";
/** Longer sides of the frames of live video, in pixels: as large as the machine can. */
const SIZES = [96, 128, 192, 256, 384];
/** A frame may take so many milliseconds; below the smaller number a larger one is tried. */
const [FAST, SLOW] = [70, 250];

/** The style of a picture that was uploaded, for when the person comes back to the page. @type {{picture: Picture, style?: Float32Array} | undefined} */
let uploaded;

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const helper = /** @type {Record<string, import("./runtime.js").ModelFacts>} */ (data.model.helpers).painter;
  const progress = new Progress(data.model.bytes + helper.bytes);
  const pace = new Pace();
  /** @type {import("./runtime.js").Model | undefined} */
  let looker;
  /** @type {import("./runtime.js").Model | undefined} */
  let painter;
  /** @type {Given | undefined} */
  let given;
  /** What was painted last: of which photo, in which style, and the network's numbers. @type {{given: Given, key: string, values: Float32Array} | undefined} */
  let painted;
  let size = 1;
  let busy = false;

  const sheet = element("canvas");
  const caption = element("p", { class: "iml-caption" });
  const speed = element("p", { class: "iml-caption iml-speed", role: "status" });
  const sentence = element("p", { class: "iml-message iml-warning", role: "status", hidden: true });
  // What is wrong with the picture of a style stands beside its drop zone: on a phone the photo is a screen away.
  const complaintAboutStyle = element("p", { class: "iml-message iml-warning", role: "status", hidden: true });
  const save = element("button", { type: "button", disabled: true, onclick: () => download() }, "Download as PNG");
  const colours = element("input", { type: "checkbox", onchange: () => react() });
  const strength = range({ label: "Strength of the style", value: 100, act: () => react() });
  const share = range({ label: "Share of the second style", value: 50, act: () => react() });
  const line = range({ label: "Before (left) and after (right)", value: 0, act: () => redraw() });
  const second = element("select", { "aria-label": "Second style", onchange: () => choose() });
  const gallery = new Gallery("Style", data.paintings, OWN, () => choose());
  const drop = new Drop({
    name: "A picture as the style",
    hint: "or drop any picture here to use its style. It stays in your browser.",
    several: false,
    given: ([file]) => read(file),
  });

  /** @param {string} text @param {HTMLElement} [place] */
  const say = (text, place = sentence) => {
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !text;
  };

  /** @param {Picture} picture */
  const look = async (picture) => {
    const { outputs } = await /** @type {import("./runtime.js").Model} */ (looker).run({ images: styleInput(picture) });
    return outputs.style;
  };

  /** @param {string} name of a painting @returns {Promise<ArrayLike<number>>} */
  const styleOf = async (name) => {
    if (name === OWN && uploaded) return (uploaded.style ??= await look(uploaded.picture));
    return (data.paintings.find((one) => one.name === name) ?? data.paintings[0]).style;
  };

  /** The style that the controls ask for, for a photo. @param {Given} one */
  const wanted = async (one) => {
    let found = await styleOf(gallery.value);
    if (second.value !== NONE) found = blended(found, await styleOf(second.value), share.share);
    if (strength.share < 1) found = blended((one.style ??= await look(one.picture)), found, strength.share);
    return Float32Array.from(found);
  };

  /** @param {Picture} input @param {Float32Array} numbersOfStyle */
  const brush = async (input, numbersOfStyle) => {
    const model = /** @type {import("./runtime.js").Model} */ (painter);
    return (await model.run({ images: toInput(input), style: numbersOfStyle }, { images: [1, input.height, input.width, 3] })).outputs.painted;
  };

  const react = latest(async () => {
    const one = given;
    if (!painter || !looker || !one?.input || ways.way === LIVE) return;
    busy = true;
    delete root.dataset.painted;
    const key = [gallery.value, uploaded?.picture === undefined ? "" : uploads, second.value, second.value === NONE ? "" : share.share, strength.share].join();
    if (painted?.given !== one || painted.key !== key) {
      speed.textContent = "Painting ...";
      const begin = performance.now();
      const values = await brush(one.input, await wanted(one));
      painted = { given: one, key, values };
      speed.textContent = `Painted in ${((performance.now() - begin) / 1000).toFixed(1)} s, ${one.input.width} x ${one.input.height} pixels`;
    }
    // Meanwhile the person may have gone on.
    if (given !== one || ways.way === LIVE) return;
    show(sheet, finished(one.input, painted.values, strength.share, colours.checked));
    save.disabled = false;
    busy = false;
    redraw();
    root.dataset.painted = gallery.value;
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: gallery.value } }));
  });

  /** Shows what was painted last over the photo, right of the line. */
  const redraw = () => {
    const { stage, camera } = ways;
    const live = ways.way === LIVE;
    if ((live && !camera.on) || (!live && (!painted || painted.given !== given))) return stage.draw(undefined);
    const mirrored = live && camera.mirrored;
    stage.draw((pen, width, height) => {
      const place = live ? 0 : line.share * width;
      pen.save();
      pen.beginPath();
      pen.rect(place, 0, width - place, height);
      pen.clip();
      pen.imageSmoothingQuality = "high";
      if (mirrored) {
        pen.translate(width, 0);
        pen.scale(-1, 1);
      }
      pen.drawImage(sheet, 0, 0, width, height);
      pen.restore();
      if (place > 0 && place < width) {
        pen.fillStyle = "#fff";
        pen.fillRect(place - 1, 0, 2, height);
      }
    });
  };

  let uploads = 0;
  /** @param {File} file */
  const read = async (file) => {
    const turn = ++uploads;
    try {
      const picture = await readPhoto(file);
      if (turn !== uploads) return;
      uploaded = { picture };
      gallery.add(picture);
      choose();
    } catch (error) {
      if (turn === uploads) say(`${file.name}: ${complaint(error)}`, complaintAboutStyle);
    }
  };

  /** A style was chosen. */
  const choose = () => {
    say("", complaintAboutStyle);
    const one = data.paintings.find(({ name }) => name === gallery.value);
    caption.replaceChildren(one ? `${one.credit}: ${one.title}` : "The style of your own picture");
    offer();
    share.root.hidden = second.value === NONE;
    setStateValue("styled", one?.name ?? "");
    react();
  };

  /** Offers all styles but the first one as the second. */
  const offer = () => {
    const before = second.value || NONE;
    const names = [NONE, ...gallery.inputs.filter((input) => input.value !== gallery.value && !input.closest("label")?.hidden).map((input) => input.value)];
    second.replaceChildren(...names.map((name) => element("option", { value: name, selected: name === before }, name === NONE ? "Blend with ..." : name)));
    second.value = names.includes(before) ? before : NONE;
  };

  const download = () => sheet.toBlob((blob) => {
    if (!blob) return;
    const href = URL.createObjectURL(blob);
    element("a", { href, download: "painted.png" }).click();
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }, "image/png");

  const ways = new Ways({
    page: data.model.slug,
    ways: [EXAMPLE, LIVE, CAMERA, UPLOAD],
    examples: data.examples,
    example: data.example,
    own: data.own,
    several: false,
    facing: "user",
    advice: "Start the camera to see yourself painted. The video stays in your browser.",
    given: (photo, _, way) => {
      const picture = photo?.picture;
      given = picture ? { picture, input: sized(picture, LONGEST) } : undefined;
      save.hidden = way === LIVE;
      line.root.hidden = way === LIVE || !given?.input;
      save.disabled = true;
      speed.textContent = "";
      delete root.dataset.painted;
      say(!picture ? "" : given?.input ? advice(picture) : NARROW);
      redraw();
      react();
    },
    look: async (frame) => {
      if (!painter || !looker || busy) return;
      const begin = performance.now();
      const input = sized(frame, SIZES[size]);
      if (!input) return;
      if (!given) given = { picture: frame, input };
      const values = await brush(input, await wanted(given));
      if (!ways.camera.on || ways.way !== LIVE) return;
      show(sheet, finished(input, values, strength.share, colours.checked));
      const took = performance.now() - begin;
      pace.add(took);
      speed.textContent = pace.rate ? `${pace.rate.toFixed(pace.rate < 10 ? 1 : 0)} frames a second, ${input.width} x ${input.height} pixels` : "";
      if (took > SLOW && size > 0) size--;
      else if (took < FAST && size < SIZES.length - 1) size++;
      root.dataset.painted = gallery.value;
      redraw();
    },
    failed: (error) => host.setTriggerValue("failed", reason(error)),
    tell: (told) => setStateValue("given", told),
    changed: () => {
      if (ways.way === LIVE) given = undefined;
      busy = false;
      redraw();
    },
  });
  const root = element(
    "div",
    { class: "iml-demo iml-repaint" },
    element("div", { class: "iml-whole" }, ways.root),
    element("div", { class: "iml-wide iml-larger iml-stack" }, ways.view, element("div", { class: "iml-stage-line" }, line.root), speed, sentence),
    element(
      "div",
      { class: "iml-wide iml-stack" },
      progress.root,
      gallery.root,
      caption,
      drop.root,
      complaintAboutStyle,
      strength.root,
      element("div", { class: "iml-line" }, second),
      share.root,
      element("label", { class: "iml-check" }, colours, "Keep the colours of the photo"),
      element("div", { class: "iml-line" }, save),
    ),
  );
  parentElement.replaceChildren(root);
  if (uploaded) {
    gallery.add(uploaded.picture);
    gallery.set(data.paintings[0].name);
  }
  const [first] = data.paintings;
  caption.textContent = `${first.credit}: ${first.title}`;
  offer();
  share.root.hidden = true;
  ways.start();

  let loaded = 0;
  const ready = () => {
    if (++loaded === 2) root.dataset.paints = "";
    return react();
  };
  whenLoaded(host, progress, root, (model) => {
    looker = model;
    return ready();
  });
  load(helper).then(
    (model) => {
      painter = model;
      return ready();
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
