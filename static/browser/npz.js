// NumPy's files of several arrays (.npz): a ZIP archive without compression, in which each file is one array (.npy).

/**
 * An array of NumPy's. Texts are strings; all else are numbers, row by row.
 * @typedef {{shape: number[], values: ArrayLike<number> | string[]}} Table
 */

/** @typedef {"<f4" | "<i8" | "text"} Kind single precision, whole numbers, or text */

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];
/** The first day that a ZIP archive knows: 1 January 1980. */
const DAY = 0x21;

/**
 * The checksum of ZIP archives.
 * @param {Uint8Array} data
 */
function crc32(data) {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** @param {(Uint8Array | number[])[]} parts */
function joined(parts) {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    result.set(part, place);
    place += part.length;
  }
  return result;
}

/**
 * Whole numbers, little end first.
 * @param {...[value: number, bytes: number]} fields
 */
function packed(...fields) {
  return fields.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256));
}

/**
 * One array as a file.
 * @param {Table & {kind: Kind}} table
 */
function toNpy({ kind, shape, values }) {
  let descr = /** @type {string} */ (kind);
  let data;
  if (kind === "text") {
    // NumPy keeps each character as a number of four bytes, and all texts as long as the longest one.
    const texts = Array.from(/** @type {string[]} */ (values), (text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
    const longest = Math.max(1, ...texts.map((text) => text.length));
    descr = `<U${longest}`;
    const characters = new Uint32Array(texts.length * longest);
    texts.forEach((text, i) => characters.set(text, i * longest));
    data = new Uint8Array(characters.buffer);
  } else if (kind === "<f4") data = new Uint8Array(Float32Array.from(/** @type {ArrayLike<number>} */ (values)).buffer);
  else data = new Uint8Array(BigInt64Array.from(Array.from(/** @type {ArrayLike<number>} */ (values), BigInt)).buffer);
  const about = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((length) => `${length},`).join(" ")}), }`;
  // The values begin at a multiple of 64 bytes.
  const header = about.padEnd(64 * Math.ceil((about.length + 11) / 64) - 11) + "\n";
  return joined([MAGIC, packed([1, 1], [0, 1], [header.length, 2]), new TextEncoder().encode(header), data]);
}

/**
 * @param {Uint8Array} file
 * @returns {Table}
 */
function fromNpy(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (MAGIC.some((byte, i) => file[i] !== byte)) throw new Error("no array");
  const start = file[6] === 1 ? 10 : 12;
  const length = file[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder().decode(file.subarray(start, start + length));
  const [, kind, size] = /'descr': '<([fiU])(\d+)'/.exec(header) ?? [];
  const lengths = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (!kind || lengths === undefined) throw new Error("another kind of array");
  const shape = lengths.split(",").filter((one) => one.trim()).map(Number);
  const count = shape.reduce((product, one) => product * one, 1);
  const wide = Number(size) * (kind === "U" ? 4 : 1);
  const data = file.slice(start + length);
  if (data.length !== count * wide) throw new Error("cut off");
  const values = read(kind, Number(size), data, count);
  // Column by column, as NumPy keeps the transpose of a table.
  const turned = header.includes("'fortran_order': True") && shape.length === 2;
  const [rows, columns] = shape;
  return { shape, values: turned ? /** @type {any} */ (values).map((/** @type {unknown} */ _, /** @type {number} */ i) => values[(i % columns) * rows + Math.floor(i / columns)]) : values };
}

/**
 * @param {string} kind
 * @param {number} size
 * @param {Uint8Array<ArrayBuffer>} data
 * @param {number} count
 * @returns {ArrayLike<number> | string[]}
 */
function read(kind, size, data, count) {
  if (kind === "f" && size === 4) return new Float32Array(data.buffer);
  if (kind === "f" && size === 8) return new Float64Array(data.buffer);
  if (kind === "i" && size === 8) return Float64Array.from(new BigInt64Array(data.buffer), Number);
  if (kind === "i" && size === 4) return new Int32Array(data.buffer);
  if (kind !== "U") throw new Error("another kind of number");
  const characters = new Uint32Array(data.buffer);
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(...characters.subarray(i * size, (i + 1) * size)).replace(/\0+$/, ""));
}

/**
 * @param {Record<string, Table & {kind: Kind}>} tables by name
 * @returns {Uint8Array<ArrayBuffer>} a file that `numpy.load` reads
 */
export function writeNpz(tables) {
  const files = [];
  const directory = [];
  let place = 0;
  for (const [name, table] of Object.entries(tables)) {
    const data = toNpy(table);
    const called = new TextEncoder().encode(`${name}.npy`);
    // Version, flags, method (none), time, day, checksum, both sizes, and the lengths of the name and of what is extra.
    const about = packed([20, 2], [0, 2], [0, 2], [0, 2], [DAY, 2], [crc32(data), 4], [data.length, 4], [data.length, 4], [called.length, 2], [0, 2]);
    const file = joined([packed([LOCAL, 4]), about, called, data]);
    directory.push(joined([packed([CENTRAL, 4], [20, 2]), about, packed([0, 2], [0, 2], [0, 2], [0, 4], [place, 4]), called]));
    files.push(file);
    place += file.length;
  }
  const listed = joined(directory);
  const end = packed([END, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [listed.length, 4], [place, 4], [0, 2]);
  return joined([...files, listed, end]);
}

/**
 * @param {Uint8Array} bytes of a file that `numpy.savez` or `writeNpz` wrote
 * @returns {Map<string, Table>} by name
 * @throws {Error} it is none, or damaged, or compressed
 */
export function readNpz(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new Error("no archive");
  /** @type {Map<string, Table>} */
  const tables = new Map();
  let place = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(place, true) !== CENTRAL || view.getUint16(place + 10, true) !== 0) throw new Error("another archive");
    const [crc, size] = [view.getUint32(place + 16, true), view.getUint32(place + 20, true)];
    const [named, extra, comment] = [28, 30, 32].map((field) => view.getUint16(place + field, true));
    const local = view.getUint32(place + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(place + 46, place + 46 + named));
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = bytes.subarray(start, start + size);
    if (data.length !== size || crc32(data) !== crc) throw new Error("damaged");
    tables.set(name.replace(/\.npy$/, ""), fromNpy(data));
    place += 46 + named + extra + comment;
  }
  return tables;
}
