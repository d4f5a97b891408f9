// How Node's console shows a tensor. Importing this is an effect, which only Node's entry has: pages need not carry it.
import { isFloat, shown, type TypedArray } from "../base/dtype.js";
import { type Realizer, untaken } from "./realizer.js";
import { storedIn } from "./stored.js";
import { Tensor } from "./tensor.js";
import { tracing } from "./trace.js";

/** Items of an axis that are shown at its start, and at its end, where it has more than both. */
const EDGE = 3;
/** Larger values are not brought here only to be shown. */
const MOST = 1 << 20;

/** A tensor's elements, if they have been computed and can be read at once. */
function known(x: Tensor): TypedArray | undefined {
  if (tracing() !== undefined || x.size > MOST) return undefined;
  const storage = storedIn(x.node);
  if (storage === undefined) return undefined;
  const data = untaken(storage) ?? (storage.on as Realizer | undefined)?.readNow?.(storage);
  return data && shown(storage.dtype, data);
}

/** As in "tensor f32 [2, 2] [[1, 2], [3, 4]]"; without values where they have not been computed. */
function inspect(this: Tensor): string {
  const data = known(this);
  if (data === undefined) return this.toString();
  const number = (v: number): string =>
    this.dtype === "bool" ? String(v !== 0) : String(isFloat(this.dtype) ? Number(v.toPrecision(6)) : v);
  const build = (axis: number, start: number, size: number): string => {
    if (axis === this.rank) return number(data[start]);
    const count = this.shape[axis];
    const step = size / count;
    const item = (i: number): string => build(axis + 1, start + i * step, step);
    const items = Array.from({ length: Math.min(count, 2 * EDGE) }, (_, i) =>
      item(i < EDGE || count <= 2 * EDGE ? i : count - 2 * EDGE + i),
    );
    if (count > 2 * EDGE) items.splice(EDGE, 0, "…");
    return `[${items.join(", ")}]`;
  };
  return `${this} ${build(0, 0, this.size)}`;
}

Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: inspect,
  configurable: true,
  writable: true,
});
