import type { Node, Storage } from "../graph/node.js";

/**
 * Values that wait to be stored, by the cells that will hold them: each as long as its storage is in use anywhere, since
 * nobody can ask for it afterwards. What was never stored would otherwise stay for ever.
 */
export class Waiting<Cell extends { readonly storage: Storage }> {
  readonly #values = new WeakMap<Storage, readonly [Cell, Node]>();
  readonly #storages = new Map<number, WeakRef<Storage>>();

  get size(): number {
    return this.#storages.size;
  }

  get({ storage }: Cell): Node | undefined {
    return this.#values.get(storage)?.[1];
  }

  has({ storage }: Cell): boolean {
    return this.#values.has(storage);
  }

  set(cell: Cell, value: Node): void {
    const { storage } = cell;
    this.#values.set(storage, [cell, value]);
    if (!this.#storages.has(storage.id)) this.#storages.set(storage.id, new WeakRef(storage));
  }

  delete({ storage }: Cell): void {
    this.#values.delete(storage);
    this.#storages.delete(storage.id);
  }

  /** Those still in use, in the order in which they began to wait. */
  *[Symbol.iterator](): Generator<readonly [Cell, Node]> {
    for (const [id, reference] of this.#storages) {
      const storage = reference.deref();
      const entry = storage && this.#values.get(storage);
      if (entry === undefined) this.#storages.delete(id);
      else yield entry;
    }
  }
}
