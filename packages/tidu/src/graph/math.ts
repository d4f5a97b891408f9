/**
 * Elementary functions and random bits as lane code: written only in the instructions of `Machine`, so that every
 * backend computes the same bits. No branches, no tables, no fused multiply-add.
 *
 * Errors are in units in the last place of the true result, the largest over all 2^32 arguments (`pow`: over random
 * pairs). Instructions are counted without constants, which live in registers.
 *
 * |            | error            | instructions |                                                            |
 * | ---------- | ---------------- | ------------ | ---------------------------------------------------------- |
 * | `exp`      | 1.4              | 20           | 0 below x = -86.99: results are never denormal             |
 * | `expm1`    | 3.1              | 22           |                                                            |
 * | `sigmoid`  | 2.5              | 23           | 0 below x = -88.72                                         |
 * | `log`      | 1.1              | 29           | denormals too                                              |
 * | `log1p`    | 1.6              | 29           |                                                            |
 * | `softplus` | 2.3              | 35           | 0 below x = -86.99                                         |
 * | `tanh`     | 3.9              | 18           | never beyond -1 or 1                                       |
 * | `erf`      | 4.6              | 22           | never beyond -1 or 1                                       |
 * | `sin`      | 2.5              | 26           | for abs(x) <= 1e4; see trig.ts for more                    |
 * | `cos`      | 2.5              | 27           | for abs(x) <= 1e4                                          |
 * | `pow`      | 2, at the ends 7 | 101          | 2 while the result is between 2^-16 and 2^16               |
 */
export { exp, expm1, sigmoid } from "./math/exp.js";
export { log, log1p, softplus } from "./math/log.js";
export { pow } from "./math/pow.js";
export { threefry, uniformFromBits } from "./math/random.js";
export { erf, tanh } from "./math/saturate.js";
export { cos, sin } from "./math/trig.js";
