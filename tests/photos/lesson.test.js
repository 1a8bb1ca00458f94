// What a person teaches: classes and photos, and the way back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Lesson, MOST_PHOTOS, advice, listed } from "../../static/browser/lesson.js";

/** A photo that was looked at; no picture is needed. */
const photo = () => /** @type {import("../../static/browser/lesson.js").Given} */ (/** @type {unknown} */ ({ features: new Float32Array(1280) }));
/** @param {number[]} counts */
const filled = (...counts) => {
  const lesson = new Lesson();
  lesson.startOver(counts.map((_, i) => `thing ${i}`));
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) lesson.addPhoto(lesson.classes[i], photo());
  });
  return lesson;
};
/** @param {Lesson} lesson */
const counts = (lesson) => lesson.classes.map((taught) => taught.photos.length);

test("there are two to five classes", () => {
  const lesson = new Lesson();
  assert.deepEqual(lesson.names, ["first thing", "second thing"]);
  lesson.removeClass();
  assert.equal(lesson.classes.length, 2);
  for (let i = 0; i < 9; i++) lesson.addClass();
  assert.deepEqual(lesson.names.slice(2), ["third thing", "fourth thing", "fifth thing"]);
});

test("what is missing is said in a sentence", () => {
  const lesson = filled(2, 1, 0);
  assert.match(lesson.missing, /^Please give thing 1 and thing 2 at least two photos/);
  lesson.classes[1].name = " thing 0 ";
  assert.match(lesson.missing, /same name/);
  assert.equal(filled(2, 2).missing, "");
});

test("a name that is empty or cut in a character is mended", () => {
  const lesson = new Lesson();
  lesson.classes[0].name = "  ";
  lesson.classes[1].name = "cat \ud83d";
  assert.deepEqual(lesson.names, ["class 1", "cat"]);
});

test("a class has room for so many photos", () => {
  const lesson = filled(MOST_PHOTOS, 0);
  assert.equal(lesson.addPhoto(lesson.classes[0], photo()), false);
  assert.deepEqual(counts(lesson), [MOST_PHOTOS, 0]);
});

test("a photo that was removed comes back to its place, whatever came meanwhile", () => {
  const lesson = filled(3, 0);
  const [first, second] = lesson.classes[0].photos;
  lesson.removePhoto(lesson.classes[0], second);
  lesson.addPhoto(lesson.classes[0], photo());
  lesson.undo();
  assert.deepEqual(lesson.classes[0].photos.slice(0, 2), [first, second]);
  assert.deepEqual(counts(lesson), [4, 0]);
  assert.equal(lesson.back, undefined);
});

test("a class with photos comes back, one without is not worth it", () => {
  const lesson = filled(2, 2, 3);
  lesson.removeClass();
  lesson.undo();
  assert.deepEqual(counts(lesson), [2, 2, 3]);
  const empty = filled(2, 2, 0);
  empty.removeClass();
  assert.equal(empty.back, undefined);
});

test("one's own classes come back after starting over, twice even", () => {
  const lesson = filled(2, 4);
  lesson.head = { classes: ["a", "b"], kernel: new Float32Array(2), bias: new Float32Array(2) };
  const { turn } = lesson;
  lesson.startOver();
  assert.equal(lesson.head, undefined);
  lesson.startOver();
  lesson.undo();
  assert.deepEqual(counts(lesson), [2, 4]);
  assert.ok(lesson.head);
  assert.ok(lesson.turn > turn);
});

test("names and advice in words", () => {
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
  assert.match(advice(1, 1), /another light/);
  assert.match(advice(1, 0.5), /More photos help/);
  assert.match(advice(0.5, 0.45), /really different/);
});
