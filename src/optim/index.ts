export { Optimizer } from "./optimizer.js";
export { type Sgd, type SgdOptions, sgd } from "./sgd.js";
