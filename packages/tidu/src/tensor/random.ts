import { callback, check, checkOptions, flag, instance, integer } from "../base/check.js";
import { checkShape, type Shape } from "../base/shape.js";
import type { Node } from "../graph/node.js";
import * as ops from "../graph/ops/index.js";
import { stretch, Tensor, tensor } from "./tensor.js";
import { tracing } from "./trace.js";
import { Variable } from "./variable.js";

/**
 * Counter-based random numbers (Threefry-2x32-20; Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011). A number depends on the seed, the draw and the element alone, never on threads or order.
 * In a compiled step each call of the step draws anew.
 *
 * @example
 * ```ts
 * import { Generator } from "tidu";
 *
 * const [a, b] = [new Generator(7).uniform([2]), new Generator(7).uniform([2])];
 * console.log((await a.sub(b).abs().max().item()) === 0); // true
 * ```
 */
export class Generator {
  #state: Variable | undefined;
  #draws = 0;

  constructor(readonly seed: number) {
    check("Generator", "seed", seed, integer);
  }

  /** Seed and number of program runs so far. */
  get state(): Variable {
    this.#state ??= new Variable(tensor(Int32Array.of(keyOf(this.seed), 0)), "random state");
    return this.#state;
  }

  /**
   * Uniform numbers in [0, 1), with 24 random bits each.
   *
   * @param options.paired draws two numbers from each computation, in half the time; the numbers differ from those
   *   without it.
   */
  uniform(shape: Shape, options: { readonly paired?: boolean } = {}): Tensor {
    const sizes = checkShape("uniform", shape);
    checkOptions("uniform", options, { paired: flag });
    const { paired = false } = options;
    const bits = paired ? this.#pairedBits(sizes) : this.#bits(sizes);
    return new Tensor(ops.apply(ops.elementwise.bitsToUniform, bits)).reshape(sizes);
  }

  /** Normal numbers of mean 0 and standard deviation 1 (Box and Muller, 1958). */
  normal(shape: Shape): Tensor {
    checkShape("normal", shape);
    const radius = this.uniform(shape).neg().log1p().mul(-2).sqrt();
    return radius.mul(
      this.uniform(shape)
        .mul(2 * Math.PI)
        .cos(),
    );
  }

  /** Fresh bits: the first word of each element's block. */
  #bits(shape: Shape): Node {
    return ops.apply(ops.elementwise.threefry, ...this.#blocks(shape, ops.index(shape)));
  }

  /**
   * Fresh bits of both words of each block: they serve the two halves of the last axis of even length, which becomes
   * two axes, [2, length / 2]. Without such an axis there are no pairs.
   */
  #pairedBits(shape: Shape): Node {
    const axis = shape.findLastIndex((size) => size % 2 === 0);
    if (axis < 0) return this.#bits(shape);
    const halves = (count: number): number[] => [
      ...shape.slice(0, axis),
      count,
      shape[axis] / 2,
      ...shape.slice(axis + 1),
    ];
    const all = halves(2);
    const blocks = this.#blocks(all, stretch(ops.index(halves(1)), all));
    const [first, second] = [ops.elementwise.threefry, ops.elementwise.threefrySecond].map((op) =>
      ops.apply(op, ...blocks),
    );
    const word = stretch(ops.index(all.map((_, i) => (i === axis ? 2 : 1))), all);
    return ops.apply(
      ops.elementwise.where,
      ops.apply(ops.elementwise.intEq, word, ops.full(0, all, "i32")),
      first,
      second,
    );
  }

  /** What blocks of random bits are made of: the key is (seed, run), the counter (block, draw). */
  #blocks(shape: Shape, block: Node): Node[] {
    const trace = tracing();
    const key = trace ? this.#tracedKey(trace) : tensor(Int32Array.of(keyOf(this.seed), 0x80000000 | this.#draws++));
    const draw = trace ? trace.draws++ : 0;
    const words = [key.slice(0, 0, 1), key.slice(0, 1, 2)].map((w) => {
      const flat = ops.reshape(
        w.node,
        shape.map(() => 1),
      );
      return stretch(flat, shape);
    });
    return [...words, block, ops.full(draw, shape, "i32")];
  }

  #tracedKey(trace: { readonly generators: Map<object, Node> }): Tensor {
    let before = trace.generators.get(this);
    if (before === undefined) {
      before = this.state.node;
      trace.generators.set(this, before);
      const next = ops.apply(ops.elementwise.intAdd, before, tensor(Int32Array.of(0, 1)).node);
      this.state.assign(new Tensor(next));
    }
    return new Tensor(before);
  }
}

/** 32 bits of a seed. One that has more than 32 bits is changed by the others. */
const keyOf = (seed: number): number => {
  const more = seed < -(2 ** 31) || seed >= 2 ** 32 ? Math.floor(seed / 2 ** 32) : 0;
  return ((seed | 0) + Math.imul(more, 0x9e3779b1)) | 0;
};

/** What must be a generator. */
export const aGenerator = instance(Generator, "a Generator");

let shared: Generator | undefined;

/** The generator used where none is given; its seed is 0 until `manualSeed`. */
export const defaultGenerator = (): Generator => (shared ??= new Generator(0));

/**
 * Runs `body` with another default generator.
 *
 * @example
 * ```ts
 * import { Generator, nn, ones, withGenerator } from "tidu";
 *
 * const mask = withGenerator(new Generator(7), () => nn.dropout(0.5).forward(ones([2, 4])));
 * console.log(mask.shape); // [2, 4]
 * ```
 */
export function withGenerator<T>(generator: Generator, body: () => T): T {
  check("withGenerator", "generator", generator, aGenerator);
  check("withGenerator", "body", body, callback);
  const before = shared;
  shared = generator;
  try {
    return body();
  } finally {
    shared = before;
  }
}

/**
 * Restarts the default generator from a seed.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "tidu";
 *
 * manualSeed(1)
 * const net = nn.linear(2, 1); // the same initial weights each time
 * console.log(net.weight.shape); // [1, 2]
 * ```
 */
export function manualSeed(seed: number): void {
  check("manualSeed", "seed", seed, integer);
  shared = new Generator(seed);
}
