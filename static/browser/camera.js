// The camera: its video in the page, frame by frame, and a plain sentence where it does not work.

import { pixels } from "./photo.js";
import { element, latest } from "./view.js";

/** Seconds in which the first frame has to come. */
const PATIENCE = 10;
/** Longer side of the frames that are looked at, in pixels. */
const LONGEST = 640;

/** @type {Record<string, string>} */
const TROUBLES = {
  insecure: "The browser allows the camera only on pages with HTTPS or on its own machine.",
  absent: "This browser finds no camera.",
  denied: "The camera is blocked for this page. Click the sign beside the address to allow it.",
  busy: "The camera does not start. Perhaps another program uses it.",
  gone: "The camera was switched off or taken away.",
  silent: "The camera is on, but no picture comes. Perhaps another program uses it, or it is covered.",
};

/** @type {Record<string, keyof typeof TROUBLES>} by the name of the browser's error */
const NAMES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class Camera {
  /**
   * @param {object} options
   * @param {HTMLVideoElement} options.video that shows it
   * @param {"user" | "environment"} options.facing the side of a phone to begin with
   * @param {(frame: ImageData) => Promise<void>} options.frame looks at a frame; while it does, no other one comes
   * @param {() => void} options.changed is called when it starts or stops
   * @param {(error: unknown) => void} options.failed is called when `frame` fails
   * @param {() => Record<string, () => void>} options.instead what else the person can do where it does not work, by its name
   */
  constructor({ video, facing, frame, changed, failed, instead }) {
    Object.assign(video, { muted: true, playsInline: true, autoplay: true });
    this.video = video;
    this.facing = facing;
    this.frame = frame;
    this.changed = changed;
    this.failed = failed;
    this.instead = instead;
    this.on = false;
    this.mirrored = false;
    /** Grows with each start and stop, so that what comes late is known. */
    this.turn = 0;
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
    this.sheet = element("canvas");
    this.begin = element("button", { type: "button", class: "iml-first", onclick: () => this.start() }, "Start the camera");
    this.end = element("button", { type: "button", hidden: true, onclick: () => this.stop() }, "Stop");
    this.which = element("select", { hidden: true, "aria-label": "Choose the camera", onchange: () => this.start(this.which.value) });
    this.message = element("p", { class: "iml-message iml-warning", role: "status", hidden: true });
    this.others = element("div", { class: "iml-line" });
    this.root = element("div", { class: "iml-stack" }, this.message, this.others, element("div", { class: "iml-line" }, this.begin, this.end, this.which));
    this.wake = () => {
      // Some phones stop the video while another page is in front.
      if (this.on && !document.hidden) video.play().catch(() => {});
    };
    document.addEventListener("visibilitychange", this.wake);
  }

  /** Says at once where there is no camera to be started. */
  async check() {
    const { turn } = this;
    if (!navigator.mediaDevices?.getUserMedia) return this.trouble("insecure");
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (turn === this.turn && devices.length && !devices.some((one) => one.kind === "videoinput")) this.trouble("absent");
    if (turn === this.turn && !devices.length) this.trouble("absent");
  }

  /** @param {string} [device] the person's choice */
  async start(device) {
    this.stop();
    const { turn } = this;
    if (!navigator.mediaDevices?.getUserMedia) return this.trouble("insecure");
    this.begin.disabled = true;
    const size = { width: { ideal: 640 }, height: { ideal: 480 } };
    let stream;
    try {
      const which = device ? { deviceId: { exact: device } } : { facingMode: { ideal: this.facing } };
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...which } });
    } catch (error) {
      if (turn === this.turn) this.trouble(NAMES[error instanceof Error ? error.name : ""] ?? "busy");
      return;
    }
    const [track] = stream.getVideoTracks();
    if (turn !== this.turn || !track) {
      for (const one of stream.getTracks()) one.stop();
      return;
    }
    this.stream = stream;
    track.addEventListener("ended", () => {
      if (turn === this.turn) this.trouble("gone");
    });
    // Who looks into a camera expects a mirror; what is behind a phone is shown as it is.
    this.mirrored = track.getSettings().facingMode !== "environment";
    this.video.classList.toggle("iml-mirrored", this.mirrored);
    this.video.srcObject = stream;
    this.on = true;
    this.begin.hidden = true;
    this.end.hidden = false;
    this.video.play().catch(() => {});
    this.waiting = setTimeout(() => {
      if (turn === this.turn && !document.hidden) this.trouble("silent");
    }, 1000 * PATIENCE);
    this.follow(turn);
    this.changed();
    await this.list(track.getSettings().deviceId);
  }

  /**
   * Offers the cameras, if there are several; only now does the browser tell their names.
   * @param {string | undefined} chosen
   */
  async list(chosen) {
    const { turn } = this;
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (turn !== this.turn) return;
    const cameras = devices.filter((one) => one.kind === "videoinput");
    this.which.replaceChildren(
      ...cameras.map((one, i) => element("option", { value: one.deviceId, selected: one.deviceId === chosen }, one.label || `Camera ${i + 1}`)),
    );
    this.which.hidden = cameras.length < 2;
  }

  /**
   * Has the newest frame looked at, again and again.
   * @param {number} turn
   */
  follow(turn) {
    const { video } = this;
    const look = latest(async () => {
      // A phone that is turned gives frames of another form.
      if (turn !== this.turn || !video.videoWidth) return;
      clearTimeout(this.waiting);
      await this.frame(this.picture());
    });
    const next = () => {
      if (turn !== this.turn) return;
      look().catch((error) => {
        if (turn === this.turn) this.failed(error);
      });
      wait();
    };
    const wait = () => {
      if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(next);
      else requestAnimationFrame(next);
    };
    wait();
  }

  /** The frame that is shown now, not mirrored. */
  picture() {
    return pixels(this.video, this.video.videoWidth, this.video.videoHeight, LONGEST, this.sheet);
  }

  stop() {
    const running = this.on;
    this.turn++;
    clearTimeout(this.waiting);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.on = false;
    this.begin.hidden = this.begin.disabled = false;
    this.end.hidden = this.which.hidden = this.message.hidden = true;
    this.begin.textContent = "Start the camera";
    this.others.replaceChildren();
    if (running) this.changed();
  }

  /** @param {keyof typeof TROUBLES} why */
  trouble(why) {
    this.stop();
    this.message.textContent = TROUBLES[why];
    this.message.hidden = false;
    this.begin.textContent = "Try again";
    this.begin.hidden = why === "insecure";
    this.others.replaceChildren(...Object.entries(this.instead()).map(([label, act]) => element("button", { type: "button", onclick: act }, label)));
  }

  close() {
    this.stop();
    document.removeEventListener("visibilitychange", this.wake);
  }
}
