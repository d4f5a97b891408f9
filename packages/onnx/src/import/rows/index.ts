import type { Rows } from "../node.js";
import { ARITHMETIC } from "./arithmetic.js";
import { LAYERS } from "./layers.js";
import { MOVEMENT } from "./movement.js";
import { REDUCTION } from "./reduction.js";

/** How the nodes of each type are read. */
export const ROWS: ReadonlyMap<string, Rows[string]> = new Map(
  Object.entries({ ...ARITHMETIC, ...MOVEMENT, ...REDUCTION, ...LAYERS }),
);
