// A place for files: to be clicked, or to drop them on.

import { element } from "./view.js";

export class Drop {
  /**
   * @param {object} options
   * @param {string} options.name for people who cannot see it
   * @param {string} options.hint beside the button
   * @param {boolean} options.several whether several files may be given at once
   * @param {string} [options.accept] what files, pictures unless it says otherwise
   * @param {(files: File[]) => void} options.given is called with at least one file
   */
  constructor({ name, hint, several, accept = "image/*", given }) {
    this.given = given;
    this.input = element("input", { type: "file", accept, multiple: several, "aria-label": name });
    this.input.addEventListener("change", () => {
      const files = [...(this.input.files ?? [])];
      // The same file can be given again.
      this.input.value = "";
      if (files.length) given(files);
    });
    this.root = element("label", { class: "iml-drop" }, this.input, element("span", { class: "iml-button" }, "Browse files"), element("span", {}, hint));
    for (const kind of ["dragover", "dragleave", "drop"]) this.root.addEventListener(kind, (event) => this.dragged(/** @type {DragEvent} */ (event)));
  }

  /** @param {DragEvent} event */
  dragged(event) {
    event.preventDefault();
    this.root.classList.toggle("iml-over-it", event.type === "dragover");
    const files = event.type === "drop" ? [...(event.dataTransfer?.files ?? [])] : [];
    if (files.length) this.given(this.input.multiple ? files : files.slice(0, 1));
  }
}
