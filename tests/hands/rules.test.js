import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { CHANCE, Game, MIND_READER, MOVES, beats, commit, machineMove, outcome, readHand, textOf } from "../../static/browser/rules.js";

const read = (/** @type {string} */ move) => ({ move, probability: 0.9, looks: 6, why: "" });
const unsure = { probability: 0.5, looks: 6, why: "Is that rock or paper?" };

test("each move is beaten by one, and beats another", () => {
  for (const move of MOVES) {
    assert.equal(outcome(move, move), 0);
    assert.equal(outcome(beats(move), move), 1);
    assert.equal(outcome(move, beats(move)), -1);
  }
});

test("a seal says nothing about the move, since its number is random and long", () => {
  const seals = new Set(Array.from({ length: 50 }, () => createHash("sha256").update(textOf(commit("rock"))).digest("hex")));
  assert.equal(seals.size, 50);
  assert.match(textOf(commit("rock")), /^rock [0-9a-f]{32}$/);
});

test("the machine keeps its move when the hand cannot be read", () => {
  const game = new Game();
  const { sealed } = game;
  assert.equal(game.decide(unsure, "seal"), undefined);
  assert.equal(game.sealed, sealed);
  assert.equal(game.next, 1);
  const round = game.decide(read("rock"), "seal");
  assert.equal(round?.sealed, sealed);
  assert.notEqual(game.sealed, sealed);
});

test("who first wins three rounds wins the match, and the next round begins a new one", () => {
  const game = new Game();
  for (let i = 0; i < 2; i++) game.decide(read(beats(game.sealed.move)), "");
  game.decide(read(game.sealed.move), "");
  assert.deepEqual(game.score, [2, 0]);
  assert.equal(game.over, false);
  game.decide(read(beats(game.sealed.move)), "");
  assert.deepEqual([game.score, game.over, game.next], [[3, 0], true, 1]);
  game.decide(read(beats(game.sealed.move)), "");
  assert.deepEqual([game.score, game.over, game.next, game.history.length], [[1, 0], false, 2, 5]);
});

test("chance plays all moves about equally often", () => {
  const counts = MOVES.map(() => 0);
  for (let i = 0; i < 3000; i++) counts[MOVES.indexOf(machineMove(CHANCE, []))]++;
  for (const count of counts) assert.ok(count > 850 && count < 1150, String(counts));
});

test("the mind reader beats who always plays the same", () => {
  const game = new Game();
  game.opponent = MIND_READER;
  for (let i = 0; i < 10; i++) game.decide(read("rock"), "");
  assert.equal(game.sealed.move, "paper");
});

test("no looks, no move", () => {
  assert.match(readHand([]).why, /camera/);
});
