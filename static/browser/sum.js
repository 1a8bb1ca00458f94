// Sums: the network answers while one types.

import { END, answer, read } from "./add.js";
import { Recurrent, Vocabulary } from "./recurrent.js";
import { percent } from "./runtime.js";
import { Progress, element, latest, sentence, style, whenLoaded } from "./view.js";

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes the characters that the network knows
 * @property {string} typed what stands in the field to begin with
 * @property {string[]} examples sums that can be put there
 */

/** Milliseconds without a key after which the page is told what was typed. */
const PAUSE = 300;
/** Columns of the table as long as there is no answer. */
const COLUMNS = 3;

/** What the network considered: a row for each character that it may write, a column for each that it wrote. */
class Considered {
  /** @param {Vocabulary} vocabulary */
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
    this.rows = [..."0123456789", END];
    this.root = element("table", { class: "iml-considered", "aria-label": "Probabilities of each character of the answer" });
  }

  /** @param {import("./add.js").Written} [written] */
  show(written) {
    const columns = written?.considered ?? Array.from({ length: COLUMNS }, () => undefined);
    const chosen = [...(written?.text ?? ""), END];
    const head = columns.map((_, i) => element("th", { scope: "col" }, String(i + 1)));
    const rows = this.rows.map((character) => {
      const id = /** @type {number} */ (this.vocabulary.ids.get(character));
      const cells = columns.map((probabilities, i) => {
        const probability = probabilities?.[id] ?? 0;
        const cell = element("td", {}, probability >= 0.005 ? `${(100 * probability).toFixed(0)}%` : "\u00a0");
        cell.style.setProperty("--iml-share", `${100 * probability}%`);
        cell.classList.toggle("iml-written", Boolean(written) && chosen[i] === character);
        return cell;
      });
      return element("tr", {}, element("th", { scope: "row" }, character === END ? "end" : character), ...cells);
    });
    this.root.replaceChildren(element("thead", {}, element("tr", {}, element("td"), ...head)), element("tbody", {}, ...rows));
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

  const vocabulary = new Vocabulary(data.classes);
  const field = element("input", { type: "text", value: data.typed, maxLength: 40, placeholder: "for example 17+38", autocomplete: "off", spellcheck: false, inputMode: "text" });
  const message = element("p", { class: "iml-message" });
  const wrote = element("strong");
  const truth = element("strong");
  const verdict = element("p", { class: "iml-message" });
  const remark = element("p", { class: "iml-caption" });
  const shown = element(
    "div",
    { class: "iml-stack", hidden: true, "aria-live": "polite" },
    element("div", { class: "iml-line iml-figures" },
      element("p", { class: "iml-metric iml-answer" }, element("span", {}, "The network writes"), wrote),
      element("p", { class: "iml-metric" }, element("span", {}, "The true sum"), truth)),
    verdict,
    remark,
  );
  const considered = new Considered(vocabulary);
  const progress = new Progress(data.model.bytes);

  /** @type {Recurrent | undefined} */
  let network;
  const respond = latest(async () => {
    const given = read(field.value);
    message.hidden = given.question !== null;
    if (given.question === null) {
      message.textContent = given.message;
      message.classList.toggle("iml-warning", !given.invited);
      shown.hidden = true;
      considered.show();
      return;
    }
    if (!network) return;
    const written = await answer(network, vocabulary, given.question);
    const right = written.text === given.truth;
    wrote.textContent = written.text || "nothing";
    truth.textContent = given.truth;
    verdict.textContent = `${right ? "Right" : "Wrong"}, and it was ${percent(written.probability)} sure.`;
    verdict.classList.toggle("iml-good", right);
    verdict.classList.toggle("iml-bad", !right);
    remark.replaceChildren(...sentence(given.message));
    remark.hidden = !given.message;
    considered.show(written);
    shown.hidden = false;
  });

  let told = data.typed;
  let pause = 0;
  const tell = () => {
    clearTimeout(pause);
    if (field.value === told) return;
    told = field.value;
    setStateValue("typed", told);
  };
  field.addEventListener("input", () => {
    respond();
    clearTimeout(pause);
    pause = window.setTimeout(tell, PAUSE);
  });
  // When Enter is pressed, or the field is left.
  field.addEventListener("change", tell);
  const examples = data.examples.map((example) =>
    element("button", { type: "button", onclick: () => {
      field.value = example;
      respond();
      tell();
    } }, example),
  );

  const root = element(
    "div",
    { class: "iml-demo iml-sum" },
    element(
      "div",
      { class: "iml-wide iml-stack" },
      element("label", {}, element("span", { class: "iml-caption" }, "A sum of two numbers"), field),
      element("div", { class: "iml-line" }, ...examples),
      progress.root, message, shown,
    ),
    element(
      "div",
      { class: "iml-wider iml-stack" },
      element("p", { class: "iml-text" }, element("b", {}, "What it considers"), " for each character of its answer. It writes the most probable one, reads it, and goes on."),
      considered.root,
    ),
  );
  considered.show();
  parentElement.replaceChildren(root);
  respond();

  whenLoaded(host, progress, root, (model) => {
    network = new Recurrent(model);
    return respond();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => clearTimeout(pause),
  };
}
