// Photos of a class from the camera: one picture, or one after the other while a button is held.

import { Camera } from "./camera.js";
import { Choice } from "./choice.js";
import { Stage } from "./stage.js";
import { element } from "./view.js";

/** Milliseconds between two pictures while the button is held: what differs by less teaches little. */
const EVERY = 250;

export class Recorder {
  /**
   * @param {object} options
   * @param {(picture: ImageData, which: number) => Promise<string>} options.taken is called with each picture and the number of its class; says what came of it
   * @param {() => void} options.started is called when the camera starts
   * @param {(error: unknown) => void} options.failed is called when `taken` fails
   */
  constructor({ taken, started, failed }) {
    this.taken = taken;
    this.failed = failed;
    this.held = false;
    this.last = 0;
    this.stage = new Stage("The camera's picture");
    this.camera = new Camera({
      video: this.stage.video,
      facing: "environment",
      frame: async (frame) => {
        this.ready(true);
        if (!this.held || performance.now() - this.last < EVERY) return;
        this.last = performance.now();
        await this.give(frame);
      },
      changed: () => {
        this.release();
        this.ready(false);
        this.buttons.hidden = !this.camera.on;
        if (!this.camera.on) return this.stage.hide();
        this.stage.live();
        started();
      },
      failed,
      instead: () => ({}),
    });
    this.which = new Choice("The next photo is one of", [], () => {}, "pills");
    this.once = element("button", { type: "button", onclick: () => this.shoot() }, "Take a picture");
    this.hold = element("button", { type: "button", class: "iml-first iml-hold" }, "Hold to record");
    this.said = element("p", { class: "iml-caption", role: "status" });
    this.buttons = element("div", { class: "iml-line", hidden: true }, this.once, this.hold);
    this.listen();
    const advice = "The next photo is one of this class. The video stays in your browser.";
    this.root = element("details", { class: "iml-fold" },
      element("summary", {}, "Take photos with the camera"),
      element("div", { class: "iml-stack" }, element("p", { class: "iml-caption" }, advice), this.which.root, this.camera.root, this.stage.root, this.buttons, this.said));
    this.root.addEventListener("toggle", () => {
      if (this.root.open) this.camera.check();
      else this.camera.stop();
    });
  }

  /** Mouse, finger and keys hold the button. */
  listen() {
    const { hold } = this;
    hold.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      hold.setPointerCapture(event.pointerId);
      this.press();
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture", "keyup", "blur"]) hold.addEventListener(kind, () => this.release());
    hold.addEventListener("keydown", ({ key }) => {
      if (key === " " || key === "Enter") this.press();
    });
    // A finger that rests would call up a menu.
    hold.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  press() {
    this.held = !this.hold.disabled;
    this.hold.classList.toggle("iml-held", this.held);
  }

  release() {
    this.held = false;
    this.hold.classList.remove("iml-held");
  }

  /** @param {boolean} on whether there is a picture to be taken */
  ready(on) {
    this.once.disabled = this.hold.disabled = !on;
  }

  /** @param {string[]} names of the classes; the chosen one stays chosen */
  offer(names) {
    const { value } = this.which;
    this.which.offer(names.map((label, i) => ({ value: String(i), label })));
    if (Number(value) < names.length) this.which.set(value || "0");
    this.said.textContent = "";
  }

  shoot() {
    this.give(this.camera.picture()).catch(this.failed);
  }

  /** @param {ImageData} picture */
  async give(picture) {
    this.said.textContent = await this.taken(picture, Number(this.which.value));
  }

  close() {
    this.camera.close();
    this.stage.close();
  }
}
