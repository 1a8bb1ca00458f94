"""Runs the modules of ``static/browser`` in Node, on inputs that Python wrote: both must come to the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from lib.bundles import ROOT

BROWSER = (ROOT / "static" / "browser").as_uri()


def program() -> str:
    """Node: the one of this environment, else the system's."""
    own = Path(sys.executable).with_name("node")
    return str(own) if own.exists() else shutil.which("node") or "node"


def run(folder: Path, script: str, **inputs: object) -> np.ndarray:
    """What a script returns for inputs.

    Args:
        folder: for the files.
        script: the body of an asynchronous function with the modules' folder as ``browser`` and the inputs as ``given``; arrays arrive as flat
            typed arrays, all else as JSON.
        inputs: by name.

    Returns:
        float32, flat: the script returns a list of lists of numbers, or one list.
    """
    rows: dict[str, object] = {}
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            (folder / name).write_bytes(np.ascontiguousarray(value).tobytes())
            kind = {"uint8": "Uint8Array", "float32": "Float32Array", "int32": "Int32Array"}[str(value.dtype)]
            rows[name] = {"file": str(folder / name), "kind": kind}
        else:
            rows[name] = {"value": value}
    (folder / "inputs.json").write_text(json.dumps(rows))
    (folder / "script.mjs").write_text(
        f"""
import {{ readFileSync, writeFileSync }} from "node:fs";
const browser = {json.dumps(BROWSER)};
const given = {{}};
for (const [name, one] of Object.entries(JSON.parse(readFileSync({json.dumps(str(folder / "inputs.json"))}, "utf8")))) {{
  const data = one.file && readFileSync(one.file);
  given[name] = data ? new globalThis[one.kind](data.buffer.slice(data.byteOffset, data.byteOffset + data.length)) : one.value;
}}
const result = await (async () => {{ {script} }})();
writeFileSync({json.dumps(str(folder / "result"))}, Buffer.from(Float32Array.from(result.flatMap((one) => [...(one.length ? one : [one])])).buffer));
"""
    )
    subprocess.run([program(), str(folder / "script.mjs")], check=True, timeout=300)
    return np.fromfile(folder / "result", np.float32)
