// How a training goes, step by step: dashed on the photos that it learns from, full on photos that were left out.

/** Of the drawing and of what lies within its axes, in its own units. */
const [WIDTH, HEIGHT] = [360, 190];
const [LEFT, TOP, RIGHT, BOTTOM] = [42, 26, 350, 156];

/**
 * @param {string} tag
 * @param {Record<string, string | number>} properties
 * @param {...(Node | string)} children
 */
function drawn(tag, properties, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Even numbers from 0 on, the last one not below the largest value.
 * @param {number} largest
 */
export function ticks(largest) {
  const rough = Math.max(largest, 1e-3) / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5].find((factor) => factor * ten >= rough) ?? 10);
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

export class Curve {
  /**
   * @param {string} title
   * @param {number} steps of the whole training, so that the axis stays while it goes on
   * @param {boolean} share whether the values are shares of one
   */
  constructor(title, steps, share) {
    this.title = title;
    this.steps = steps;
    this.share = share;
    this.root = drawn("svg", { class: "iml-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} over the training` });
  }

  /**
   * @param {number[]} own of each step so far, on the photos that it learns from
   * @param {number[]} others on photos that were left out
   */
  show(own, others) {
    const marks = this.share ? [0, 0.25, 0.5, 0.75, 1] : ticks(Math.max(...own, ...others));
    const most = marks[marks.length - 1];
    const x = (/** @type {number} */ step) => LEFT + ((RIGHT - LEFT) * (step - 1)) / (this.steps - 1);
    const y = (/** @type {number} */ value) => BOTTOM - ((BOTTOM - TOP) * value) / most;
    const line = (/** @type {number[]} */ values) => values.map((value, i) => `${x(i + 1).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const across = [1, 20, 40, 60].filter((step) => step <= this.steps);
    this.root.replaceChildren(
      drawn("text", { x: 4, y: 14, class: "iml-name" }, this.title),
      drawn("text", { x: RIGHT, y: HEIGHT - 4, "text-anchor": "end", class: "iml-name" }, "step"),
      ...marks.flatMap((value) => [
        drawn("line", { x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value) }),
        drawn("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, this.share ? `${100 * value}%` : String(value)),
      ]),
      ...across.map((step) => drawn("text", { x: x(step), y: BOTTOM + 16, "text-anchor": "middle" }, String(step))),
      drawn("polyline", { points: line(own), class: "iml-own-photos" }),
      drawn("polyline", { points: line(others), class: "iml-left-out" }),
    );
  }
}
