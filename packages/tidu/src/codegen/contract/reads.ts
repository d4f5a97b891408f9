// How contractions read an operand's elements into vectors: as they are, or what they stand for where they are halves.
import { byteSize, type DType } from "../../base/dtype.js";
import { isHalf } from "../../base/half.js";
import { WIDEN } from "../../graph/ops/index.js";
import { type Emitter, INT, type Local, VECTOR } from "../emitter.js";
import { laneMachine } from "../lanes.js";

/** Each read takes an address from the stack, adds an offset, and returns a local. */
export class Reads {
  /** Bytes of an element. */
  readonly bytes: number;
  readonly #half: boolean;

  constructor(
    readonly f: Emitter,
    readonly dtype: DType,
  ) {
    this.bytes = byteSize(dtype);
    this.#half = isHalf(dtype);
  }

  #numbers(): Local {
    const read = this.f.keep(VECTOR);
    return WIDEN[this.dtype]?.lower(laneMachine(this.f), read) ?? read;
  }

  /** As many elements as there are lanes. */
  load(offset: number): Local {
    this.#half ? this.f.loadSmalls(2, offset) : this.f.load(offset);
    return this.#numbers();
  }

  /** One element in all lanes. */
  splat(offset: number): Local {
    this.#half ? this.f.loadSmall(2, offset).splat() : this.f.loadSplat(offset);
    return this.#numbers();
  }

  /** Every other element, of which the first `count` lanes are asked for. */
  evens(offset: number, count: number): Local {
    if (this.#half) return this.apart(Array.from({ length: count }, (_, i) => offset + 2 * this.bytes * i));
    this.f.loadEvens(offset, count);
    return this.#numbers();
  }

  /** Four elements from each of these places on; with `one`, one before three zeros. */
  quads(offsets: readonly number[], one: boolean): Local {
    this.#half ? this.f.loadHalfQuads(offsets, one) : this.f.loadQuads(offsets, one);
    return this.#numbers();
  }

  /** The elements at these places, a lane each. */
  apart(offsets: readonly number[]): Local {
    const { f } = this;
    if (!this.#half) f.loadApart(offsets);
    else {
      const at = f.keep(INT);
      const first = f.constant(0);
      offsets.forEach((offset, lane) => {
        if (lane === 0) f.get(first);
        f.get(at).loadSmall(2, offset).replace(lane);
      });
    }
    return this.#numbers();
  }
}
