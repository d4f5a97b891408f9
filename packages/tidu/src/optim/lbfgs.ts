// L-BFGS: minimizes a function of few variables to high accuracy, each evaluation one compiled call.
import { callback, check, checkOptions, instance, listOf, notNegative, oneOrMore } from "../base/check.js";
import { NumericError } from "../base/errors.js";
import { compile } from "../tensor/compile.js";
import { grad } from "../tensor/grad.js";
import { checkTensor, type Tensor, tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import { lineSearch, type Point } from "./line-search.js";

/** Options of `lbfgs`. */
export interface LbfgsOptions {
  /** The most iterations, each with a search along one direction. Default 100. */
  readonly iterations?: number;
  /** Pairs of steps and changes of the gradient that are remembered. Default 10. */
  readonly history?: number;
  /** A gradient whose elements are all at most this in magnitude counts as 0. Default 1e-5. */
  readonly tolerance?: number;
}

/** The result of a minimization. */
export interface LbfgsResult {
  readonly cost: number;
  readonly iterations: number;
  /** How often cost and gradient were computed. */
  readonly evaluations: number;
  /** Whether the gradient is within the tolerance; otherwise iterations ran out, or f32 shows no further descent. */
  readonly converged: boolean;
}

/**
 * Minimizes a cost by changing variables: limited-memory BFGS with a line search by the strong Wolfe conditions
 * (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4, 7.5 and 3.5). For small problems without noise, such as a fit to all
 * samples at once: cost and gradient are computed in f32, all else in f64 outside the engine.
 *
 * @param cost the cost as a function of the variables, which it reads; it is compiled.
 * @throws NumericError if the cost is not finite at the start; ArgumentError if there are no variables to change.
 *
 * @example
 * ```ts
 * import { optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([3, 4]));
 * await optim.lbfgs(() => w.sub(1).square().sum(), [w]);
 * console.log((await w.sub(1).abs().max().item()) < 1e-3); // true
 * ```
 */
export async function lbfgs(
  cost: () => Tensor,
  variables: readonly Variable[],
  options: LbfgsOptions = {},
): Promise<LbfgsResult> {
  check("lbfgs", "cost", cost, callback);
  check("lbfgs", "variables", variables, listOf(instance(Variable, "a variable")));
  check("lbfgs", "variables.length", variables.length, oneOrMore);
  checkOptions("lbfgs", options, { iterations: oneOrMore, history: oneOrMore, tolerance: notNegative });
  const { iterations = 100, history = 10, tolerance = 1e-5 } = options;
  const evaluate = evaluator(cost, variables);
  let evaluations = 0;
  const at = (x: Float64Array): Promise<Point> => {
    evaluations++;
    return evaluate(x);
  };
  let here = await at(await valuesOf(variables));
  if (!Number.isFinite(here.cost))
    throw new NumericError(`lbfgs: the cost is ${here.cost} at the start; start from other values`);
  const pairs: Pair[] = [];
  const flat = () => here.gradient.every((g) => Math.abs(g) <= tolerance);
  let done = 0;
  while (done < iterations && !flat()) {
    const next = await lineSearch(at, here, directionOf(here.gradient, pairs), done === 0);
    if (next === undefined) {
      // The remembered pairs may belong to a distant place: try once more, along the gradient.
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    remember(pairs, here, next, history);
    here = next;
    done++;
  }
  assign(variables, here.x);
  return { cost: here.cost, iterations: done, evaluations, converged: flat() };
}

/** A step, and how it changed the gradient. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step · change). */
  readonly rho: number;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

function remember(pairs: Pair[], from: Point, to: Point, most: number): void {
  const step = to.x.map((v, i) => v - from.x[i]);
  const change = to.gradient.map((v, i) => v - from.gradient[i]);
  const product = dot(step, change);
  // A pair only has curvature information if the product is positive.
  if (product <= 1e-10 * Math.sqrt(dot(step, step) * dot(change, change))) return;
  pairs.push({ step, change, rho: 1 / product });
  if (pairs.length > most) pairs.shift();
}

/** The descent direction, by the two loops over the remembered pairs. */
function directionOf(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((g) => -g);
  const add = (by: number, v: Float64Array) => v.forEach((x, i) => void (q[i] += by * x));
  const alphas = new Map<Pair, number>();
  for (const pair of [...pairs].reverse()) {
    const alpha = pair.rho * dot(pair.step, q);
    alphas.set(pair, alpha);
    add(-alpha, pair.change);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    q.forEach((v, i) => void (q[i] = v * scale));
  }
  for (const pair of pairs) add((alphas.get(pair) as number) - pair.rho * dot(pair.change, q), pair.step);
  return q;
}

/** Cost and gradient at a place. */
function evaluator(cost: () => Tensor, variables: readonly Variable[]): (x: Float64Array) => Promise<Point> {
  const step = compile(() => {
    const value = cost();
    checkTensor("lbfgs", "what cost returns", value);
    return [value, ...grad(value, variables)];
  });
  return async (x) => {
    assign(variables, x);
    const [value, ...slopes] = await step();
    const gradient = await joined(slopes);
    // The variables hold rounded values.
    return { x: await valuesOf(variables), cost: await value.item(), gradient };
  };
}

async function joined(tensors: readonly Tensor[]): Promise<Float64Array> {
  const parts = await Promise.all(tensors.map((t) => t.data()));
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

const valuesOf = (variables: readonly Variable[]): Promise<Float64Array> => joined(variables);

function assign(variables: readonly Variable[], x: Float64Array): void {
  let at = 0;
  for (const v of variables) v.assign(tensor(x.subarray(at, (at += v.size)), v.shape, v.dtype));
}
