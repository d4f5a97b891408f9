// The public names of training.
export { deserialize, save, serialize } from "./files.js";
export { type LoadOptions, load } from "./load.js";
export type {
  CheckpointOptions,
  EarlyStopOptions,
  EvaluateOptions,
  FitOptions,
  OwnStep,
  OwnStepContext,
  OwnStepResult,
  TrainerOptions,
} from "./options.js";
export type { EpochReport, Evaluation, Resumed, StepReport } from "./reports.js";
export { Trainer } from "./trainer.js";
