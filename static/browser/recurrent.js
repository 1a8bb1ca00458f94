// A recurrent network, one character at a time: what it remembers is kept here, so that one network can be at several texts.

/** @typedef {Float32Array[]} State what a network remembers: an array for each of its recurrent layers */

/** Characters as the numbers that a network knows them by. */
export class Vocabulary {
  /** @param {string[]} characters the place of each is its number */
  constructor(characters) {
    this.characters = characters;
    this.ids = new Map(characters.map((character, i) => [character, i]));
  }

  /** @param {string} text all of whose characters are in the vocabulary */
  encode(text) {
    return Array.from(text, (character) => /** @type {number} */ (this.ids.get(character)));
  }
}

export class Recurrent {
  /** @param {Pick<import("./runtime.js").Model, "facts" | "run">} model takes a character and the states before it, and gives scores and the states after it */
  constructor(model) {
    this.model = model;
    this.layers = Object.keys(model.facts.inputs).filter((name) => name.startsWith("before_")).length;
  }

  /**
   * The state before anything was read.
   * @returns {State}
   */
  start() {
    return Array.from({ length: this.layers }, (_, i) => new Float32Array(this.model.facts.inputs[`before_${i}`][1]));
  }

  /**
   * Reads one character.
   * @param {number} id of the character
   * @param {State} state after the characters before; not changed
   * @returns {Promise<{scores: Float32Array, state: State}>} scores of every character as the next one, and the state after this one
   */
  async step(id, state) {
    const before = Object.fromEntries(state.map((values, i) => [`before_${i}`, values]));
    const { outputs } = await this.model.run({ character: Int32Array.of(id), ...before });
    return { scores: outputs.scores, state: state.map((_, i) => outputs[`state_${i}`]) };
  }
}
