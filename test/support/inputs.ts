// Makes the inputs of ops under test.
import { type DType, isFloat, type TypedArray, typedArray } from "../../packages/tidu/src/base/dtype.js";
import { halfBits, isHalf } from "../../packages/tidu/src/base/half.js";
import { type Shape, sizeOf } from "../../packages/tidu/src/base/shape.js";
import { makeStorage, type Node, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import type { Choices } from "./choices.js";
import { insideMap } from "./random-maps.js";

/** The possible elements of an input: numbers of a range (whole ones for integers), or true and false. */
export interface Domain {
  readonly dtype: DType;
  readonly low: number;
  readonly high: number;
}

/** Supplies an input: stored as it is, or seen through a view. */
export type Source = (shape: Shape, domain: Domain) => Node;

/** Makes the inputs of an op under test and remembers their contents. */
export class Inputs {
  readonly contents = new Map<Storage, TypedArray>();
  /** The inputs that have a gradient. */
  readonly floats: Node[] = [];

  constructor(
    readonly c: Choices,
    /** Whether inputs are views of stored values: transposed, flipped, stretched, cut out. */
    readonly views: boolean,
  ) {}

  readonly source: Source = (shape, domain) => {
    if (domain.dtype === "bool") {
      return ops.apply(ops.elementwise.lt, this.source(shape, { dtype: "f32", low: -1, high: 1 }), ops.full(0, shape));
    }
    if (!this.views || this.c.oneIn(3)) return this.#stored(shape, domain);
    const map = insideMap(shape, this.c);
    return ops.view(this.#stored(map.source, domain), map);
  };

  #stored(shape: Shape, { dtype, low, high }: Domain): Node {
    const storage = makeStorage(shape, dtype);
    const data = typedArray(dtype, sizeOf(shape));
    const half = isHalf(dtype) ? dtype : undefined;
    let state = this.c.below(1000) + 1 + 1000 * this.contents.size;
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const x = low + ((state >>> 0) / 2 ** 32) * (high - low);
      data[i] = half !== undefined ? halfBits(half, x) : isFloat(dtype) ? x : Math.round(x);
    }
    this.contents.set(storage, data);
    const node = ops.fromStorage(storage);
    if (dtype === "f32" || dtype === "f64") this.floats.push(node);
    return node;
  }
}
