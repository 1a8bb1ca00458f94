// One class that is taught: its name, a place for files, and its photos.

import { Drop } from "./drop.js";
import { LONGEST_NAME } from "./lesson.js";
import { element } from "./view.js";

export class Card {
  /**
   * @param {import("./lesson.js").Taught} taught
   * @param {number} number of the class, from 1
   * @param {object} acts
   * @param {(files: File[]) => void} acts.given
   * @param {(photo: import("./lesson.js").Given) => void} acts.removed
   * @param {() => void} acts.renamed
   */
  constructor(taught, number, { given, removed, renamed }) {
    this.taught = taught;
    this.removed = removed;
    const name = element("input", { type: "text", value: taught.name, maxLength: LONGEST_NAME, autocomplete: "off" });
    name.addEventListener("input", () => {
      taught.name = name.value;
      renamed();
    });
    const drop = new Drop({ name: `Photos of class ${number}`, hint: "or drop photos here", several: true, given });
    this.photos = element("div", { class: "iml-line iml-thumbs" });
    this.count = element("p", { class: "iml-caption" });
    this.root = element("div", { class: "iml-card iml-stack" },
      element("label", {}, element("span", { class: "iml-caption" }, `Class ${number}`), name), drop.root, this.photos, this.count);
    this.refresh();
  }

  /** Shows the photos that there are now. */
  refresh() {
    const { photos } = this.taught;
    this.photos.replaceChildren(...photos.map((photo, i) => {
      const act = () => this.removed(photo);
      return element("button", { type: "button", class: "iml-thumb", title: "Remove this photo", "aria-label": `Remove photo ${i + 1}`, onclick: act }, photo.thumbnail);
    }));
    this.count.textContent = photos.length ? `${photos.length === 1 ? "1 photo" : `${photos.length} photos`}. Click on one to remove it.` : "No photos yet.";
  }
}
