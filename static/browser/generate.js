// Generation: pictures that come out of noise, in five ways.

import { Breed } from "./breed.js";
import { Choice } from "./choice.js";
import { Finish } from "./finish.js";
import { Game } from "./game.js";
import { Sixteen } from "./sixteen.js";
import { Studio, randomSeed } from "./studio.js";
import { Progress, element, style, whenLoaded } from "./view.js";
import { Walk } from "./walk.js";

/**
 * @typedef {import("./studio.js").Data} Data
 * @typedef {import("./studio.js").Given} Given
 * @typedef {import("./studio.js").Mode} Mode
 */

const [DRAW, WALK, FINISH, BREED, GAME] = ["Draw", "Walk", "Finish", "Breed", "Real or drawn?"];

/**
 * What was drawn last: as the page knows it, or as this browser has kept it; else something new.
 * @param {Data} data
 * @param {string} place
 * @returns {Given}
 */
function before({ given, limits, classes }, place) {
  const fresh = { label: 7 % classes.length, seed: randomSeed(limits.mostSeed), steps: limits.steps, guidance: limits.guidance };
  if (given) return { ...fresh, ...given };
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? "{}");
    if (Object.keys(fresh).every((name) => typeof kept[name] === "number")) return kept;
  } catch {
    // What is kept there is no drawing.
  }
  return fresh;
}

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const place = `drawing_${data.model.slug}`;
  const first = before(data, place);
  const progress = new Progress(data.model.bytes);
  const studio = new Studio(data, first, (why) => host.setTriggerValue("failed", why), () => modes[choice.value]);
  /** @param {Given} given */
  const finished = (given) => {
    try {
      sessionStorage.setItem(place, JSON.stringify(given));
    } catch {
      // This browser keeps nothing; the pictures are still here.
    }
    root.dataset.drawn = Object.values(given).join(" ");
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: data.classes[given.label] } }));
    setStateValue("given", given);
  };
  /** @type {Record<string, Mode>} */
  const modes = {
    [DRAW]: new Sixteen(studio, first.label, finished),
    [WALK]: new Walk(studio),
    [FINISH]: new Finish(studio),
    [BREED]: new Breed(studio),
    [GAME]: new Game(data),
  };
  /** @type {Mode | undefined} */
  let shown;
  const main = element("div", { class: "iml-wide iml-larger" });
  const side = element("div", { class: "iml-wide iml-stack" }, studio.root);
  const choose = () => {
    shown?.close?.();
    studio.cancel();
    shown = modes[choice.value];
    main.replaceChildren(shown.root);
    side.hidden = !shown.tools;
    studio.noise.hidden = Boolean(shown.seeds);
    shown.tools?.append(studio.stopper);
    shown.tools?.after(studio.below);
    shown.open();
  };
  const choice = new Choice("What to do", Object.keys(modes).map((value) => ({ value })), choose);
  const root = element(
    "div",
    { class: "iml-demo iml-generate" },
    element("div", { class: "iml-whole iml-stack" }, choice.root, progress.root),
    main,
    side,
  );
  parentElement.replaceChildren(root);
  choose();

  whenLoaded(host, progress, root, (model) => {
    studio.model = model;
    shown?.open();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => {
      shown?.close?.();
      studio.cancel();
    },
  };
}
