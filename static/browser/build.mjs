// Makes tfjs.js, the one file of TensorFlow.js that the pages load, and puts its WebAssembly and its licence beside it: `npm run build`.
import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const backend = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"));

await build({
  stdin: {
    contents: `
      export { env, io, memory, ready, setBackend, tensor } from "@tensorflow/tfjs-core";
      export { loadGraphModel } from "@tensorflow/tfjs-converter";
      export { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
      export { sha256 } from "@noble/hashes/sha2.js";
      export { bytesToHex } from "@noble/hashes/utils.js";
    `,
    resolveDir: here,
  },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2021",
  legalComments: "none",
  banner: { js: "// TensorFlow.js 4.22 (core, converter, wasm; Apache 2.0, see LICENSE-tfjs) and noble-hashes 1.8 (MIT, Paul Miller), bundled by build.mjs." },
  // What only Node needs.
  external: ["crypto", "fs", "path", "util", "worker_threads", "perf_hooks", "os"],
  outfile: join(here, "tfjs.js"),
});
for (const name of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"]) {
  await copyFile(join(backend, "dist", name), join(here, name));
}
