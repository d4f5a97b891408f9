// What sums up or chooses along axes, and products.
import { Tensor } from "tidu";
import { contract, normalizeAxis } from "tidu/internal";
import { axesOf } from "../lists.js";
import type { Row, Rows } from "../node.js";

/** The axes were an attribute before opset 13 (ReduceSum) or 18; without axes all are meant, unless it says none. */
const reduce =
  (f: (x: Tensor, axes: number[] | undefined, keep: boolean) => Tensor): Row =>
  (node) => {
    node.needs(1);
    const axes = axesOf(node);
    const keep = node.int("keepdims", 1) !== 0;
    const none = node.int("noop_with_empty_axes", 0) !== 0;
    return (x, given) => {
      const chosen = axes(given, x.rank);
      if (chosen === undefined || chosen.length === 0) return none ? x : f(x, undefined, keep);
      return f(x, chosen, keep);
    };
  };

const argMax: Row = (node) => {
  node.needs(1);
  const axis = node.int("axis", 0);
  const keep = node.int("keepdims", 1) !== 0;
  if (node.int("select_last_index", 0) !== 0) node.refuse("chooses the last of equal elements; Tidu has the first");
  return (x) => {
    const at = x.argmax(axis).toFloat();
    return keep ? at.unsqueeze(normalizeAxis("axis", axis, x.rank)) : at;
  };
};

/** Products of two tensors whose axes each have a letter. */
const einsum: Row = (node) => {
  const equation = node.text("equation", "").replaceAll(" ", "");
  const parts = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]*)$/.exec(equation);
  if (parts === null)
    return node.refuse(`has the equation ${JSON.stringify(equation)}, expected one as in "ij,jk->ik"`);
  const [a, b, out] = parts.slice(1).map((letters) => [...letters]);
  node.needs(2);
  return (x, y) => new Tensor(contract(x.node, y.node, { a, b, out }));
};

export const matMul: Row = (node) => {
  node.needs(2);
  return (x, y) => x.matmul(y);
};

/** All axes after the channels. */
const spatial = (x: Tensor): number[] => x.shape.flatMap((_, i) => (i < 2 ? [] : [i]));

export const REDUCTION: Rows = {
  ReduceSum: reduce((x, axes, keep) => x.sum(axes, keep)),
  ReduceMean: reduce((x, axes, keep) => x.mean(axes, keep)),
  ReduceMax: reduce((x, axes, keep) => x.max(axes, keep)),
  ReduceMin: reduce((x, axes, keep) => x.min(axes, keep)),
  ReduceL2: reduce((x, axes, keep) => x.square().sum(axes, keep).sqrt()),
  ArgMax: argMax,
  Einsum: einsum,
  GlobalMaxPool: (node) => {
    node.needs(1);
    return (x) => x.max(spatial(x), true);
  },
  InstanceNormalization: (node) => {
    node.needs(3);
    const eps = node.float("epsilon", 1e-5);
    return (x, scale, shift) => {
      const perChannel = (t: Tensor) => t.reshape([-1, ...spatial(x).map(() => 1)]);
      const centred = x.sub(x.mean(spatial(x), true));
      const unit = centred.square().mean(spatial(x), true).add(eps).sqrt();
      return centred.div(unit).mul(perChannel(scale)).add(perChannel(shift));
    };
  },
};
