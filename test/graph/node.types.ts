// What TypeScript knows of a node by its kind; `npm run check` compiles this file.
import type { AffineMap } from "../../packages/tidu/src/base/affine.js";
import { makeNode, type Node, type Op } from "../../packages/tidu/src/graph/node.js";
import {
  type Contraction,
  contractOp,
  elementwise,
  fullOp,
  isStorage,
  reshape,
  sumOp,
  view,
  viewOp,
} from "../../packages/tidu/src/graph/ops/index.js";

export function types(node: Node): unknown {
  // @ts-expect-error the attributes of a node are unknown before its kind is known
  node.attrs.axes;
  // @ts-expect-error not every op has a price
  node.op.cost;
  switch (node.kind) {
    case "view":
    case "unview": {
      const own: AffineMap = node.attrs;
      // @ts-expect-error a view has no labels
      const labels: Contraction = node.attrs;
      return [own, labels];
    }
    case "contract": {
      const labels: Contraction = node.attrs;
      return labels;
    }
    case "elementwise":
      return node.op.cost;
    case "reduce": {
      const axes: readonly number[] = node.attrs.axes;
      // @ts-expect-error a reduction has no price
      return [axes, node.op.initial, node.op.cost];
    }
    case "part":
      return node.op.written(node, true);
    // @ts-expect-error there is no such kind
    case "views":
      return undefined;
    default:
      if (isStorage(node)) return node.attrs.name;
      // @ts-expect-error one kind of all that are left
      node satisfies Node<"loop">;
      return node satisfies Node<
        "source" | "reshape" | "gather" | "scatter" | "concat" | "line" | "loop" | "collective"
      >;
  }
}

export function made(x: Node, map: AffineMap): Node {
  makeNode(viewOp, [x], map).attrs.offset satisfies readonly number[];
  makeNode(fullOp, [], { value: 1, shape: [], dtype: "f32" }).attrs.value satisfies number;
  // @ts-expect-error a view takes a map
  makeNode(viewOp, [x], { axis: 0 });
  // @ts-expect-error a contraction names all three
  makeNode(contractOp, [x, x], { a: ["i"], b: ["i"] });
  // @ts-expect-error a reduction takes axes
  makeNode(sumOp, [x], { axis: 0 });
  // @ts-expect-error an elementwise op takes nothing
  makeNode(elementwise.exp, [x], { axes: [0] });
  // @ts-expect-error a number that is everywhere has a type
  makeNode(fullOp, [], { value: 1, shape: [] });
  // @ts-expect-error a reshape is no view
  reshape(x, []) satisfies Node<"view">;
  return view(x, map) satisfies Node<"view">;
}

/** An entry of the op table says what its kind does. */
export const halved: Op<"view"> = {
  name: "halved",
  kind: "view",
  infer: ([x], map) => ({ shape: map.domain, dtype: x.dtype }),
  grad: (node, dy) => [view(dy, node.attrs)],
  // @ts-expect-error a map has no axis
  key: ({ axis }) => String(axis),
};
// @ts-expect-error an elementwise op has a price and a meaning
export const priceless: Node<"elementwise">["op"] = { name: "free", kind: "elementwise", infer: ([x]) => x };
