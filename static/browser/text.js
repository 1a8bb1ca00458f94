// Texts: the network writes on from a prompt, and shows how surprised it is by each character.

import { Recurrent, Vocabulary } from "./recurrent.js";
import { ranked, softmax } from "./runtime.js";
import { Tinted, visible } from "./tinted.js";
import { Bars, Progress, element, reason, sentence, style, whenLoaded } from "./view.js";
import { MOST_PROMPT, prepare, surprise, write } from "./write.js";

/**
 * A text that was written.
 * @typedef {object} Written
 * @property {string} text
 * @property {number} given so many characters at its beginning are the person's own
 * @property {number} turn a number that is larger for a newer text
 */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes the characters that the network knows
 * @property {string} start is read where the prompt is empty
 * @property {string[]} examples prompts
 * @property {string} [prompt] what stands in the field to begin with; the first example if not given
 * @property {Written | null} [written] a text from before
 */

/** Characters of a text after which it is not written on. */
const LONGEST = 2000;
const TOP = 8;
/** Milliseconds without a key after which the page is told what was typed. */
const PAUSE = 500;
/** Milliseconds between two looks at a text that is being written: often enough to read along, seldom enough not to hold up the writing. */
const LOOK = 60;
const MOST_SEED = 2 ** 31 - 1;

/** How a text is written. */
class Settings {
  /** @param {number} characters that the network knows */
  constructor(characters) {
    this.characters = characters;
    this.temperature = element("input", { type: "range", min: 0, max: 1.5, step: 0.1, value: 0.8 });
    this.length = element("input", { type: "range", min: 50, max: 1000, step: 50, value: 300 });
    this.topK = element("input", { type: "number", min: 1, max: characters, step: 1, value: characters });
    this.seed = element("input", { type: "number", min: 0, max: MOST_SEED, step: 1, placeholder: "random" });
    /**
     * @param {string} name
     * @param {HTMLInputElement} field
     * @param {string} help
     */
    const row = (name, field, help) => {
      const value = element("span", {}, field.type === "range" ? `: ${field.value}` : "");
      field.addEventListener("input", () => {
        if (field.type === "range") value.textContent = `: ${field.value}`;
      });
      return element("label", { class: "iml-setting" }, element("span", {}, name, value), field, element("span", { class: "iml-caption" }, help));
    };
    this.root = element(
      "details",
      { class: "iml-details" },
      element("summary", {}, "Temperature, length and more"),
      row("Temperature", this.temperature, "How daring it is. 0: always the most probable character. 1: just as probable as it says. Above 1: more daring."),
      row("Characters to write", this.length, ""),
      row("Choose among", this.topK, "It chooses among this many of the most probable characters (top-k). With 1, always the most probable one."),
      row("Seed", this.seed, "The same seed, prompt and settings give the same text."),
    );
  }

  get fields() {
    return [this.temperature, this.length, this.topK, this.seed];
  }

  /** What the fields hold, to be kept. */
  get kept() {
    return this.fields.map((field) => field.value);
  }

  /** @param {string[]} values */
  bringBack(values) {
    this.fields.forEach((field, i) => {
      field.value = values[i];
      field.dispatchEvent(new Event("input"));
    });
  }

  /** What they mean; a number that makes no sense counts as the nearest one that does. */
  read() {
    /**
     * @param {HTMLInputElement} field
     * @param {number} least
     * @param {number} most
     */
    const whole = ({ value }, least, most) => Math.round(Math.min(most, Math.max(least, Number(value))));
    return {
      temperature: Number(this.temperature.value),
      length: Number(this.length.value),
      topK: this.topK.value ? whole(this.topK, 1, this.characters) : this.characters,
      seed: this.seed.value ? whole(this.seed, 0, MOST_SEED) : null,
    };
  }
}

/** What cannot be seen needs a name. */
const NAMES = new Map([..."\u200b\u200c\u200d\u00ad\ufeff"].map((one) => [one, "an invisible sign"]));
NAMES.set("\t", "the tab");

/**
 * What of a prompt is not read, in sentences.
 * @param {string} typed
 * @param {ReturnType<typeof prepare>} prepared
 */
