// Copies of variables' values, taken and restored.
import type { TypedArray } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import { tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";

/** Variables by name. */
export type Variables = ReadonlyMap<string, Variable>;

/** The value of a variable: row-major elements. */
export interface Values {
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** The values of variables at one time, by name. */
export type Snapshot = ReadonlyMap<string, Values>;

export async function takeSnapshot(variables: Variables): Promise<Snapshot> {
  const snapshot = new Map<string, Values>();
  for (const [name, v] of variables) snapshot.set(name, { shape: v.shape, data: await v.data() });
  return snapshot;
}

/** Restores the values of variables. */
export function restoreSnapshot(variables: Variables, snapshot: Snapshot): void {
  for (const [name, { shape, data }] of snapshot) {
    const variable = variables.get(name);
    variable?.assign(tensor(data, shape, variable.dtype));
  }
}
