// Teach it your own classes: a handful of photos each, a head that learns in a moment, and then it answers.

import { Card } from "./card.js";
import { Drop } from "./drop.js";
import { FEWEST, LARGEST, MOST, Training, probabilities, readHead } from "./head.js";
import { Lesson, MOST_PHOTOS } from "./lesson.js";
import { Pace } from "./pace.js";
import { fetchPhoto, readPhoto, show } from "./photo.js";
import { Recorder } from "./recorder.js";
import { Results } from "./results.js";
import { load, percent } from "./runtime.js";
import { crop, resize, toInput, toSquare } from "./square.js";
import { Bars, Progress, element, latest, reason, style } from "./view.js";
import { CAMERA, EXAMPLE, LIVE, UPLOAD, Ways, complaint } from "./ways.js";

/** @typedef {import("./lesson.js").Taught} Taught */

/**
 * @typedef {object} Data
 * @property {import("./runtime.js").ModelFacts} model
 * @property {import("./ways.js").Example[]} examples
 * @property {string} example the one to begin with
 * @property {{name: string, url: string, boxes: import("./square.js").Box[]}[]} pieces of examples, for whoever has no photos at hand
 */

const SIDE = 224;
/** Of the pictures of what was given, in pixels. */
const THUMBNAIL = 64;
const NO_HEAD = "This file does not hold a trained head: please bring back one that was downloaded from this page (head.npz).";

/** What was taught on a page, for when the person comes back to it. @type {Map<string, Lesson>} */
const lessons = new Map();

/**
 * @param {import("./view.js").Host<Data>} host
 * @returns {Promise<import("./view.js").Demo<Data>>}
 */
