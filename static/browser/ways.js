// Ways to give a photo: an example, a file, a picture of the camera's, or live video. What a person gives stays in the browser.

import { Camera } from "./camera.js";
import { Choice } from "./choice.js";
import { Drop } from "./drop.js";
import { PhotoError, fetchPhoto, readPhoto } from "./photo.js";
import { Stage } from "./stage.js";
import { element } from "./view.js";

export const EXAMPLE = "Example";
export const UPLOAD = "Upload";
export const CAMERA = "Camera";
export const LIVE = "Live video";

/** @typedef {{name: string, url: string, credit: string, source: string}} Example a photo that comes with the project; without a credit where it is nobody's */

/**
 * A photo that was given.
 * @typedef {object} Photo
 * @property {string} name
 * @property {ImageData} [picture] missing where it could not be read
 * @property {string} [message] why it could not
 */

/** So many photos are kept at most, which bounds the memory. */
const MOST = 12;

/** What was uploaded on a page, for when the person comes back to it. @type {Map<string, Photo[]>} */
const kept = new Map();

export class Ways {
  /**
   * @param {object} options
   * @param {string} options.page whose uploads are kept
   * @param {string[]} options.ways in their order, the first one chosen
   * @param {Example[]} options.examples
   * @param {string} options.example the one to begin with
   * @param {boolean} options.own whether the page believes that the person has given a photo of their own
   * @param {boolean} options.several whether several files may be given at once
   * @param {"user" | "environment"} options.facing camera of a phone to begin with
   * @param {string} options.advice what to do with live video, while it does not play
   * @param {(photo: Photo | undefined, all: Photo[], way: string) => void} options.given is called with each photo to look at, and without one when there is none
   * @param {(frame: ImageData) => Promise<void>} options.look is called with the frames of live video
   * @param {(error: unknown) => void} options.failed is called when `look` fails
   * @param {(told: {example: string, own: boolean}) => void} options.tell the page: the name of the example, and whether the person has given a photo of their own since
   * @param {() => void} [options.changed] is called when live video starts or stops
   */
  constructor({ page, ways, examples, example, own, several, facing, advice, given, look, failed, tell, changed }) {
    this.page = page;
    this.examples = examples;
    this.example = examples.find((one) => one.name === example) ?? examples[0];
    this.given = given;
    this.tell = tell;
    this.advice = advice;
    this.own = own;
    this.told = this.example.name;
    /** Grows with each change, so that a photo that arrives late is known. */
    this.turn = 0;
    /** @type {Photo | undefined} what the camera took last */
    this.taken = undefined;
    this.stage = new Stage("The photo that the network looks at");
    this.camera = new Camera({
      video: this.stage.video,
      facing,
      failed,
      frame: async (frame) => {
        if (this.way === LIVE) await look(frame);
        else this.take.disabled = false;
      },
      changed: () => {
        this.showCamera();
        changed?.();
      },
      instead: () => Object.fromEntries(ways.filter((way) => way === UPLOAD || way === EXAMPLE).reverse()
        .map((way) => [way === UPLOAD ? "Upload a photo" : "Choose an example", () => this.choose(way)])),
    });
    this.choice = new Choice("How to give a photo", ways.map((value) => ({ value })), (way) => this.go(way));
    this.pills = new Choice("Example", examples.map(({ name }) => ({ value: name })), (name) => this.pick(name), "pills");
    this.pills.set(this.example.name);
    this.drop = new Drop({
      name: several ? "Photos" : "A photo",
      hint: several ? "or drop photos here. They stay in your browser." : "or drop a photo here. It stays in your browser.",
      several,
      given: (files) => this.read(files),
    });
    this.which = new Choice("Which photo", [], (i) => this.show(Number(i)), "pills");
    this.left = element("p", { class: "iml-caption", hidden: true });
    this.take = element("button", { type: "button", class: "iml-first", onclick: () => this.shoot() }, "Take a picture");
    this.message = element("p", { class: "iml-message", role: "status" });
    this.credit = element("p", { class: "iml-caption iml-credit" });
    this.files = element("div", { class: "iml-stack" }, this.drop.root, this.left, this.which.root);
    this.lens = element("div", { class: "iml-line" }, this.take, this.camera.root);
    /** The ways and what belongs to the chosen one: to stand above the stage. */
    this.root = element("div", { class: "iml-stack" }, this.choice.root, this.pills.root, this.files);
    /** The photo or the video, and what starts and stops it. */
    this.view = element("div", { class: "iml-stack" }, this.lens, this.message, this.stage.root, this.credit);
  }

  get way() {
    return this.choice.value;
  }

  /** @param {string} way chosen in the person's place */
  choose(way) {
    this.choice.set(way);
    this.go(way);
  }

