// The public names of `optim`.
export { type Adam, type AdamOptions, adam, adamw } from "./adam.js";
export { type Averaging, type EmaOptions, ema, type SwaOptions, swa } from "./average.js";
export { clipByNorm, clipByValue, gradientNorm } from "./clip.js";
export { type LbfgsOptions, type LbfgsResult, lbfgs } from "./lbfgs.js";
export {
  type Adafactor,
  type AdafactorOptions,
  type Adagrad,
  type AdagradOptions,
  adafactor,
  adagrad,
  type Lamb,
  type Lion,
  type LionOptions,
  lamb,
  lion,
  type MomentOptions,
  type Muon,
  type MuonOptions,
  muon,
  type Nadam,
  type NadamOptions,
  nadam,
  type Radam,
  radam,
} from "./more.js";
export { type CommonOptions, Optimizer, type OptimizerOptions, type Step } from "./optimizer.js";
export { type Rmsprop, type RmspropOptions, rmsprop } from "./rmsprop.js";
export type { Schedule } from "./schedule.js";
/** Learning rate schedules, for the `schedule` option of `fit`. */
export * as schedule from "./schedule.js";
export { type Sgd, type SgdOptions, sgd } from "./sgd.js";
