// `Variable`: a tensor whose contents change.
import { check, checkOptional, flag, refuseShape, text } from "../base/check.js";
import type { DType, TypedArray } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { promised } from "../base/promised.js";
import { formatShape, type Shape, sameShape } from "../base/shape.js";
import { makeStorage, type Node, type Storage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { assignCell, type Cell, makeCell, readCell, restartCell, storeCell } from "./cell.js";
import { noteChange } from "./realizer.js";
import { readStored, unstored } from "./stored.js";
import { checkTensor, Tensor } from "./tensor.js";
import { noteReplaced, ownerOf, Setting, tracing } from "./trace.js";
import { cast } from "./types.js";

/**
 * Has a variable store its value as another type, from now on, in a place of its own. Code that is compiled already is
 * traced again.
 */
export let retype: (variable: Variable, dtype: DType) => void;

/**
 * A tensor whose contents change: a parameter, a running mean, an optimizer's moment. Operations use the value that it
 * has when they are called, even if their result is read later.
 *
 * Inside a compiled function `assign` becomes an update in place; elsewhere the value is computed together with the
 * next value that is read. Assigning takes a value and not its history: no gradient flows through it.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([1, 2]));
 * w.assign(w.mul(10));
 * console.log(await w.array()); // [10, 20]
 * ```
 */
export class Variable extends Tensor {
  #cell: Cell;
  readonly #trainable = new Setting(true);

  /** @throws ArgumentError if the first value is computed by the function that is being compiled. */
  constructor(value: Tensor, name?: string) {
    checkTensor("Variable", "value", value);
    checkOptional("Variable", "name", name, text);
    const storage = makeStorage(value.shape, value.dtype, name);
    super(fromStorage(storage));
    if (tracing() !== undefined && unstored([value.node]).some((node) => ownerOf(node) !== undefined)) {
      throw new ArgumentError(
        `variable: the first value ${formatShape(value.shape)} is computed by the compiled function in which the variable is made; make the variable outside, and assign to it inside`,
      );
    }
    this.#cell = makeCell(this, storage, value.node);
  }

  /** The current value: after an `assign`, the assigned one. */
  override get node(): Node {
    return readCell(this.#cell);
  }

  /** Where compiled code finds it. */
  get storage(): Storage {
    return this.#cell.storage;
  }

  /** Whether optimizers change it. Default true. */
  get trainable(): boolean {
    return this.#trainable.value;
  }
  set trainable(value: boolean) {
    check("trainable", "trainable", value, flag);
    this.#trainable.value = value;
  }

  /** Gives the variable a new value of the same shape and element type. */
  assign(value: Tensor): void {
    checkTensor("assign", "value", value);
    if (!sameShape(value.shape, this.#cell.storage.shape) || value.dtype !== this.#cell.storage.dtype) {
      const { dtype, shape } = this.#cell.storage;
      refuseShape(
        "assign",
        "value",
        value,
        `${dtype} ${formatShape(shape)}, as the variable is; use to() or reshape()`,
      );
    }
    assignCell(this.#cell, value.node);
  }

  static {
    retype = (variable, dtype) => variable.#retype(dtype);
  }

  #retype(dtype: DType): void {
    const { storage } = this.#cell;
    if (storage.dtype === dtype) return;
    if (tracing() !== undefined)
      throw new ArgumentError("to: a variable's type changes while a function is compiled; change it before");
    this.#cell = makeCell(this, makeStorage(storage.shape, dtype, storage.name), cast(this.node, dtype));
    noteChange();
    noteReplaced();
  }

  /** Gives the variable another initial value, of the same shape and element type; it is computed when needed. */
  protected restart(value: Tensor): void {
    restartCell(this.#cell, value.node);
  }

  override get shape(): Shape {
    return this.#cell.storage.shape;
  }
  override get dtype(): DType {
    return this.#cell.storage.dtype;
  }

  /** @internal */
  protected override read(): Promise<TypedArray> {
    if (tracing() !== undefined) return super.read();
    return promised(() => {
      const running = storeCell(this.#cell);
      return readStored(this.#cell.present.value, running);
    });
  }

  override async realize(): Promise<this> {
    await storeCell(this.#cell);
    return this;
  }
}
