// What was learnt: the curves, what they say, and the head as a file.

import { Curve } from "./curves.js";
import { STEPS, writeHead } from "./head.js";
import { round } from "./image.js";
import { advice, listed } from "./lesson.js";
import { element } from "./view.js";

export class Results {
  constructor() {
    this.accuracy = new Curve("accuracy", STEPS, true);
    this.loss = new Curve("loss (nats)", STEPS, false);
    this.curves = element("div", { class: "iml-curves" }, this.accuracy.root, this.loss.root);
    this.title = element("h3", {}, "How it learnt your classes");
    this.text = element("p", { role: "status" });
    this.back = element("p", { class: "iml-message iml-success", role: "status" });
    this.button = element("button", { type: "button", onclick: () => this.download() }, "Download the head");
    this.root = element("div", { class: "iml-whole iml-stack", hidden: true }, this.title, this.curves, this.text, this.back, element("div", {}, this.button));
  }

  /** @param {import("./head.js").Moment[]} moments so far */
  follow(moments) {
    this.root.hidden = this.title.hidden = this.curves.hidden = false;
    this.text.hidden = this.back.hidden = this.button.hidden = true;
    this.accuracy.show(moments.map((one) => one.accuracy), moments.map((one) => one.leftOutAccuracy));
    this.loss.show(moments.map((one) => one.loss), moments.map((one) => one.leftOutLoss));
  }

  /** @param {import("./lesson.js").Lesson} lesson */
  show({ head, moments }) {
    this.head = head;
    this.root.hidden = !head;
    if (!head) return;
    if (moments) this.follow(moments);
    this.title.hidden = this.curves.hidden = this.text.hidden = !moments;
    this.back.hidden = Boolean(moments);
    this.button.hidden = false;
    this.back.textContent = `Your head is back. It knows ${listed(head.classes)}.`;
    if (!moments) return;
    const { accuracy: own, leftOutAccuracy: fresh } = moments[moments.length - 1];
    const share = (/** @type {number} */ part) => element("strong", {}, `${round(100 * part)}%`);
    this.text.replaceChildren(
      "Dashed: its training photos, ", share(own), " right in the end. Full: for each photo, a head that learnt from all ", element("em", {}, "others"),
      " (", element("em", {}, "leave-one-out"), "), ", share(fresh), ` right. Expect this for new photos of the same kind. ${advice(own, fresh)}`);
  }

  download() {
    if (!this.head) return;
    const href = URL.createObjectURL(new Blob([writeHead(this.head)]));
    element("a", { href, download: "head.npz" }).click();
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }
}
