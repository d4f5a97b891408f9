// The public names of `tidu/insight`.
export { type GradCheckOptions, gradCheck } from "../nn/grad-check.js";
export { type DropoutEnsemble, dropoutEnsemble, MOST_UNITS } from "./dropout-ensemble.js";
export { type Ensemble, type EnsembleOptions, ensemble } from "./ensemble.js";
export { type Features, features } from "./features.js";
export { type Inspection, type InspectOptions, inspect, type LayerInspection } from "./inspect.js";
export { invariance, type Shift, type ShiftChange } from "./invariance.js";
export type { Mask } from "./masks.js";
export type { Picture } from "./picture.js";
