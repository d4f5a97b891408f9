export { deserialize, load, save, serialize } from "./files.js";
export {
  type EpochReport,
  type Evaluation,
  type FitOptions,
  type StepReport,
  Trainer,
  type TrainerOptions,
} from "./trainer.js";
