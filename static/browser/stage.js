// Where a photo or the video is shown, and a sheet over it to draw on.

import { show } from "./photo.js";
import { element } from "./view.js";

export class Stage {
  /** @param {string} label for people who cannot see it */
  constructor(label) {
    this.video = element("video", { hidden: true });
    this.photo = element("canvas", { role: "img", "aria-label": label });
    this.over = element("canvas", { class: "iml-over", "aria-hidden": "true" });
    this.root = element("div", { class: "iml-stage", hidden: true }, this.video, this.photo, this.over);
    /** @type {((pen: CanvasRenderingContext2D, width: number, height: number) => void) | undefined} */
    this.drawing = undefined;
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(this.root);
  }

  /** @param {import("./square.js").Picture} picture */
  show(picture) {
    show(this.photo, picture);
    this.photo.hidden = this.root.hidden = false;
    this.video.hidden = true;
    this.draw(undefined);
  }

  live() {
    this.video.hidden = this.root.hidden = false;
    this.photo.hidden = true;
    this.draw(undefined);
  }

  hide() {
    this.root.hidden = true;
    this.draw(undefined);
  }

  /**
   * Draws over the picture, now and whenever its size on the screen changes.
   * @param {((pen: CanvasRenderingContext2D, width: number, height: number) => void) | undefined} drawing is told the size in the screen's pixels
   */
  draw(drawing) {
    this.drawing = drawing;
    this.redraw();
  }

  redraw() {
    const { clientWidth: width, clientHeight: height } = this.root;
    const sharp = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(sharp * width), Math.round(sharp * height)];
    if (this.over.width !== wide) this.over.width = wide;
    if (this.over.height !== high) this.over.height = high;
    const pen = this.over.getContext("2d");
    if (!pen || !wide || !high) return;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.drawing?.(pen, width, height);
  }

  close() {
    this.watcher.disconnect();
  }
}
