// The table of all ONNX operators that can be read.
import type { Rows } from "../node.js";
import { ARITHMETIC } from "./arithmetic.js";
import { CONVOLVE } from "./convolve.js";
import { FUNCTIONS } from "./functions.js";
import { LAYERS } from "./layers.js";
import { LOGIC } from "./logic.js";
import { LOOPS } from "./loops.js";
import { LOSSES } from "./losses.js";
import { ML } from "./ml.js";
import { MOVEMENT } from "./movement.js";
import { NORMALIZE } from "./normalize.js";
import { PICKS } from "./picks.js";
import { POOLS } from "./pools.js";
import { QUANTIZE } from "./quantize.js";
import { RECURRENT } from "./recurrent.js";
import { REDUCTION } from "./reduction.js";
import { RESIZE } from "./resize.js";
import { SAMPLE } from "./sample.js";
import { SIGNAL } from "./signal.js";

/** How the nodes of each type are read. */
export const ROWS: ReadonlyMap<string, Rows[string]> = new Map(
  Object.entries({
    ...ARITHMETIC,
    ...FUNCTIONS,
    ...LOGIC,
    ...MOVEMENT,
    ...PICKS,
    ...REDUCTION,
    ...NORMALIZE,
    ...CONVOLVE,
    ...POOLS,
    ...RESIZE,
    ...SAMPLE,
    ...RECURRENT,
    ...QUANTIZE,
    ...LOSSES,
    ...LOOPS,
    ...SIGNAL,
    ...ML,
    ...LAYERS,
  }),
);