function remarks(typed, { text, strange, instead }) {
  const said = [];
  // A backtick cannot be quoted by backticks.
  const quoted = (/** @type {string} */ one) => (one === "`" ? "the backtick" : one.trim() ? `\`${one}\`` : one ? "a space" : "nothing");
  if (instead.size) {
    const pairs = [...instead].slice(0, 20).map(([sign, near]) => `${quoted(near)} for ${NAMES.get(sign) ?? quoted(sign)}`);
    said.push(`The network never saw some of these signs in training. It reads near ones: ${pairs.join(", ")}${instead.size > 20 ? " and more" : ""}.`);
  }
  if (strange.length) {
    const more = strange.length > 20 ? " and more" : "";
    const named = strange.slice(0, 20).map(quoted);
    said.push(`Left out, because this network never saw them in training: ${named.join(", ")}${more}.`);
  }
  if (!typed.trim()) said.push(`The prompt is empty, so the network starts from \`${text.trim()}\`.`);
  else if (Array.from(typed).length > MOST_PROMPT) said.push(`The network reads only the last ${MOST_PROMPT} characters.`);
  return said;
}

/** @param {number[]} values */
const mean = (values) => (values.reduce((a, b) => a + b, 0) / values.length).toFixed(1);

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  await style();

  const vocabulary = new Vocabulary(data.classes);
  const field = element("textarea", { rows: 3, maxLength: 2000, spellcheck: false });
  field.value = data.prompt ?? data.examples[0];
  const said = element("div", { class: "iml-caption" });
  const start = element("button", { type: "button", class: "iml-first iml-start", disabled: true }, "Continue");
  const more = element("button", { type: "button", class: "iml-more", disabled: true, title: "Goes on from the end of the text, up to 2,000 characters." }, "Write on");
  const stop = element("button", { type: "button", class: "iml-stop", disabled: true, title: "Ends the writing. The text stays." }, "Stop");
  const settings = new Settings(data.classes.length);
  const invitation = element("p", { class: "iml-message" }, "Press ", element("b", {}, "Continue"), ": the network writes on from your prompt.");
  const text = new Tinted("The text, coloured by the surprise of the network", (place) => expect(place));
  const figures = element("p", { class: "iml-text iml-bits" });
  const after = element("p", { class: "iml-text iml-after" });
  const bars = new Bars("Probabilities of the next character", TOP);
  const below = element("div", { class: "iml-stack", hidden: true }, figures, after, bars.root);
  const progress = new Progress(data.model.bytes);

  // What is shown. What the network thought has a place for each character, empty as long as it has not read it.
  let shown = { text: "", given: 0, turn: data.written?.turn ?? 0 };
  /** @type {import("./write.js").Step[]} */
  let steps = [];
  /** @type {number[]} */
  let bits = [];
  let painted = 0;
  /** @type {Recurrent | undefined} */
  let network;
  /** The writing that goes on; another one, or none, ends it. @type {object | undefined} */
  let current;

  const enable = () => {
    start.disabled = !network;
    more.disabled = !network || Boolean(current) || !shown.text || shown.text.length >= LONGEST;
    stop.disabled = !current;
  };

  /** Shows what the network has read and written since the last look. */
  const paint = () => {
    const { root } = text;
    const atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < 50;
    text.add(shown.text.slice(text.length), false);
    for (; painted < steps.length; painted++) {
      bits[painted] = surprise(steps[painted].before, steps[painted].id);
      text.tint(painted, bits[painted]);
    }
    if (atEnd) root.scrollTop = root.scrollHeight;
    // Without the empty places.
    const own = bits.slice(0, shown.given).flat();
    const written = bits.slice(shown.given).flat();
    figures.replaceChildren(
      ...(own.length ? ["Your prompt: ", element("b", {}, `${mean(own)} bits`), " per character. "] : []),
      ...(written.length ? ["What it wrote: ", element("b", {}, `${mean(written)} bits`), ". "] : []),
      "The stronger the ", element("b", { class: "iml-orange" }, "orange"), ", the more it was surprised. ",
      element("b", {}, "Pick a character"), " to see what it expects next.",
    );
  };

  /** @param {number} place of the character after which it is asked what comes next */
  const expect = (place) => {
    const scores = steps[place]?.after;
    if (!scores) {
      after.textContent = "\u00a0";
      bars.show([]);
      return;
    }
    const before = shown.text.slice(Math.max(0, place - 13), place + 1).replaceAll("\n", "↵");
    const came = shown.text[place + 1];
    after.replaceChildren("After ", element("code", {}, before), " it expects", ...(came ? [" (what came: ", element("code", {}, visible(came)), ")"] : []), ":");
    bars.show(ranked(softmax(scores), data.classes, TOP).map(({ label, probability }) => ({ label: visible(label), probability })));
  };

  const place = `writing_${data.model.slug}`;
  /** Keeps the text and the settings for when the person comes back, or loads the page anew. */
  const keep = () => {
    try {
      sessionStorage.setItem(place, JSON.stringify({ ...shown, settings: settings.kept }));
    } catch {
      // This browser keeps nothing; the text is still here.
    }
  };

  const tell = () => {
    keep();
    setStateValue("written", shown);
  };

  /**
   * Lets the network read a text, and write on.
   * @param {string} given the text
   * @param {number} own so many characters at its beginning are the person's
   * @param {Partial<ReturnType<Settings["read"]>>} [how] to write; without it, the text is only read
   */
  const go = async (given, own, how) => {
    if (!network) return;
    const mine = (current = {});
    // As on the server: what was thought of the beginning of a longer text is kept, its end is read again.
    const tail = how ? given.slice(-MOST_PROMPT) : given;
    if (given !== shown.text) {
      steps = [];
      bits = [];
      text.clear();
      text.add(given.slice(0, own), true);
      text.add(given.slice(own), false);
    }
    painted = steps.length = bits.length = given.length - tail.length;
    shown = { text: given, given: own, turn: shown.turn + (how ? 1 : 0) };
    invitation.hidden = true;
    text.root.hidden = below.hidden = false;
    text.mark(-1);
    expect(-1);
    enable();
    let due = 0;
    try {
      for await (const step of write(network, vocabulary, tail, { temperature: 0, topK: 1, length: 0, seed: 0, ...how })) {
        // Another one has begun, which shows its own text.
        if (mine !== current && current) return;
        if (!current) break;
        steps.push(step);
        if (steps.length > shown.text.length) shown.text += step.character;
        due ||= window.setTimeout(() => {
          due = 0;
          if (mine === current) paint();
        }, LOOK);
      }
    } catch (error) {
      host.setTriggerValue("failed", reason(error));
    }
    if (mine === current) current = undefined;
    if (gone || current) return;
    paint();
    text.mark(text.length - 1);
    expect(text.length - 1);
    enable();
    if (how) tell();
  };

  let told = field.value;
  let pause = 0;
  const tellPrompt = () => {
    clearTimeout(pause);
    if (field.value === told) return;
    told = field.value;
    setStateValue("prompt", told);
  };
  const read = () => {
    const prepared = prepare(vocabulary, field.value, data.start);
    said.replaceChildren(...remarks(field.value, prepared).map((one) => element("p", {}, ...sentence(one))));
    said.hidden = !said.childElementCount;
    return prepared.text;
  };
  field.addEventListener("input", () => {
    read();
    clearTimeout(pause);
    pause = window.setTimeout(tellPrompt, PAUSE);
  });
  field.addEventListener("change", tellPrompt);
  start.addEventListener("click", () => {
    tellPrompt();
    const prompt = read();
    // The same prompt again is a new text.
    shown.text = "";
    go(prompt, prompt.length, settings.read());
  });
  more.addEventListener("click", () => go(shown.text, shown.given, settings.read()));
  stop.addEventListener("click", () => {
    current = undefined;
  });
  const examples = data.examples.map((example) =>
    element("button", { type: "button", onclick: () => {
      field.value = example;
      read();
      tellPrompt();
    } }, example.replaceAll("\n", " ")),
  );

  const root = element(
    "div",
    { class: "iml-demo iml-writer" },
    element(
      "div",
      { class: "iml-wide iml-stack" },
      element("label", {}, element("span", { class: "iml-caption" }, "Prompt"), field),
      element("div", { class: "iml-line" }, ...examples),
      said,
      element("div", { class: "iml-line" }, start, more, stop),
      settings.root,
    ),
    element("div", { class: "iml-wider iml-stack" }, progress.root, element("div", { class: "iml-sheet" }, invitation, text.root), below),
  );
  text.root.hidden = true;
  parentElement.replaceChildren(root);
  read();

  let gone = false;
  const leave = () => {
    if (shown.text) keep();
  };
  addEventListener("pagehide", leave);

  /** A text from before: the newer one of those that the page and this browser have kept. */
  const bringBack = () => {
    let before = data.written ?? null;
    let known = true;
    try {
      const { text: kept, given, turn, settings: values } = JSON.parse(sessionStorage.getItem(place) ?? "{}");
      if (Array.isArray(values)) settings.bringBack(values);
      // What the network does not know would stop it.
      if (typeof kept === "string" && kept && turn >= (before?.turn ?? 0) && Array.from(kept).every((one) => vocabulary.ids.has(one))) {
        known = turn === before?.turn;
        before = { text: kept, given, turn };
      }
    } catch {
      // What is kept there is no text.
    }
    if (!before) return;
    shown.turn = before.turn;
    go(before.text, before.given);
    if (!known) tell();
  };

  whenLoaded(host, progress, root, (model) => {
    network = new Recurrent(model);
    enable();
    bringBack();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => {
      gone = true;
      current = undefined;
      clearTimeout(pause);
      removeEventListener("pagehide", leave);
      leave();
    },
  };
}
