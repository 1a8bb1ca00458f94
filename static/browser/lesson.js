// What a person teaches: classes with photos, what was learnt from them, and one step back.

import { FEWEST, MOST } from "./head.js";

/** Photos that a class has at most; more say little more. */
export const MOST_PHOTOS = 20;
/** Characters of a name. */
export const LONGEST_NAME = 30;
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

/**
 * A photo that was looked at.
 * @typedef {{thumbnail: HTMLCanvasElement, features: Float32Array}} Given
 */

/** @typedef {{name: string, photos: Given[]}} Taught a class */

export class Lesson {
  constructor() {
    /** @type {Taught[]} */
    this.classes = [];
    this.begin();
    /** Grows when all begins anew, so that what comes late is known. */
    this.turn = 0;
    /** What the person can take back, and how. @type {{label: string, act: () => void, classes: boolean} | undefined} */
    this.back = undefined;
  }

  /** Two classes without photos. */
  begin() {
    this.classes = [];
    for (let i = 0; i < FEWEST; i++) this.addClass();
    /** @type {import("./head.js").Head | undefined} */
    this.head = undefined;
    /** How it was learnt; none where the head came from a file. @type {import("./head.js").Moment[] | undefined} */
    this.moments = undefined;
  }

  /** @param {string} [name] */
  addClass(name = `${ORDINALS[this.classes.length]} thing`) {
    if (this.classes.length < MOST) this.classes.push({ name, photos: [] });
  }

  removeClass() {
    if (this.classes.length <= FEWEST) return;
    const gone = /** @type {Taught} */ (this.classes.pop());
    if (!gone.photos.length) return;
    this.remember("Undo: bring back the class", () => {
      if (this.classes.length < MOST) this.classes.push(gone);
    });
  }

  /**
   * @param {Taught} taught
   * @param {Given} photo
   * @returns {boolean} whether there was room
   */
  addPhoto(taught, photo) {
    if (taught.photos.length >= MOST_PHOTOS) return false;
    taught.photos.push(photo);
    return true;
  }

  /**
   * @param {Taught} taught
   * @param {Given} photo
   */
  removePhoto(taught, photo) {
    const i = taught.photos.indexOf(photo);
    if (i < 0) return;
    taught.photos.splice(i, 1);
    this.remember("Undo: bring back the photo", () => {
      if (taught.photos.length < MOST_PHOTOS) taught.photos.splice(i, 0, photo);
    });
  }

  /**
   * Begins anew; one's own classes can be brought back.
   * @param {string[]} [names] of the new classes
   */
  startOver(names) {
    const { classes, head, moments } = this;
    const own = head !== undefined || classes.some((taught) => taught.photos.length);
    // What is empty is not worth a way back, but what was there before it is.
    if (own) {
      this.remember("Undo: bring back my classes", () => {
        this.turn++;
        Object.assign(this, { classes, head, moments });
      }, true);
    } else if (!this.back?.classes) this.back = undefined;
    this.turn++;
    this.begin();
    if (!names) return;
    this.classes = [];
    for (const name of names) this.addClass(name);
  }

  /**
   * @param {string} label of the button
   * @param {() => void} act
   * @param {boolean} [classes] whether it brings back all of them
   */
  remember(label, act, classes = false) {
    this.back = { label, act, classes };
  }

  undo() {
    const { back } = this;
    this.back = undefined;
    back?.act();
  }

  /** @param {Taught} taught */
  nameOf(taught) {
    // A long name may have been cut in the middle of a character.
    return taught.name.replace(/\p{Surrogate}/gu, "").trim() || `class ${this.classes.indexOf(taught) + 1}`;
  }

  get names() {
    return this.classes.map((taught) => this.nameOf(taught));
  }

  /** What is missing before it can learn, or nothing. */
  get missing() {
    const { names } = this;
    if (new Set(names).size < names.length) return "Two classes have the same name: please give each its own.";
    const poor = names.filter((_, i) => this.classes[i].photos.length < 2);
    return poor.length ? `Please give ${poor.join(" and ")} at least two photos: it has to see what they have in common.` : "";
  }
}

/**
 * Names in a sentence.
 * @param {string[]} names
 */
export function listed(names) {
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/**
 * What the shares that were right in the end mean.
 * @param {number} own of the photos that it learnt from
 * @param {number} fresh of photos that were left out
 */
export function advice(own, fresh) {
  if (fresh >= 0.95) return "Now show it the same things in another light, in front of another wall, from another side.";
  if (own - fresh > 0.15) return "It knows its own photos much better. More photos help, and more different ones.";
  return "Even its own photos are hard for it. Are the classes really different?";
}
