// Storages with known contents, for tests.
import { type DType, type TypedArray, typedArray } from "../../packages/tidu/src/base/dtype.js";
import { halfBits, isHalf } from "../../packages/tidu/src/base/half.js";
import { type Shape, sizeOf } from "../../packages/tidu/src/base/shape.js";
import { makeStorage, type Storage } from "../../packages/tidu/src/graph/node.js";

/**
 * The initial contents of a storage: small whole numbers or any numbers (f32), halves (f16 or bf16), indices (i32) or
 * bytes (u8).
 */
export type Fill = "integers" | "numbers" | "halves" | "brains" | "indices" | "bytes";

const DTYPE: Record<Fill, DType> = {
  ...{ integers: "f32", numbers: "f32", halves: "f16", brains: "bf16" },
  ...{ indices: "i32", bytes: "u8" },
} as const;

/** Makes storages and remembers their contents before a program runs. */
export class Shelf {
  readonly contents = new Map<Storage, TypedArray>();

  /** @param whole of halves: only small whole numbers. */
  add(shape: Shape, fill: Fill, seed: number, whole = false): Storage {
    const storage = makeStorage(shape, DTYPE[fill]);
    const data = typedArray(storage.dtype, sizeOf(shape));
    let state = seed + 1;
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const unit = (state >>> 8) / 2 ** 24;
      if (isHalf(storage.dtype)) data[i] = halfBits(storage.dtype, whole ? Math.floor(unit * 7) - 3 : (unit - 0.5) * 4);
      else if (fill === "numbers") data[i] = (unit - 0.5) * 4;
      else if (fill === "integers") data[i] = Math.floor(unit * 7) - 3;
      else data[i] = Math.floor(unit * 12) - (fill === "indices" ? 2 : 0);
    }
    this.contents.set(storage, data);
    return storage;
  }

  /** A given list. */
  put(data: Int32Array): Storage {
    const storage = makeStorage([data.length], "i32");
    this.contents.set(storage, data);
    return storage;
  }

  empty(shape: Shape, dtype: DType): Storage {
    return makeStorage(shape, dtype);
  }
}
