// Compares gradients with finite differences.
import { callback, check, checkOptions, listOf, positive } from "../base/check.js";
import { floatOf } from "../base/dtype.js";
import { ArgumentError, NumericError } from "../base/errors.js";
import { gradient } from "../grad/reverse.js";
import type { NDArray } from "../graph/meaning.js";
import { makeStorage, type Node, type Storage, topologicalOrder } from "../graph/node.js";
import { fromStorage, isStorage } from "../graph/ops/index.js";
import { evaluate } from "../runtime/reference.js";
import { pin, settle } from "../tensor/cell.js";
import { device } from "../tensor/realizer.js";
import { bringHere, resolve } from "../tensor/stored.js";
import { arange, aTensor, checkTensor, Tensor } from "../tensor/tensor.js";
import { type Trace, trace } from "../tensor/trace.js";
import { Variable } from "../tensor/variable.js";

/** Options of `gradCheck`. */
export interface GradCheckOptions {
  /** How far an element is moved to either side, times its magnitude where that is above 1. Default 1e-5. */
  readonly step?: number;
  /**
   * The largest allowed difference of the two gradients, relative to the larger one where that is above 1. Default
   * 1e-6.
   */
  readonly tolerance?: number;
}

/**
 * Compares the gradients of a function, which follow from the chain rule, with central finite differences, (f(x + h) -
 * f(x - h)) / 2h, in float64 on the reference interpreter. For functions of your own, and for learning. At a kink, such
 * as relu at 0, the two differ. Each element takes two evaluations.
 *
 * @param fn any function of tensors; if its result is not a single number, a fixed weighted sum of the elements is
 *   differentiated.
 * @param inputs the point at which to check; only f32 inputs are checked. Variables that the function uses can be
 *   listed here, too: `gradCheck((x) => net.forward(x), [x, ...net.parameters()])`.
 * @returns the largest difference found.
 * @throws ArgumentError where the result does not depend on an f32 input.
 * @throws NumericError where a difference is above the tolerance, naming the input, its element and both numbers.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { gradCheck } from "tidu/insight";
 *
 * console.log((await gradCheck((x) => x.square().sum(), [tensor([1, 2])])) < 1e-3); // true
 * ```
 */
export async function gradCheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradCheckOptions = {},
): Promise<number> {
  check("gradCheck", "fn", fn, callback);
  check("gradCheck", "inputs", inputs, {
    ...listOf(aTensor, "a list of tensors, at least one"),
    ok: (v) => Array.isArray(v) && v.length > 0,
  });
  checkOptions("gradCheck", options, { step: positive, tolerance: positive });
  const { step = 1e-5, tolerance = 1e-6 } = options;
  const graph = differentiate(fn, inputs);
  const read = await contentsOf(graph, inputs);
  const cost = () => evaluate([graph.cost], read)[0].data[0];
  let worst = 0;
  for (const [input, rule] of graph.gradients) {
    const exact = evaluate([rule], read)[0].data;
    const { data } = read(graph.places[input]);
    for (let i = 0; i < data.length; i++) {
      const difference = slope(data, i, step, cost);
      const off = Math.abs(exact[i] - difference) / Math.max(1, Math.abs(exact[i]), Math.abs(difference));
      worst = Math.max(worst, off);
      if (off <= tolerance) continue;
      throw new NumericError(
        `gradCheck: input ${input}, element ${i}: the gradient is ${exact[i]}, finite differences say ${difference}, ${off.toExponential(1)} apart (tolerance ${tolerance})`,
      );
    }
  }
  return worst;
}

/** A function traced once: its cost, and the gradient by each input that is f32 or f64. */
interface Graph {
  /** The storages that stand for the inputs. */
  readonly places: readonly Storage[];
  readonly trace: Trace;
  readonly cost: Node;
  readonly gradients: ReadonlyMap<number, Node>;
}

function differentiate(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): Graph {
  const places = inputs.map((t) => (t instanceof Variable ? t.storage : makeStorage(t.shape, t.dtype)));
  const { result: traced, trace: made } = trace(() => {
    const stand = inputs.map((t, i) => (t instanceof Variable ? t.node : fromStorage(places[i])));
    const y = fn(...stand.map((node) => new Tensor(node)));
    checkTensor("gradCheck", "what fn returns", y);
    return { stand, result: weightedSum(y) };
  });
  const { stand, result } = traced;
  const by = stand.flatMap(({ dtype }, i) => (floatOf(dtype) === dtype ? [i] : []));
  if (by.length === 0) throw new ArgumentError("gradCheck: no input is f32; give at least one, such as tensor([0.5])");
  const used = new Set(topologicalOrder([result.node]));
  for (const i of by) {
    if (!used.has(stand[i])) {
      throw new ArgumentError(
        `gradCheck: the result does not depend on input ${i}; use the function's argument, not a tensor from outside`,
      );
    }
  }
  const found = gradient(
    result.node,
    by.map((i) => stand[i]),
  );
  void pin([result.node]);
  const { values } = resolve([result.node, ...found], made);
  return { places, trace: made, cost: values[0], gradients: new Map(by.map((input, k) => [input, values[k + 1]])) };
}

/** One number from a tensor of any shape, with weights of which none cancel each other. */
const weightedSum = (y: Tensor): Tensor => y.mul(arange(y.size).add(1).cos().reshape(y.shape)).sum();

/** The contents of a graph's storages: the inputs' values in `places`, their own in others. */
async function contentsOf({ cost, gradients, places, trace }: Graph, inputs: readonly Tensor[]) {
  const contents = new Map<Storage, NDArray>();
  const keep = (storage: Storage, data: Iterable<number>) =>
    contents.set(storage, { shape: storage.shape, data: Float64Array.from(data) });
  for (const [i, place] of places.entries()) keep(place, await inputs[i].data());
  const others = topologicalOrder([cost, ...gradients.values()])
    .filter(isStorage)
    .map((node) => node.attrs)
    .filter((s) => !contents.has(s));
  await settle(trace.places, new Set());
  bringHere(others);
  for (const storage of others) keep(storage, await device().read(storage));
  return (storage: Storage) => contents.get(storage) as NDArray;
}

/** The slope of `f` along one element, whose value is restored afterwards. */
function slope(data: Float64Array, i: number, step: number, f: () => number): number {
  const x = data[i];
  const h = step * Math.max(1, Math.abs(x));
  const [low, high] = [x - h, x + h].map((at) => {
    data[i] = at;
    return f();
  });
  data[i] = x;
  return (high - low) / (2 * h);
}
