// Ops without inputs: what a graph starts from.
import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import { makeNode, type Node, type NodeOf, type Op, type Storage, type ValueType } from "../node.js";

export interface Full extends ValueType {
  readonly value: number;
}

/** The same number everywhere. */
export const fullOp: Op<"source", Full> = {
  name: "full",
  kind: "source",
  infer: (_, type) => type,
  key: ({ value, shape, dtype }) => `${Object.is(value, -0) ? "-0" : value}|${shape}|${dtype}`,
};

/** Each element's own row-major number, an i32. */
export const indexOp: Op<"source", { shape: Shape }> = {
  name: "index",
  kind: "source",
  infer: (_, { shape }) => ({ shape, dtype: "i32" }),
  key: ({ shape }) => String(shape),
};

/** What a storage holds when the program starts: hosts supply the elements. */
export const storageOp: Op<"source", Storage> = {
  name: "storage",
  kind: "source",
  infer: (_, type) => type,
  key: ({ id }) => String(id),
};

/** The same of a compiled function's result: no gradient flows to what it was computed from. */
const resultOp: Op<"source", Storage> = { ...storageOp };

/** What a changing value was at one moment. Where it is stored, or how it is computed, may change later. */
export interface Version extends ValueType {
  value: Node;
}

/**
 * A value that keeps its identity, by which gradients find it, while its storage changes. Before a program is
 * made, the version is replaced by its value.
 */
export const versionOp: Op<"source", Version> = {
  name: "version",
  kind: "source",
  infer: (_, type) => type,
  key: () => {
    throw new Error("compiler: version without value");
  },
};

export const full = (value: number, shape: Shape, dtype: DType = "f32"): Node =>
  makeNode(fullOp, [], { value, shape, dtype });
export const index = (shape: Shape): Node => makeNode(indexOp, [], { shape });
export const fromStorage = (storage: Storage): NodeOf<"source", Storage> => makeNode(storageOp, [], storage);
export const fromResult = (storage: Storage): Node => makeNode(resultOp, [], storage);
export const fromVersion = (version: Version): NodeOf<"source", Version> => makeNode(versionOp, [], version);

export const isFull = (node: Node): node is NodeOf<"source", Full> => node.op === fullOp;
export const isIndex = (node: Node): boolean => node.op === indexOp;
export const isStorage = (node: Node): node is NodeOf<"source", Storage> =>
  node.op === storageOp || node.op === resultOp;
export const isResult = (node: Node): node is NodeOf<"source", Storage> => node.op === resultOp;
export const isVersion = (node: Node): node is NodeOf<"source", Version> => node.op === versionOp;
