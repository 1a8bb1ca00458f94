// What the demos share.

import assert from "node:assert/strict";
import { test } from "node:test";

import { latest } from "../../static/browser/view.js";

test("whoever asks is heard, at whatever moment", async () => {
  for (let moments = 0; moments < 8; moments++) {
    let wanted = 0;
    let done = -1;
    const ask = latest(async () => {
      done = wanted;
    });
    ask();
    for (let i = 0; i < moments; i++) await null;
    wanted = 1;
    await ask();
    assert.equal(done, 1, `${moments}`);
  }
});

test("what was done already is not done again, and what is being done is waited for", async () => {
  let about = 1;
  let times = 0;
  const ask = latest(async () => {
    await null;
    times++;
  }, () => about);
  const first = ask();
  assert.equal(ask(), first);
  await first;
  await ask();
  assert.equal(times, 1);
  about = 2;
  await ask();
  assert.equal(times, 2);
});