  /** @param {string} way */
  go(way) {
    const turn = ++this.turn;
    this.camera.stop();
    this.pills.root.hidden = way !== EXAMPLE;
    this.files.hidden = way !== UPLOAD;
    this.lens.hidden = way !== CAMERA && way !== LIVE;
    this.message.hidden = this.credit.hidden = true;
    this.stage.hide();
    if (way === EXAMPLE) return this.pick(this.example.name);
    if (way === UPLOAD) return this.list();
    this.showCamera();
    this.camera.check().then(() => {
      if (turn === this.turn && !this.camera.message.hidden) this.message.hidden = true;
    });
    this.given(way === CAMERA ? this.taken : undefined, [], way);
  }

  /** @param {string} name of an example */
  async pick(name) {
    const turn = ++this.turn;
    const one = this.examples.find((example) => example.name === name) ?? this.examples[0];
    this.example = one;
    this.note(false);
    try {
      const picture = await fetchPhoto(one.url);
      if (turn !== this.turn) return;
      this.present({ name: one.name, picture }, []);
      this.credit.replaceChildren("Photo: ", element("a", { href: one.source, target: "_blank", rel: "noopener" }, one.credit));
      this.credit.hidden = !one.credit;
    } catch (error) {
      if (turn === this.turn) this.present({ name: one.name, message: complaint(error) }, []);
    }
  }

  /** @param {File[]} files */
  async read(files) {
    const turn = ++this.turn;
    this.say("One moment ...");
    /** @type {Photo[]} */
    const photos = [];
    // One after the other: several large ones at once would not fit into a phone's memory.
    for (const file of files.slice(0, MOST)) {
      photos.push(await readPhoto(file).then((picture) => ({ name: file.name, picture }), (error) => ({ name: file.name, message: complaint(error) })));
      if (turn !== this.turn) return;
    }
    kept.set(this.page, photos);
    this.left.textContent = `The network looks at the first ${MOST} photos. We left out ${files.length - MOST}.`;
    this.left.hidden = files.length <= MOST;
    this.list();
  }

  /** Shows what was uploaded. */
  list() {
    const photos = kept.get(this.page) ?? [];
    this.which.offer(photos.map(({ name }, i) => ({ value: String(i), label: name })));
    if (photos.length) this.show(0);
    else {
      this.say("Give the network a photo: choose a file, or drop it above.");
      this.given(undefined, [], UPLOAD);
    }
  }

  /** @param {number} i of the uploads */
  show(i) {
    const photos = kept.get(this.page) ?? [];
    this.present(photos[i], photos);
  }

  /** @param {Photo} photo @param {Photo[]} all */
  present(photo, all) {
    if (this.way !== EXAMPLE) this.note(true);
    if (photo.picture) {
      this.stage.show(photo.picture);
      this.message.hidden = true;
    } else {
      this.stage.hide();
      this.say(`${photo.name}: ${photo.message}`, true);
    }
    this.given(photo, all, this.way);
  }

  /**
   * Tells the page what the parts that follow can show, if that has changed.
   * @param {boolean} own whether the person has given a photo of their own
   */
  note(own) {
    const { name } = this.example;
    if (own === this.own && name === this.told) return;
    this.own = own;
    this.told = name;
    this.tell({ example: name, own });
  }

  showCamera() {
    const { way } = this;
    if (way !== CAMERA && way !== LIVE) return;
    const { on } = this.camera;
    this.take.hidden = way !== CAMERA || !on;
    this.take.disabled = true;
    this.message.hidden = true;
    if (on) {
      this.stage.live();
      if (way === LIVE) this.note(true);
    } else if (way === CAMERA && this.taken?.picture) {
      this.stage.show(this.taken.picture);
      this.camera.begin.textContent = "Take another picture";
    } else {
      this.stage.hide();
      this.say(way === LIVE ? this.advice : "Start the camera and press *Take a picture*. The picture stays in your browser.");
    }
  }

  /** Takes a picture. */
  shoot() {
    this.taken = { name: "camera", picture: this.camera.picture() };
    this.camera.stop();
    this.present(this.taken, []);
  }

  /** @param {string} text with names between asterisks @param {boolean} [warning] */
  say(text, warning = false) {
    this.message.replaceChildren(...text.split("*").map((part, i) => (i % 2 ? element("em", {}, part) : part)));
    this.message.classList.toggle("iml-warning", warning);
    this.message.hidden = false;
  }

  /** Begins with the first way. */
  start() {
    this.go(this.way);
  }

  close() {
    this.turn++;
    this.camera.close();
    this.stage.close();
  }
}

/**
 * Why a photo cannot be used, as a sentence.
 * @param {unknown} error
 */
export function complaint(error) {
  return error instanceof PhotoError ? error.message : "This browser could not read the photo. Please use another one.";
}
