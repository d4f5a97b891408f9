// How gradients flow through the ops that every bundle has. Other ops bring their own rules.
import { ELEMENTWISE } from "./elementwise.js";
import { MOVES } from "./moves.js";
import { SUMS } from "./sums.js";

/** The rule of each op. No gradient flows through ops without one: see `flows`. */
export const RULES = new Map([...ELEMENTWISE, ...MOVES, ...SUMS]);
