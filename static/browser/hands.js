// Rock, paper, scissors against the machine: its move is sealed before your hand is seen.

import { Choice } from "./choice.js";
import { Pace } from "./pace.js";
import { CHANCE, Game, MIND_READER, MOVES, TO_WIN, beats, expected, followed, outcome, readHand, textOf } from "./rules.js";
import { sha256, softmax } from "./runtime.js";
import { handSquare, handViews, toInput } from "./square.js";
import { Bars, Progress, element, latest, reason, style, whenLoaded } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways } from "./ways.js";

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {string[]} classes
 * @property {import("./ways.js").Example[]} examples
 * @property {string} example the one to begin with
 * @property {boolean} own whether the page believes that the person has given a photo of their own
 */

/** Seconds from the click to "shoot". */
const SECONDS = 3;
/** Looks at live video that a move is read from. */
const LOOKS = 6;
/** Milliseconds after "shoot" in which they have to come, and in which the first one has to, where the video is slow. */
const PATIENCE = 900;
const SLOWEST = 3000;
/** Rounds that the history lists. */
const LISTED = 20;

/** The game of this visit: both pages of hands share it. */
let game = new Game();

/**
 * @param {string} summary
 * @param {...(Node | string)} children
 */
const fold = (summary, ...children) => element("details", { class: "iml-fold" }, element("summary", {}, summary), element("div", { class: "iml-stack" }, ...children));
/** @param {string} text */
const code = (text) => element("code", { class: "iml-code" }, text);

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  let { setStateValue } = host;
  const side = data.model.inputs.images[1];
  await style();

  const bars = new Bars("What the network sees", data.classes.length);
  const speed = element("p", { class: "iml-caption iml-speed", hidden: true });
  const progress = new Progress(data.model.bytes);
  const pace = new Pace();
  const button = element("button", { type: "button", class: "iml-first iml-shoot", disabled: true, onclick: () => shoot() }, "Shoot!");
  const bar = element("div");
  const left = element("span");
  const clock = element("div", { class: "iml-clock", role: "timer", hidden: true }, bar, left);
  const verdict = element("p", { class: "iml-message iml-verdict", role: "status" }, "Show your hand and press ", element("em", {}, "Shoot!"));
  const how = element("p", { class: "iml-caption", hidden: true });
  const number = element("strong");
  const seal = code("\u2026");
  const after = element("div", { class: "iml-stack" });
  const past = element("div", { class: "iml-whole" });

  /** @type {import("./runtime.js").Model | undefined} */
  let model;
  /** @type {import("./ways.js").Photo | undefined} */
  let photo;
  /** @type {{at: number, probabilities: Float64Array}[]} the last looks at live video */
  let looks = [];
  /** The seal that is on the screen. */
  let shown = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;

  /** @param {import("./square.js").Picture} square */
  const ask = async (square) => softmax((await /** @type {import("./runtime.js").Model} */ (model).run({ images: toInput(square) })).outputs.logits);
  /** @param {ArrayLike<number>} probabilities */
  const see = (probabilities) => bars.show(data.classes.map((label, i) => ({ label, probability: probabilities[i] })));
  const ready = () => {
    button.disabled = !model || ticking !== undefined || !(ways.way === LIVE ? ways.camera.on : photo?.picture);
  };

  /** Shows the promise for the next round. */
  const promise = async () => {
    const { sealed } = game;
    shown = "";
    number.textContent = `Round ${game.next}.`;
    const digest = await sha256(textOf(sealed));
    if (game.sealed !== sealed) return;
    shown = seal.textContent = digest;
  };

  /**
   * @param {import("./rules.js").Reading} reading
   * @param {number} [seconds]
   */
  const decide = async (reading, seconds) => {
    const round = game.decide(reading, shown, seconds);
    verdict.classList.toggle("iml-warning", !round || outcome(round.yours, round.sealed.move) < 0);
    verdict.classList.toggle("iml-success", Boolean(round && outcome(round.yours, round.sealed.move) > 0));
    how.hidden = !round;
    if (!round) {
      verdict.textContent = `${reading.why} The machine keeps its move.`;
      return;
    }
    const said = { 1: "You win the round.", 0: "A draw.", "-1": "The machine wins the round." }[outcome(round.yours, round.sealed.move)];
    verdict.replaceChildren(
      "You: ", element("strong", {}, round.yours), ". The machine: ", element("strong", {}, round.sealed.move), ". ", element("strong", {}, said ?? ""));
    const sure = `Read from ${round.looks} ${seconds === undefined ? "views of the picture" : "looks"}, ${Math.round(100 * round.probability)}% sure`;
    how.textContent = seconds === undefined ? `${sure}.` : `${sure}, ${seconds.toFixed(1)} s after "shoot".`;
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: round.yours } }));
    tell();
    await promise();
  };

  /** Plays a round: at once with a picture, after a countdown with live video. */
  const shoot = async () => {
    if (!shown || !model || ticking !== undefined) return;
    if (ways.way !== LIVE) {
      const now = photo;
      if (!now?.picture) return;
      const seen = [];
      for (const view of handViews(now.picture, side)) seen.push(await ask(view));
      if (photo === now) await decide(readHand(seen));
      return;
    }
    const end = performance.now() + 1000 * SECONDS;
    clock.hidden = false;
    how.hidden = true;
    verdict.classList.remove("iml-warning", "iml-success");
    verdict.textContent = "Show your hand.";
    const tick = () => {
      const now = performance.now();
      const rest = Math.max(0, end - now);
      bar.style.transform = `scaleX(${rest / 1000 / SECONDS})`;
      left.textContent = rest ? String(Math.ceil(rest / 1000)) : "Shoot!";
      if (!ways.camera.on) return halt();
      if (rest) return;
      const since = looks.filter(({ at }) => at >= end);
      if (since.length < LOOKS && now - end < (since.length ? PATIENCE : SLOWEST)) return;
      halt();
      decide(readHand(since.slice(0, LOOKS).map((one) => one.probabilities)), (now - end) / 1000);
    };
    ticking = setInterval(tick, 50);
    tick();
    ready();
  };

  /** Stops the clock. */
  const halt = () => {
    clearInterval(ticking);
    ticking = undefined;
    clock.hidden = true;
    ready();
  };

  /** The score, and how the machine came to its last move. */
  const tell = () => {
    const { history } = game;
    const last = history[history.length - 1];
    after.hidden = past.hidden = !last;
    if (!last) return;
    const [you, machine] = game.score;
    const won = `${you > machine ? "You win" : "The machine wins"} the match ${Math.max(you, machine)} : ${Math.min(you, machine)}.`;
    after.replaceChildren(
      element("div", { class: "iml-scores" }, ...[["You", you], ["Machine", machine], ["First to win", TO_WIN]].map(([name, value]) =>
        element("p", { class: "iml-metric" }, element("span", {}, String(name)), element("strong", {}, String(value))))),
      ...(game.over ? [element("p", {}, element("strong", {}, won), " The next round begins a new one.")] : []),
      fold("Did it really move first? Check the seal of this round",
        "The machine showed this seal before the round. Nobody can find another move and number with the same seal, so it could not change its mind.",
        code(last.seal), "Here are its move and its random number. Run this in a shell and compare:",
        code(`printf '%s' '${textOf(last.sealed)}' | sha256sum`)),
      ...(last.opponent === MIND_READER ? [mind()] : []),
    );
    const outcomes = history.map((one) => outcome(one.yours, one.sealed.move));
    const count = (/** @type {number} */ what) => outcomes.filter((one) => one === what).length;
    const title = `${history.length === 1 ? "One round" : `${history.length} rounds`}: ${count(1)} won, ${count(-1)} lost, ${count(0)} drawn`;
    const rows = history.map((one, i) =>
      [i + 1, one.yours, one.sealed.move, { 1: "you", 0: "nobody", "-1": "the machine" }[outcomes[i]], one.opponent, `${Math.round(100 * one.probability)}%`]);
    past.replaceChildren(fold(title,
      grid(["round", "you", "machine", "won by", "opponent", "how sure"], rows.slice(-LISTED).reverse()),
      ...(rows.length > LISTED ? [element("p", { class: "iml-caption" }, `The last ${LISTED} of them.`)] : []),
      element("div", {}, element("button", { type: "button", onclick: forget }, "Forget all rounds"))));
  };

  /** What the mind reader knew before the last round, and what it made of it. */
  const mind = () => {
    const last = game.history[game.history.length - 1];
    const before = game.history.slice(0, -1).map((one) => one.yours);
    const title = "What the mind reader was thinking";
    if (!before.length) return fold(title, "It knew nothing about you yet, so it drew its move. From now on it counts which move you show after which.");
    const guess = MOVES.find((move) => beats(move) === last.sealed.move) ?? "";
    const sure = Math.round(100 * expected(before)[MOVES.indexOf(guess)]);
    return fold(title,
      element("p", {},
        "Your move before was ", element("strong", {}, before[before.length - 1]),
        ". After that it expected ", element("strong", {}, guess), ` (${sure}%), so it played `,
        element("strong", {}, last.sealed.move), ". You showed ", element("strong", {}, last.yours), "."),
      grid(["after", ...MOVES], followed(before).map((row, i) => [MOVES[i], ...row])),
      element("p", { class: "iml-caption" },
        "This is a Markov chain: it counts how often each of your moves followed each other one. We add one to each count, so that " +
        "nothing is impossible. It sees only your last move. It cannot read a person who plays truly at random, but few people do."));
  };

  const forget = () => {
    const { opponent } = game;
    game = new Game();
    game.opponent = opponent;
    verdict.classList.remove("iml-warning", "iml-success");
    verdict.textContent = "All rounds are forgotten. Show your hand.";
    how.hidden = true;
    tell();
    promise();
  };

  const react = latest(async () => {
    const now = photo;
    if (!model || !now?.picture || ways.way === LIVE) return;
    const probabilities = await ask(handSquare(now.picture, side));
    if (photo === now) see(probabilities);
  });

  const ways = new Ways({
    page: data.model.slug,
    ways: [EXAMPLE, LIVE, CAMERA, UPLOAD],
    examples: data.examples,
    example: data.example,
    own: data.own,
    several: false,
    facing: "user",
    advice:
      "Start the camera. Hold one hand in the middle of the picture, so that it fills about half of it. Avoid a bright window behind it. " +
      "Then press *Shoot!* The video stays in your browser.",
    given: (one, _, way) => {
      // A picture that was just taken is a move; others wait for the button.
      const taken = way === CAMERA && one?.picture && one !== photo;
      photo = one;
      see([]);
      ready();
      react();
      if (taken && !judged.has(one)) {
        judged.add(one);
        shoot();
      }
    },
    look: async (frame) => {
      if (!model) return;
      const at = performance.now();
      const probabilities = await ask(handSquare(frame, side));
      pace.add(performance.now() - at);
      looks = [...looks.slice(-2 * LOOKS), { at, probabilities }];
      see(probabilities);
      speed.textContent = String(pace);
    },
    failed: (error) => host.setTriggerValue("failed", reason(error)),
    tell: (told) => setStateValue("given", told),
    changed: () => {
      speed.hidden = ways.way !== LIVE || !ways.camera.on;
      if (!ways.camera.on) see([]);
      ready();
    },
  });
  /** @type {WeakSet<object>} */
  const judged = new WeakSet();

  const opponent = new Choice("Your opponent", [CHANCE, MIND_READER].map((value) => ({ value })), (value) => {
    game.opponent = value;
    game.seal();
    promise();
  });
  opponent.set(game.opponent);

  const root = element(
    "div",
    { class: "iml-demo iml-hands" },
    element("div", { class: "iml-wide iml-stack" }, ways.root, ways.view, button, clock, verdict, how),
    element("div", { class: "iml-wide iml-stack" }, progress.root,
      element("div", { class: "iml-stack" }, element("p", { class: "iml-caption" }, "What the network sees"), bars.root, speed),
      element("div", {},
        element("p", { class: "iml-caption" }, "Your opponent. Chance draws its move. The mind reader guesses your next move from your earlier ones."),
        opponent.root),
      element("div", { class: "iml-card iml-stack" },
        element("p", {}, number, " The machine has already chosen its move. This is its seal: the SHA-256 of the move and a random number."), seal),
      after),
    past,
  );
  parentElement.replaceChildren(root);
  see([]);
  tell();
  // Where there is no worker, the page is told below.
  promise().catch(() => {});
  ways.start();

  whenLoaded(host, progress, root, (loaded) => {
    model = loaded;
    ready();
    return react();
  });

  return {
    update: (next) => {
      ({ setStateValue } = next);
    },
    unmount: () => {
      halt();
      ways.close();
    },
  };
}

/**
 * @param {string[]} head
 * @param {(string | number | undefined)[][]} rows
 */
function grid(head, rows) {
  return element("table", { class: "iml-table" },
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, String(cell)))))));
}
