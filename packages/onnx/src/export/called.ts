// The users' names of graph operations, for errors.
import type { Node } from "tidu/internal";

const RANDOM = "random numbers";
const SORTED = "sort, argsort or topk";

/** Only operations that have other names in the graph. */
const CALLED: Readonly<Record<string, string>> = {
  argsort: SORTED,
  bitsToUniform: RANDOM,
  full: "a constant of type bool or u8, or of a size that depends on the number of samples",
  index: "whole numbers that count the samples, as arange does",
  intCumsum: "cumsum of whole numbers",
  reshape: "reshape in which more than one size depends on the number of samples",
  scatter: "scatterAdd, or a gradient of gather",
  sortKey: SORTED,
  storage: "a stored value",
  threefry: RANDOM,
  threefrySecond: RANDOM,
  unview: "a gradient of sliding windows or of repeated values",
  view: "sliding windows, a diagonal, or a cut that depends on the number of samples",
};

/** The user's name of a node's operation. */
export const called = ({ op }: Node): string => CALLED[op.name] ?? op.name;
