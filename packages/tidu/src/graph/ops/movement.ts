// Ops that move values: views, their transposes, reshape and concat; and two that pass a value on.
import { type AffineMap, sliceMap } from "../../base/affine.js";
import { type Shape, sameShape, sizeOf } from "../../base/shape.js";
import { makeNode, misfit, type Node, type NodeOf, type Op } from "../node.js";

export const mapKey = (map: AffineMap): string => `${map.domain}|${map.source}|${map.offset}|${map.coef.join("/")}`;

/** `y[i] = x[map(i)]`, 0 where the map leaves x: slices, pads, flips, permutations, broadcasts, windows. */
export const viewOp: Op<"view"> = {
  name: "view",
  kind: "view",
  infer([x], map) {
    if (!sameShape(x.shape, map.source)) misfit("view", [x], String(map.source));
    return { shape: map.domain, dtype: x.dtype };
  },
  grad: (node, dy, { unview }) => [unview(dy, node.attrs)],
  key: mapKey,
};

/** The same elements in row-major order under another shape. A second input, if given, is computed first. */
export const reshapeOp: Op<"reshape", { shape: Shape }> = {
  name: "reshape",
  kind: "reshape",
  infer([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape)) misfit("reshape", [x], String(shape));
    return { shape, dtype: x.dtype };
  },
  grad: (node, dy) => [reshape(dy, node.inputs[0].shape)],
  key: ({ shape }) => String(shape),
};

/** Values one after the other along an axis. Each is stored by itself, so that the cost does not grow with their number. */
export const concatOp: Op<"concat"> = {
  name: "concat",
  kind: "concat",
  infer(inputs, { axis }) {
    const [{ shape, dtype }] = inputs;
    const fits = (x: Node) => x.dtype === dtype && sameShape(x.shape.with(axis, 0), shape.with(axis, 0));
    if (!inputs.every(fits)) misfit("concat", inputs);
    return {
      shape: shape.with(
        axis,
        inputs.reduce((n, x) => n + x.shape[axis], 0),
      ),
      dtype,
    };
  },
  grad: ({ inputs, attrs: { axis } }, dy) =>
    startsOf(inputs, axis).map((start, i) => view(dy, sliceMap(dy.shape, inputs[i].shape, start))),
  key: ({ axis }) => String(axis),
};

/** Where each of the values begins, joined along an axis. */
export function startsOf(inputs: readonly Node[], axis: number): number[][] {
  let next = 0;
  return inputs.map(({ shape }) => {
    const start = shape.map((_, a) => (a === axis ? next : 0));
    next += shape[axis];
    return start;
  });
}

export const concat = (inputs: readonly Node[], axis: number): Node =>
  inputs.length === 1 ? inputs[0] : makeNode(concatOp, inputs, { axis });
export const view = (x: Node, map: AffineMap): Node<"view"> => makeNode(viewOp, [x], map);
export const reshape = (x: Node, shape: Shape, after?: Node): Node =>
  after === undefined && sameShape(x.shape, shape)
    ? x
    : makeNode(reshapeOp, after === undefined ? [x] : [x, after], { shape });
/** The value that a reshape waits for, if any. */
export const awaited = (node: Node): Node | undefined => (node.op === reshapeOp ? node.inputs[1] : undefined);
/** The inputs that a value is made of. */
export const valuesOf = ({ op, inputs }: Node): readonly Node[] => (op === reshapeOp ? inputs.slice(0, 1) : inputs);

/** The same value; no gradient flows through it. */
const stopGradientOp: Op<"reshape", undefined> = {
  name: "stopGradient",
  kind: "reshape",
  infer: ([x]) => x,
};

/** The range that whole numbers must be in, 0 to size - 1, and `what` they are, for the error if they are not. */
export interface Within {
  readonly size: number;
  readonly what: string;
}

/** The same numbers, checked at run time: see `tensor/watch.ts`. */
const withinOp: Op<"reshape", Within> = {
  name: "within",
  kind: "reshape",
  infer: ([x]) => x,
  key: ({ size }) => String(size),
};

export const within = (x: Node, attrs: Within): Node => makeNode(withinOp, [x], attrs);
export const isWithin = (node: Node): node is NodeOf<"reshape", Within> => node.op === withinOp;

export const stopGradient = (x: Node): Node => makeNode(stopGradientOp, [x], undefined);
