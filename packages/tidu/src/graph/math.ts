/**
 * Elementary functions and random bits as lane code: written only in the instructions of `Machine`, so that every
 * backend computes the same bits. No branches, no tables, no fused multiply-add.
 *
 * Errors are in units in the last place of the true result, rounded up; `npm run ulp` measures them on the device, over
 * every 1021st float or over all (`pow`: the tests, over random pairs). Instructions are counted without constants,
 * which live in registers.
 *
 * |            | error | instructions |                                                    |
 * | ---------- | ----- | ------------ | -------------------------------------------------- |
 * | `exp`      | 1.0   | 27           | denormal results too                               |
 * | `expm1`    | 1.4   | 32           |                                                    |
 * | `sigmoid`  | 2.4   | 29           | denormal results too                               |
 * | `log`      | 1.0   | 31           | denormals too                                      |
 * | `log1p`    | 1.0   | 31           |                                                    |
 * | `softplus` | 1.4   | 51           | denormal results too                               |
 * | `tanh`     | 1.5   | 35           | never beyond -1 or 1                               |
 * | `erf`      | 1.5   | 54           | never beyond -1 or 1                               |
 * | `sin`      | 1.02  | 48           | every finite argument; about 250 more from 12800 on |
 * | `cos`      | 1.02  | 46           | likewise                                            |
 * | `pow`      | 1.5   | 120          | denormal results too                               |
 */

export { erf } from "./math/erf.js";
export { exp, expm1, sigmoid } from "./math/exp.js";
export { fromBrain, fromHalf, toBrain, toHalf } from "./math/half.js";
export { log, log1p, softplus } from "./math/log.js";
export { pow } from "./math/pow.js";
export { threefry, uniformFromBits } from "./math/random.js";
export { tanh } from "./math/tanh.js";
export { cos, sin } from "./math/trig.js";
