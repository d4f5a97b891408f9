import { type DType, storeAs, type TypedArray, typedArray } from "../base/dtype.js";
import { halfBits, halfValues, isHalf } from "../base/half.js";
import { sizeOf } from "../base/shape.js";
import { meaningOf, type NDArray } from "../graph/meaning.js";
import { type Node, type Storage, topologicalOrder } from "../graph/node.js";
import { isStorage } from "../graph/ops/index.js";
import { type Executable, type Realizer, takeInitial, type Update, type WideOps } from "../tensor/realizer.js";
import { Line } from "./line.js";
import { WIDE } from "./wide.js";

/** Evaluates nodes by their meaning, in float64. */
export function evaluate(roots: readonly Node[], read: (storage: Storage) => NDArray): NDArray[] {
  const values = new Map<Node, NDArray>();
  for (const node of topologicalOrder(roots)) {
    const inputs = node.inputs.map((x) => values.get(x) as NDArray);
    values.set(node, isStorage(node) ? read(node.attrs) : meaningOf(node, inputs));
  }
  return roots.map((r) => values.get(r) as NDArray);
}

const round = (data: Float64Array, dtype: DType): TypedArray => {
  if (isHalf(dtype)) return Uint16Array.from(data, (x) => halfBits(dtype, x));
  const out = typedArray(dtype, data.length);
  out.set(data);
  return out;
};

/** Numbers as they are, or those that the bits of halves stand for. */
const exact = (data: TypedArray | Float64Array, dtype: DType): Float64Array =>
  Float64Array.from(isHalf(dtype) && data instanceof Uint16Array ? halfValues(dtype, data) : data);

/**
 * The device that defines correct results: no compiler, no float32, no speed. Everything is computed in float64, and it alone
 * stores f64 and i64. Whole numbers beyond 2⁵³, which have lost digits, are an ArgumentError when they are read.
 *
 * @example
 * ```ts
 * import { grad, setDevice, tensor } from "tidu";
 * import { ReferenceDevice } from "tidu/debug";
 *
 * setDevice(new ReferenceDevice());
 * const x = tensor([0.1], undefined, "f64");
 * const [slope] = grad(x.square().sum(), [x]);
 * console.log(await slope.item()); // 0.2
 * setDevice(undefined);
 * ```
 */
export class ReferenceDevice implements Realizer {
  readonly name = "reference";
  readonly wide: WideOps = WIDE;
  readonly #contents = new WeakMap<Storage, Float64Array>();
  readonly #line = new Line();

  /** Makes a program that assigns `updates`; each run evaluates them anew. */
  prepare(updates: readonly Update[], varying: readonly Storage[] = []): Executable {
    const work = (actual: readonly Storage[]): void => {
      const replace = new Map(varying.map((s, i) => [s, actual[i]]));
      const place = (s: Storage) => replace.get(s) ?? s;
      const values = evaluate(
        updates.map((u) => u.value),
        (s) => ({ shape: s.shape, data: this.#data(place(s)) }),
      );
      updates.forEach(({ storage }, i) => {
        this.#contents.set(place(storage), Float64Array.from(values[i].data));
      });
    };
    return { run: (actual = varying) => this.#line.run(work, actual), arenaBytes: 0 };
  }

  #data(storage: Storage): Float64Array {
    let data = this.#contents.get(storage);
    if (data === undefined) {
      const first = takeInitial(storage);
      data = first === undefined ? new Float64Array(sizeOf(storage.shape)) : exact(first, storage.dtype);
      this.#contents.set(storage, data);
    }
    return data;
  }

  async read(storage: Storage): Promise<TypedArray> {
    const { dtype } = storage;
    const data = await this.#line.do(() => round(this.#data(storage), dtype));
    return dtype === "i64" ? storeAs("data", "elements", data, dtype) : data;
  }

  readNow(storage: Storage): TypedArray | undefined {
    return this.#line.waits ? undefined : round(this.#data(storage), storage.dtype);
  }

  /** The value in full precision. */
  async readExact(storage: Storage): Promise<Float64Array> {
    return this.#line.do(() => this.#data(storage).slice());
  }

  write(storage: Storage, data: TypedArray | Float64Array | Promise<TypedArray>): void {
    this.#line.write<TypedArray | Float64Array>(data, (values) => {
      this.#contents.set(storage, exact(values, storage.dtype));
    });
  }
}
