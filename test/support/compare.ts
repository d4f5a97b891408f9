// Runs random programs on devices, and compares what they come to.
import { shown, type TypedArray, typedArray } from "../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import type { Storage } from "../../packages/tidu/src/graph/node.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";
import { type Bounded, evaluateBounded } from "./bounds.js";
import type { RandomProgram } from "./random-program.js";

/** What no program computes by chance. */
const poisoned = ({ dtype, shape }: Storage): TypedArray =>
  typedArray(dtype, sizeOf(shape)).fill(dtype === "f32" ? Number.NaN : 0x7e);

/** A program's results by the ops' definitions, and the error that float32 may have. */
export function expected({ updates, contents }: RandomProgram): Bounded[] {
  return evaluateBounded(
    updates.map((u) => u.value),
    (s) => ({ shape: s.shape, data: Float64Array.from(shown(s.dtype, contents.get(s) as TypedArray)) }),
  );
}

/** Runs a program on a device, starting with the same contents; what is not written stays wrong. */
export async function runOn(device: Realizer, { updates, contents }: RandomProgram): Promise<TypedArray[]> {
  for (const [storage, data] of contents) device.write(storage, data);
  for (const { storage } of updates) if (!contents.has(storage)) device.write(storage, poisoned(storage));
  await device.prepare(updates).run();
  return Promise.all(updates.map((u) => device.read(u.storage)));
}

/** Throws at the first element that lies outside its bound, which is at least `least`. */
export function checkClose(
  got: readonly TypedArray[],
  want: readonly Bounded[],
  targets: readonly Storage[],
  least = 0,
): void {
  want.forEach(({ value, error }, k) => {
    const numbers = shown(targets[k].dtype, got[k]);
    for (let i = 0; i < value.data.length; i++) {
      const [g, w, e] = [numbers[i], value.data[i], error.data[i]];
      if (!(e < Number.POSITIVE_INFINITY) || Number.isNaN(w)) continue;
      const bound = Math.max(4 * e, least);
      if (!(Math.abs(g - w) <= bound)) {
        throw new Error(
          `result ${k} (${targets[k].dtype}[${targets[k].shape}]) element ${i}: got ${g}, expected ${w} ± ${bound}`,
        );
      }
    }
  });
}

/** Throws at the first element whose bits differ. */
export function checkSame(got: readonly TypedArray[], want: readonly TypedArray[]): void {
  want.forEach((data, k) => {
    for (let i = 0; i < data.length; i++) {
      if (!Object.is(got[k][i], data[i]))
        throw new Error(`result ${k} element ${i}: ${got[k][i]} and ${data[i]} differ`);
    }
  });
}
