// A pad to draw on with mouse, finger or pen. Its drawing is described as the server's canvas describes it, so that both can show the same one.

import { element } from "./view.js";

/**
 * A stroke or a picture on the pad, in the form of Fabric.js.
 * @typedef {object} Drawn
 * @property {string} type `Path` or `Image`
 * @property {(string | number)[][]} [path] of a stroke: its commands
 * @property {number} [strokeWidth]
 * @property {string} [src] of a picture: its data URL
 * @property {number} [left]
 * @property {number} [top]
 * @property {number} [width]
 * @property {number} [height]
 */

export const SIDE = 280;

export class Pad {
  /**
   * @param {object} options
   * @param {string} options.label for people who cannot see it
   * @param {string} options.colour of the ink
   * @param {number} options.pen width of the strokes, in pixels
   * @param {() => void} options.moved is called after each move of the pen, and after every other change
   * @param {() => void} options.lifted is called when the pen is lifted, and after every other change
   */
  constructor({ label, colour, pen, moved, lifted }) {
    this.pen = pen;
    this.colour = colour;
    /** Counts what changes the drawing. */
    this.changes = 0;
    this.moved = moved;
    this.lifted = lifted;
    /** @type {Drawn[]} */
    this.objects = [];
    /** @type {Map<string, HTMLImageElement>} */
    this.pictures = new Map();
    const sharp = window.devicePixelRatio || 1;
    this.root = element("canvas", { class: "iml-pad", width: SIDE * sharp, height: SIDE * sharp, role: "img", "aria-label": label });
    this.root.style.width = this.root.style.height = `${SIDE}px`;
    this.shown = /** @type {CanvasRenderingContext2D} */ (this.root.getContext("2d"));
    this.shown.scale(sharp, sharp);
    // What the network is given has one pixel for each of the pad's, whatever the screen.
    const ink = element("canvas", { width: SIDE, height: SIDE });
    this.ink = /** @type {CanvasRenderingContext2D} */ (ink.getContext("2d", { willReadFrequently: true }));
    /** @type {number | undefined} */
    this.pointer = undefined;
    this.root.addEventListener("pointerdown", (event) => this.begin(event));
    this.root.addEventListener("pointermove", (event) => this.go(event));
    for (const kind of ["pointerup", "pointercancel"]) this.root.addEventListener(kind, (event) => this.end(/** @type {PointerEvent} */ (event)));
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  where(event) {
    const box = this.root.getBoundingClientRect();
    // The border does not belong to the drawing.
    return [event.clientX - box.left - this.root.clientLeft, event.clientY - box.top - this.root.clientTop];
  }

  /** @param {PointerEvent} event */
  begin(event) {
    // A second finger, or the ball of the thumb, does not draw.
    if (this.pointer !== undefined || event.button > 0) return;
    this.pointer = event.pointerId;
    try {
      this.root.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already.
    }
    const [x, y] = this.where(event);
    this.objects.push({ type: "Path", path: [["M", x, y], ["L", x, y]], strokeWidth: this.pen });
    this.line([x, y], [x, y]);
    this.moved();
  }

  /** @param {PointerEvent} event */
  go(event) {
    if (event.pointerId !== this.pointer) return;
    const { path } = this.objects[this.objects.length - 1];
    if (!path) return;
    // Between two pictures of the screen, a pen may have been in several places.
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) {
      const [x, y] = this.where(one);
      const [, u, v] = path[path.length - 1];
      if (u === x && v === y) continue;
      path.push(["L", x, y]);
      this.line([Number(u), Number(v)], [x, y]);
    }
    this.moved();
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.finish(this.objects[this.objects.length - 1]);
    this.moved();
    this.lifted();
  }

  /**
   * Describes a stroke as the server's canvas does.
   * @param {Drawn} stroke
   */
  finish(stroke) {
    const points = (stroke.path ?? []).map(([, x, y]) => [Number(x), Number(y)]);
    const [left, top, right, bottom] = [Math.min, Math.max].flatMap((pick) => [0, 1].map((axis) => pick(...points.map((one) => one[axis]))));
    Object.assign(stroke, {
      originX: "center", originY: "center", left: (left + right) / 2, top: (top + bottom) / 2, width: right - left, height: bottom - top,
      fill: null, stroke: this.colour, strokeLineCap: "round", strokeLineJoin: "round",
    });
  }

  /**
   * @param {[number, number]} from
   * @param {[number, number]} to
   */
  line(from, to) {
    this.changes++;
    for (const context of [this.shown, this.ink]) {
      context.lineCap = context.lineJoin = "round";
      context.lineWidth = this.pen;
      context.strokeStyle = this.colour;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
  }

  /** Paints everything anew. */
  async repaint() {
    await Promise.all(this.objects.map((one) => this.picture(one)));
    for (const context of [this.shown, this.ink]) {
      context.clearRect(0, 0, SIDE, SIDE);
      for (const one of this.objects) {
        if (one.path) {
          context.lineCap = context.lineJoin = "round";
          context.lineWidth = one.strokeWidth ?? this.pen;
          context.strokeStyle = this.colour;
          context.stroke(new Path2D(one.path.map((command) => command.join(" ")).join(" ")));
        } else if (one.src) {
          const picture = this.pictures.get(one.src);
          if (picture) context.drawImage(this.coloured(picture), one.left ?? 0, one.top ?? 0, one.width ?? SIDE, one.height ?? SIDE);
        }
      }
    }
  }

  /**
   * A picture of ink in the colour of the pen.
   * @param {HTMLImageElement} picture
   */
  coloured(picture) {
    const canvas = element("canvas", { width: picture.naturalWidth, height: picture.naturalHeight });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(picture, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = this.colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /** @param {Drawn} one */
  async picture({ src }) {
    if (!src?.startsWith("data:image/png;base64,") || this.pictures.has(src)) return;
    const picture = new Image();
    picture.src = src;
    try {
      await picture.decode();
      this.pictures.set(src, picture);
    } catch {
      // No picture: there is nothing to show.
    }
  }

  /**
   * Shows another drawing.
   * @param {Drawn[]} objects
   * @param {boolean} [quiet] whether nobody need be told
   */
  async show(objects, quiet = false) {
    this.objects = structuredClone(objects);
    await this.repaint();
    this.changes++;
    this.moved();
    if (!quiet) this.lifted();
  }

  /** What is drawn, as pixels. */
  pixels() {
    return this.ink.getImageData(0, 0, SIDE, SIDE);
  }

  /** What is drawn, as a PNG file in a data URL; empty if there is nothing. */
  file() {
    return this.objects.length ? this.ink.canvas.toDataURL("image/png") : "";
  }
}
