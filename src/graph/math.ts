export * from "./math/exp.js";
export * from "./math/log.js";
export { pow } from "./math/pow.js";
export * from "./math/random.js";
export * from "./math/rational.js";
export * from "./math/trig.js";