export async function mount(host) {
  const { data, parentElement } = host;
  const { slug } = data.model;
  await style();

  const lesson = lessons.get(slug) ?? new Lesson();
  lessons.set(slug, lesson);
  const progress = new Progress(data.model.bytes);
  const loading = load(data.model, (part) => progress.show(part));
  const failed = (/** @type {unknown} */ error) => host.setTriggerValue("failed", reason(error));
  /** @type {Map<Taught, Card>} */
  let cards = new Map();
  /** Photos that are being looked at, and whether it learns: meanwhile, nothing else is begun. */
  let busy = 0;
  let closed = false;

  const message = element("p", { class: "iml-message iml-lines", role: "status", hidden: true });
  /** @param {string} text @param {boolean} [warning] */
  const say = (text, warning = false) => {
    message.textContent = text;
    message.hidden = !text;
    message.classList.toggle("iml-warning", warning);
  };

  /** @param {import("./square.js").Picture} picture */
  const look = async (picture) => {
    const square = toSquare(picture, SIDE);
    const model = await loading;
    return { square, features: (await model.run({ images: toInput(square) })).outputs.features };
  };

  const full = (/** @type {Taught} */ taught) => `${lesson.nameOf(taught)} has ${MOST_PHOTOS} photos now, which is enough.`;

  /**
   * Looks at a photo once, and keeps what the network says and a thumbnail.
   * @param {Taught} taught
   * @param {import("./square.js").Picture} picture
   * @returns {Promise<boolean>} whether there was room
   */
  const add = async (taught, picture) => {
    const { square, features } = await look(picture);
    const thumbnail = element("canvas");
    show(thumbnail, resize(square, THUMBNAIL, THUMBNAIL, "bicubic"));
    const room = lesson.addPhoto(taught, { thumbnail, features });
    cards.get(taught)?.refresh();
    return room;
  };

  /** @param {() => Promise<void>} job after which the person goes on */
  const meanwhile = async (job) => {
    busy++;
    refresh();
    try {
      await job();
    } catch (error) {
      failed(error);
    } finally {
      busy--;
      refresh();
    }
  };

  /** @param {Taught} taught @param {File[]} files */
  const read = (taught, files) => meanwhile(async () => {
    const room = Math.max(0, MOST_PHOTOS - taught.photos.length);
    const troubles = files.length > room ? [`${full(taught)} We left out the others.`] : [];
    for (const [i, file] of files.slice(0, room).entries()) {
      say(`Looking at photo ${i + 1} of ${Math.min(files.length, room)} ...`);
      let picture;
      try {
        picture = await readPhoto(file);
      } catch (error) {
        troubles.push(`${file.name}: ${complaint(error)}`);
        continue;
      }
      await add(taught, picture);
      if (closed) return;
    }
    say(troubles.join("\n"), true);
  });

  /** Fills the classes with pieces of examples. */
  const fill = () => meanwhile(async () => {
    lesson.startOver(data.pieces.map(({ name }) => name));
    renew();
    const { turn } = lesson;
    for (const [i, { url, boxes }] of data.pieces.entries()) {
      say(`Looking at example ${i + 1} of ${data.pieces.length} ...`);
      let photo;
      try {
        photo = await fetchPhoto(url);
      } catch (error) {
        return say(complaint(error), true);
      }
      for (const box of boxes) {
        if (turn !== lesson.turn || closed) return;
        await add(lesson.classes[i], crop(photo, box));
      }
    }
    say("");
  });

  const learn = () => meanwhile(async () => {
    if (lesson.missing) return say(lesson.missing, true);
    say("");
    const { classes, turn } = lesson;
    const features = classes.flatMap((taught) => taught.photos.map((photo) => photo.features));
    const training = new Training(features, classes.flatMap((taught, c) => taught.photos.map(() => c)), lesson.names);
    const moments = [];
    while (!training.done) {
      moments.push(training.next());
      results.follow(moments);
      // One step a frame: the page stays alive, and one can watch.
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
        setTimeout(resolve, 100);
      });
      if (turn !== lesson.turn || closed) return;
    }
    lesson.head = training.head();
    lesson.moments = moments;
    showHead();
    parentElement.dispatchEvent(new CustomEvent("taught", { bubbles: true }));
  });

  /** @param {File[]} files of which the first is a head */
  const bring = async ([file]) => {
    const head = file.size <= LARGEST ? readHead(new Uint8Array(await file.arrayBuffer().catch(() => new ArrayBuffer(0)))) : undefined;
    if (closed) return;
    if (!head) return say(NO_HEAD, true);
    say("");
    lesson.startOver(head.classes);
    lesson.head = head;
    renew();
  };

  const button = (/** @type {string} */ label, /** @type {() => void} */ act) => element("button", { type: "button", onclick: act }, label);
  /** @param {() => void} act that changes the classes */
  const changing = (act) => () => {
    say("");
    act();
    renew();
  };
  const more = button("Add a class", changing(() => lesson.addClass()));
  const fewer = button("Remove the last", changing(() => lesson.removeClass()));
  const anew = button("Start over", changing(() => lesson.startOver()));
  const undo = button("", changing(() => lesson.undo()));
  const examples = button("No photos? Take pieces of three examples", fill);
  const teach = element("button", { type: "button", class: "iml-first", onclick: learn }, "Train");
  const places = element("div", { class: "iml-cards" });
  const results = new Results();
  const drop = new Drop({ name: "The file head.npz", hint: "or drop head.npz here", several: false, accept: ".npz", given: bring });
  const back = element("details", { class: "iml-fold" }, element("summary", {}, "Bring back a head that you downloaded"), drop.root);
  const recorder = new Recorder({
    taken: async (picture, which) => {
      const taught = lesson.classes[which] ?? lesson.classes[0];
      const room = taught.photos.length < MOST_PHOTOS && (await add(taught, picture));
      refresh();
      if (!room) recorder.release();
      return room ? `Photo ${taught.photos.length} of ${lesson.nameOf(taught)}.` : full(taught);
    },
    // Only one of the two uses the camera.
    started: () => ways.camera.stop(),
    failed,
  });

  /** What can be done now. */
  const refresh = () => {
    more.disabled = busy > 0 || lesson.classes.length >= MOST;
    fewer.disabled = busy > 0 || lesson.classes.length <= FEWEST;
    examples.disabled = teach.disabled = busy > 0;
    undo.textContent = lesson.back?.label ?? "";
    undo.hidden = !lesson.back;
  };

  /** Shows all classes anew, and what was learnt. */
  const renew = () => {
    cards = new Map(lesson.classes.map((taught, i) => [taught, cards.get(taught) ?? new Card(taught, i + 1, {
      given: (files) => read(taught, files),
      removed: (photo) => {
        lesson.removePhoto(taught, photo);
        cards.get(taught)?.refresh();
        refresh();
        // What had the focus is gone.
        undo.focus();
      },
      renamed: () => recorder.offer(lesson.names),
    })]));
    for (const card of cards.values()) card.refresh();
    places.replaceChildren(...[...cards.values()].map((card) => card.root));
    recorder.offer(lesson.names);
    refresh();
    showHead();
  };

  const best = element("strong", { "aria-live": "polite" });
  const sure = element("span");
  const metric = element("p", { class: "iml-metric iml-taught", hidden: true }, element("span", {}, "Your network says"), best, sure);
  const answers = element("div");
  const speed = element("p", { class: "iml-caption", hidden: true });
  const pace = new Pace();
  let bars = new Bars("Probabilities of your classes", 0);
  /** @type {import("./ways.js").Photo | undefined} */
  let photo;
  /** The head that is asked. @type {import("./head.js").Head | undefined} */
  let asked;

  const nothing = () => {
    metric.hidden = true;
    bars.show((asked?.classes ?? []).map((label) => ({ label, probability: 0 })));
  };

  /** @param {import("./head.js").Head} head @param {ArrayLike<number>} features */
  const answer = (head, features) => {
    if (head !== asked) return;
    const said = probabilities(head, features);
    const guesses = head.classes.map((label, c) => ({ label, probability: said[c] }));
    const first = guesses.reduce((a, b) => (b.probability > a.probability ? b : a));
    // A screen reader would read the same again with each frame.
    if (best.textContent !== first.label) best.textContent = first.label;
    sure.textContent = percent(first.probability);
    metric.hidden = false;
    bars.show(guesses);
  };

  const react = latest(async () => {
    const [now, head] = [photo, asked];
    if (ways.way === LIVE) return;
    if (!now?.picture || !head) return nothing();
    const { features } = await look(now.picture);
    if (photo !== now || head !== asked) return;
    answer(head, features);
    parentElement.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { label: best.textContent } }));
  });

  const ways = new Ways({
    page: `${slug}_taught`,
    ways: [UPLOAD, CAMERA, LIVE, EXAMPLE],
    examples: data.examples,
    example: data.example,
    own: false,
    several: true,
    facing: "environment",
    advice: "Start the camera and show it your things. The video stays in your browser.",
    given: (one) => {
      photo = one;
      react().catch(failed);
    },
    look: async (frame) => {
      const head = asked;
      if (!head) return;
      const begin = performance.now();
      const { features } = await look(frame);
      if (ways.way !== LIVE || !ways.camera.on) return;
      answer(head, features);
      pace.add(performance.now() - begin);
      speed.textContent = String(pace);
    },
    failed,
    // Nothing else on the page depends on it.
    tell: () => {},
    changed: () => {
      if (ways.camera.on) recorder.camera.stop();
      nothing();
      speed.hidden = !ways.camera.on || ways.way !== LIVE;
    },
  });
  const ask = element("div", { class: "iml-whole iml-ask", hidden: true },
    element("h3", { class: "iml-whole" }, "Ask it"),
    element("div", { class: "iml-whole" }, ways.root),
    element("div", { class: "iml-wide" }, ways.view),
    element("div", { class: "iml-wide iml-stack" }, metric, answers, speed));

  /** Shows what was learnt, and lets the person ask; nothing as long as nothing was. */
  const showHead = () => {
    const { head } = lesson;
    results.show(lesson);
    back.hidden = Boolean(head);
    ask.hidden = !head;
    if (head === asked) return;
    const first = !asked;
    asked = head;
    bars = new Bars("Probabilities of your classes", head?.classes.length ?? 0);
    answers.replaceChildren(bars.root);
    nothing();
    if (!head) ways.camera.stop();
    else if (first) ways.start();
    else react().catch(failed);
  };

  const root = element("div", { class: "iml-demo iml-teach" },
    element("div", { class: "iml-whole iml-stack" },
      element("p", {},
        "Make two to five classes, give each one some photos, and press ", element("em", {}, "Train"),
        ". The network itself does not change. It turns each photo into 1,280 numbers, and a new last layer, the ", element("strong", {}, "head"),
        ", learns from these. Your photos stay in your browser."),
      progress.root),
    element("div", { class: "iml-whole" }, places),
    element("div", { class: "iml-whole iml-line" }, more, fewer, anew, undo, examples),
    element("div", { class: "iml-whole" }, recorder.root),
    element("div", { class: "iml-whole iml-stack" }, message, element("div", {}, teach)),
    results.root,
    ask,
    element("div", { class: "iml-whole" }, back));
  parentElement.replaceChildren(root);
  renew();

  loading.then(() => {
    progress.end();
    root.dataset.ready = "";
  }, failed);

  return {
    update: (next) => {
      host = next;
    },
    unmount: () => {
      closed = true;
      recorder.close();
      ways.close();
    },
  };
}
