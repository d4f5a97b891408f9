// Comparisons, truth values and choices among them.
import type { Tensor } from "tidu";
import { TYPE } from "../../proto/schema.js";
import { knownOf } from "../known.js";
import type { Row, Rows } from "../node.js";
import { both, differ, either, quotient } from "../numbers.js";
import { binary, castTo, unary } from "./arithmetic.js";

const isInf: Row = (node) => {
  const [negative, positive] = [node.int("detect_negative", 1) !== 0, node.int("detect_positive", 1) !== 0];
  return unary((x) => {
    const sides = [...(negative ? [-Infinity] : []), ...(positive ? [Infinity] : [])];
    return sides.map((side) => x.eq(side)).reduce(either, x.lt(-Infinity));
  })(node);
};

/**
 * A branch is chosen while the network is traced where its condition is known, as when it asks for sizes; otherwise both
 * are computed, and of values of equal shapes one is chosen element by element.
 */
const branch: Row = (node) => {
  node.needs(1);
  node.takesEmpty = true;
  node.results = node.proto.output.length;
  const fixed = [...(node.constant(0)?.numbers ?? [])][0];
  const names = ["else_branch", "then_branch"];
  node.ignore(...names);
  const inner = names.map((name, i) =>
    fixed === undefined || (fixed !== 0) === (i === 1) ? node.inner(name) : undefined,
  );
  const [none, then] = inner.map((graph) => {
    if (graph === undefined) return () => node.refuse("chooses a branch that was not read");
    const start = node.captured.length;
    node.captured.push(...graph.captured);
    return (captured: readonly Tensor[]) => graph.run(captured.slice(start, start + graph.captured.length));
  });
  return (condition, ...captured) => {
    const known = fixed ?? knownOf(condition)?.data[0];
    if (known !== undefined) return (known !== 0 ? then : none)(captured);
    const [a, b] = [then(captured), none(captured)];
    return a.map((x, i) => {
      if (String(x.shape) === String(b[i].shape)) return condition.to("bool").reshape([]).where(x, b[i]);
      return node.refuse(
        `has a condition that the network computes, and branches of shapes [${x.shape}] and [${b[i].shape}]`,
      );
    });
  };
};

/** Unsigned integers shifted: products with, or quotients by, powers of 2. */
const bitShift: Row = (node) => {
  const left = node.text("direction", "") === "LEFT";
  const type = node.type(0) ?? TYPE.INT32;
  const narrowed = castTo(node, type);
  return binary((x, by) => {
    const power = by.toFloat().mul(Math.LN2).exp().add(0.5).floor().toInt();
    return left ? narrowed(x.toInt().mul(power)) : quotient(x.toInt(), power);
  })(node);
};

/** All bits changed: -x - 1, in the type of x. */
const bitwiseNot: Row = (node) => {
  const type = node.type(0) ?? TYPE.INT32;
  if (type === TYPE.UINT32 || type === TYPE.UINT64) node.refuse("inverts the bits of numbers that i32 cannot hold");
  return unary((x) => castTo(node, type)(x.toInt().neg().sub(1)))(node);
};

export const LOGIC: Rows = {
  Less: binary((x, y) => x.lt(y)),
  LessOrEqual: binary((x, y) => x.le(y)),
  Greater: binary((x, y) => x.gt(y)),
  GreaterOrEqual: binary((x, y) => x.ge(y)),
  Equal: binary((x, y) => x.eq(y)),
  Not: unary((x) => x.not()),
  And: binary(both),
  Or: binary(either),
  Xor: binary(differ),
  IsNaN: unary((x) => x.eq(x).not()),
  IsInf: isInf,
  BitShift: bitShift,
  BitwiseNot: bitwiseNot,
  If: branch,
  Where: (node) => {
    node.needs(3);
    return (condition, x, y) => condition.where(x, y);
  },
};
