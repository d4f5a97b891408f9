// The public names of `@tidu/cli/experiment`.
export { type CurveAxis, type Experiment, experiment, type Settings, type Trial } from "./experiment.js";
export type { Comparison, Count, Curve, Measure, Quantity, Result, Times } from "./result.js";
export { type Findings, type RunOptions, runExperiment } from "./run.js";
export { bootstrapInterval, type Finding, type Interval, meanInterval, studentT } from "./statistics.js";
export type { ExperimentWords, Text } from "./words.js";
