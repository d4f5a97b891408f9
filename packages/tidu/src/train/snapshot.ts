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

/** The values at the time of the call: all are asked for before the first wait, during which the variables may change. */
export async function takeSnapshot(variables: Variables): Promise<Snapshot> {
  const taken = [...variables].map(async ([name, v]): Promise<[string, Values]> => {
    const { shape } = v;
    return [name, { shape, data: await v.data() }];
  });
  return new Map(await Promise.all(taken));
}

/** Restores the values of variables. */
export function restoreSnapshot(variables: Variables, snapshot: Snapshot): void {
  for (const [name, { shape, data }] of snapshot) {
    const variable = variables.get(name);
    variable?.assign(tensor(data, shape, variable.dtype));
  }
}
