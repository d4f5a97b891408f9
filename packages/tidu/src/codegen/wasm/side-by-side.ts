import { expressionsOf, isRead, type Kernel } from "../../compile/kernel.js";

/** Whether all that a kernel reads and stores beside its sums lies side by side along an axis, as the engine joins it. */
export const liesSideBySide = (kernel: Kernel, axis: number): boolean =>
  kernel.stores.every((s) => s.index.coef[axis] === 1 && s.accumulate === undefined) &&
  [...kernel.stores, ...expressionsOf(kernel).filter(isRead)].every(
    (e) => !("row" in e) && e.buffer.dtype !== "u8" && (e.index.coef[axis] | 1) === 1,
  );
