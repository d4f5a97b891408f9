export { deserialize, load, save, serialize } from "./files.js";
export type { EpochReport, Evaluation, StepReport } from "./reports.js";
export { type EvaluateOptions, type FitOptions, Trainer, type TrainerOptions } from "./trainer.js";
