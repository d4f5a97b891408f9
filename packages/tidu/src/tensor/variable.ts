import { ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sameShape } from "../base/shape.js";
import { makeStorage, type Node, type Storage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { assignCell, type Cell, initializeCell, isPending, readCell, store } from "./pending.js";
import { device } from "./realizer.js";
import { Tensor } from "./tensor.js";
import { readWatched } from "./watch.js";

/**
 * A tensor with a place of its own whose contents change: a parameter, a running mean, an optimiser's moment.
 * Inside a compiled step `assign` becomes an update in place; elsewhere it is stored with the next computation.
 */
export class Variable extends Tensor {
  readonly #cell: Cell;

  constructor(value: Tensor, name?: string) {
    const storage = makeStorage(value.shape, value.dtype, name);
    const cell: Cell = { storage, stored: fromStorage(storage) };
    super(cell.stored);
    this.#cell = cell;
    initializeCell(cell, value.node);
  }

  /** The current value: after an `assign`, the assigned one. */
  override get node(): Node {
    return readCell(this.#cell);
  }

  get storage(): Storage {
    return this.#cell.storage;
  }

  /** Gives the variable a new value of the same shape and element type. */
  assign(value: Tensor): void {
    if (!sameShape(value.shape, this.#cell.storage.shape) || value.dtype !== this.#cell.storage.dtype) {
      throw new ShapeError(
        `assign: value is ${value.dtype} ${formatShape(value.shape)}, the variable ${this.dtype} ${formatShape(this.#cell.storage.shape)}; they must be equal`,
      );
    }
    assignCell(this.#cell, value.node);
  }

  override get shape(): Shape {
    return this.#cell.storage.shape;
  }

  override async data() {
    await this.realize();
    return readWatched(device(), this.storage);
  }

  override async realize(): Promise<this> {
    if (isPending(this.#cell)) await store([], [this.storage]);
    return this;
  }
}
