// The game of rock, paper, scissors, as `lib/tasks/hands/rules.py` has it: who wins, a move that is fixed in advance, two opponents, and reading
// a hand from several looks. Without the page.

/** The classes of the networks, in their order. */
export const HANDS = ["rock", "paper", "scissors", "nothing"];
export const NOTHING = 3;
/** Each is beaten by the one after it, and the first one beats the last. */
export const MOVES = HANDS.slice(0, NOTHING);
export const CHANCE = "Chance";
export const MIND_READER = "Mind reader";
/** Rounds that decide a match: the best of five. */
export const TO_WIN = 3;
/** Mean probability below which a hand is not read but asked for again. */
const SURE = 0.6;
/** Share of the looks that must say the same. */
const AGREE = 0.6;

/** @param {string} move */
export function beats(move) {
  return MOVES[(MOVES.indexOf(move) + 1) % MOVES.length];
}

/**
 * 1 if you win, -1 if the machine does, 0 for a draw.
 * @param {string} yours
 * @param {string} machines
 */
export function outcome(yours, machines) {
  if (yours === machines) return 0;
  return beats(machines) === yours ? 1 : -1;
}

/**
 * A move that is fixed before the other one is known. Its seal, the SHA-256 of move and random number, is shown first and says nothing about it;
 * move and number are shown afterwards.
 * @typedef {{move: string, nonce: string}} Commitment
 */

/** @param {Commitment} sealed */
export function textOf({ move, nonce }) {
  return `${move} ${nonce}`;
}

/** A random whole number below `n`, each as probable as the others. @param {number} n */
function draw(n) {
  const limit = Math.floor(2 ** 32 / n) * n;
  const value = new Uint32Array(1);
  do crypto.getRandomValues(value);
  while (value[0] >= limit);
  return value[0] % n;
}

/**
 * @param {string} move
 * @returns {Commitment}
 */
export function commit(move) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { move, nonce: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/**
 * How often each of your moves was followed by each other one.
 * @param {string[]} moves oldest first
 * @returns {number[][]} by the move before, then by the move after
 */
export function followed(moves) {
  const counts = MOVES.map(() => MOVES.map(() => 0));
  for (let i = 1; i < moves.length; i++) counts[MOVES.indexOf(moves[i - 1])][MOVES.indexOf(moves[i])]++;
  return counts;
}

/**
 * How probable each of your next moves is, by a Markov chain. One is added to each count, so that nothing is impossible.
 * @param {string[]} moves oldest first
 * @returns {number[]}
 */
export function expected(moves) {
  const last = moves[moves.length - 1];
  const row = (last ? followed(moves)[MOVES.indexOf(last)] : [0, 0, 0]).map((count) => count + 1);
  const sum = row.reduce((a, b) => a + b);
  return row.map((count) => count / sum);
}

/**
 * The machine's next move.
 * @param {string} opponent
 * @param {string[]} moves of yours, oldest first
 */
export function machineMove(opponent, moves) {
  if (opponent !== MIND_READER) return MOVES[draw(MOVES.length)];
  const probabilities = expected(moves);
  const most = Math.max(...probabilities);
  const best = MOVES.filter((_, i) => probabilities[i] > most - 1e-9);
  return beats(best[draw(best.length)]);
}

/**
 * What several looks say about a hand.
 * @typedef {object} Reading
 * @property {string} [move] missing when it could not be read
 * @property {number} probability mean over the looks, of the move or of the best guess
 * @property {number} looks how many there were
 * @property {string} why what to do when there is no move; empty when there is one
 */

/**
 * The move that several looks agree on.
 * @param {ArrayLike<number>[]} looks probabilities of `HANDS`
 * @returns {Reading}
 */
export function readHand(looks) {
  if (!looks.length) return { probability: 0, looks: 0, why: "No picture came from the camera. Is it running?" };
  const mean = HANDS.map((_, i) => looks.reduce((sum, look) => sum + look[i], 0) / looks.length);
  const order = HANDS.map((_, i) => i).sort((a, b) => mean[b] - mean[a]);
  const [best, second] = order;
  const agreed = looks.filter((look) => HANDS.every((_, i) => look[i] <= look[best])).length / looks.length;
  const told = { probability: mean[best], looks: looks.length };
  if (best === NOTHING) return { ...told, why: "I see no hand. Hold it in the middle of the picture, so near that it fills half of it." };
  if (mean[best] < SURE || agreed < AGREE) {
    const why =
      second === NOTHING
        ? `Is that ${HANDS[best]}, or no hand at all? Come nearer, and hold still.`
        : `Is that ${HANDS[best]} or ${HANDS[second]}? Show it once more, with the fingers clearly spread or closed.`;
    return { ...told, why };
  }
  return { ...told, move: HANDS[best], why: "" };
}

/**
 * A round that was played.
 * @typedef {object} Round
 * @property {string} yours
 * @property {Commitment} sealed the machine's move
 * @property {string} seal of it
 * @property {string} opponent
 * @property {number} probability how sure the network was
 * @property {number} looks that it was read from
 * @property {number} [seconds] from "shoot" to the answer; missing where there was no clock
 */

/** What is remembered of a person's games. */
export class Game {
  constructor() {
    this.opponent = CHANCE;
    /** @type {Round[]} all rounds, oldest first */
    this.history = [];
    /** How many of them belong to the match that is played, or was just won. */
    this.length = 0;
    this.sealed = commit(machineMove(CHANCE, []));
  }

  /** Fixes the machine's next move, before any hand is seen. */
  seal() {
    this.sealed = commit(machineMove(this.opponent, this.history.map((one) => one.yours)));
  }

  /** @returns {[you: number, machine: number]} rounds won of this match */
  get score() {
    const outcomes = this.history.slice(this.history.length - this.length).map((one) => outcome(one.yours, one.sealed.move));
    return [outcomes.filter((one) => one === 1).length, outcomes.filter((one) => one === -1).length];
  }

  get over() {
    return Math.max(...this.score) >= TO_WIN;
  }

  /** Number of the round that comes. */
  get next() {
    return this.over ? 1 : this.length + 1;
  }

  /**
   * Plays a round if the hand could be read; else the machine keeps its move.
   * @param {Reading} reading
   * @param {string} seal that was shown
   * @param {number} [seconds]
   * @returns {Round | undefined}
   */
  decide({ move, probability, looks }, seal, seconds) {
    if (!move) return undefined;
    if (this.over) this.length = 0;
    const round = { yours: move, sealed: this.sealed, seal, opponent: this.opponent, probability, looks, seconds };
    this.history.push(round);
    this.length++;
    this.seal();
    return round;
  }
}
