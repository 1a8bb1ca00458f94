// Photos: from a file, an address or a video to pixels, in the visitor's browser and nowhere else.

import { element } from "./view.js";

/** Photos are reduced to so many pixels on their longer side: more than any network here looks at. */
export const LONGEST = 1280;
/** A picture with a shorter side has nothing to be recognised in it. */
const SHORTEST = 8;

/** Why a photo cannot be used, and what to do, in words for people. */
export class PhotoError extends Error {}

/**
 * The pixels of anything that can be drawn; what is transparent becomes white.
 * @param {CanvasImageSource} source
 * @param {number} width of it
 * @param {number} height of it
 * @param {number} longest that the result's longer side may be
 * @param {HTMLCanvasElement} [canvas] to draw on: one that is used again saves time
 * @returns {ImageData}
 */
export function pixels(source, width, height, longest = LONGEST, canvas = element("canvas")) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [wide, high] = [width, height].map((length) => Math.max(1, Math.round(scale * length)));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new PhotoError("This browser has no memory left for the photo. Please close other pages.");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, wide, high);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, wide, high);
  return context.getImageData(0, 0, wide, high);
}

/**
 * Decodes a file, turned upright.
 * @param {Blob} file
 * @returns {Promise<ImageData>} its longer side at most `LONGEST` pixels
 * @throws {PhotoError} it is no picture that this browser can read, or too small
 */
export async function readPhoto(file) {
  if (!file.size) throw new PhotoError("This file is empty (0 bytes): please choose another one.");
  let bitmap;
  try {
    // The colours as the file has them, since the server does not know the screen either.
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  } catch {
    throw new PhotoError("This browser cannot read this file as a picture: please use a JPEG, PNG or WebP file, or choose On the server.");
  }
  try {
    if (Math.min(bitmap.width, bitmap.height) < SHORTEST) {
      throw new PhotoError(`This picture is too small or too narrow to show anything: please use one of at least ${SHORTEST} x ${SHORTEST} pixels.`);
    }
    return pixels(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/**
 * Fetches a photo that comes with the project.
 * @param {string} url as seen from the folder above this module, or a data URL
 * @returns {Promise<ImageData>}
 * @throws {PhotoError} it did not arrive
 */
export async function fetchPhoto(url) {
  let answer;
  try {
    answer = await fetch(new URL(url, new URL("../", import.meta.url)));
  } catch {
    throw new PhotoError("This photo did not arrive. Is there a connection?");
  }
  if (!answer.ok) throw new PhotoError("This photo did not arrive. Please choose another one.");
  return readPhoto(await answer.blob());
}

/**
 * Shows a picture on a canvas, which gets its size.
 * @param {HTMLCanvasElement} canvas
 * @param {import("./square.js").Picture} picture
 */
export function show(canvas, { width, height, data }) {
  canvas.width = width;
  canvas.height = height;
  const shown = new ImageData(width, height);
  shown.data.set(data);
  canvas.getContext("2d")?.putImageData(shown, 0, 0);
}
