// One row or more for each public function with parameters: valid calls of it. A test says which public function lacks one.
// "data/split (of values)" is another row of "data/split".

import type { Rows } from "./row.js";
import { DATA } from "./rows/data.js";
import { NN } from "./rows/nn.js";
import { TENSOR } from "./rows/tensor.js";
import { TOOLS } from "./rows/tools.js";
import { TRAIN } from "./rows/train.js";

export const ROWS: Rows = { ...TENSOR, ...NN, ...TRAIN, ...DATA, ...TOOLS };

const engine = "takes the engine's own structures, which users do not make";
const launched = "needs processes that a launcher has started";
/** Public functions that are not called with bad values, and why. */
export const OMITTED: Readonly<Record<string, string>> = {
  "NullDevice.readNow": engine,
  "CompilingDevice.prepare": engine,
  "CompilingDevice.prepareTogether": engine,
  "CompilingDevice.inPlace": engine,
  "CompilingDevice.read": engine,
  "CompilingDevice.readNow": engine,
  "CompilingDevice.write": engine,
  trainStep: "is called inside a compiled function, which these calls are not",
  "debug/printGraph": engine,
  "debug/printProgram": engine,
  "debug/formatProfile": engine,
  "debug/profileProgram": engine,
  "new debug/NullDevice": engine,
  "NullDevice.prepare": engine,
  "NullDevice.read": engine,
  "ReferenceDevice.prepare": engine,
  "ReferenceDevice.read": engine,
  "ReferenceDevice.readNow": engine,
  "ReferenceDevice.readExact": engine,
  "ReferenceDevice.write": engine,
  "WebGpuDevice.profile": engine,
  "NativeDevice.profile": engine,
  "WebGpuDevice.prepare": engine,
  "WebGpuDevice.read": engine,
  "WebGpuDevice.write": engine,
  "mpi/mpi": launched,
  "World.allReduce": launched,
  "World.exchange": launched,
  "World.collect": launched,
  "World.gather": launched,
  "World.any": launched,
  "World.abort": launched,
};

/** Arguments that the library itself makes, so that they are only replaced as wholes. */
export const PRODUCED: ReadonlySet<string> = new Set([
  "reportHtml data",
  "writeReport findings",
  "openData preprocess",
  "prepareSamples preprocess",
  "streamSamples preprocess",
  "restoreTargets preprocess",
]);

/** The rows of a public function. */
export const rowsOf = (id: string): Rows[string][] =>
  Object.entries(ROWS).flatMap(([key, row]) => (key.replace(/ \(.*/, "") === id ? [row] : []));
