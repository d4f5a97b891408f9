// Computes figure 2: the chain rule in a small network.
import { compile, grad, type Tensor } from "tidu";

/**
 * A network of two inputs, two hidden and two output units, written out number by number: z = w·x, a = σ(z), and the
 * cost C = ½ Σ (y - t)². Each name is a node of its graph.
 */
const LAYERS = [
  { from: ["x1", "x2"], sums: ["z1", "z2"], to: ["a1", "a2"] },
  { from: ["a1", "a2"], sums: ["z3", "z4"], to: ["y1", "y2"] },
] as const;

export const INPUTS = ["x1", "x2", "t1", "t2"] as const;
export const NODES = ["x1", "x2", "z1", "z2", "a1", "a2", "z3", "z4", "y1", "y2", "C"] as const;
export type NodeName = (typeof NODES)[number];

/** An edge of the graph: `to` is computed from `from`, through a weight if it has one. */
export interface Edge {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly weight?: string;
}

const layerEdges = LAYERS.flatMap(({ from, sums, to }): Edge[] => [
  ...sums.flatMap((sum) => from.map((input) => ({ from: input, to: sum, weight: `w${sum[1]}${input[1]}` }))),
  ...sums.map((sum, i) => ({ from: sum, to: to[i] })),
]);
export const EDGES: readonly Edge[] = [...layerEdges, { from: "y1", to: "C" }, { from: "y2", to: "C" }];
export const WEIGHTS: readonly string[] = EDGES.flatMap(({ weight }) => weight ?? []);
const GIVEN: readonly string[] = [...INPUTS, ...WEIGHTS];

/** Numbers to begin with. */
export const START: Readonly<Record<string, number>> = {
  ...{ x1: 1, x2: -0.5, t1: 1, t2: 0 },
  ...{ w11: 0.8, w12: -0.4, w21: -0.6, w22: 1.2, w31: 1.5, w32: -0.9, w41: 0.7, w42: 1.1 },
};

export const edgeName = ({ from, to }: Pick<Edge, "from" | "to">): string => `${from}→${to}`;

/** A way from a weight to the cost. */
export interface Path {
  readonly edges: readonly string[];
  /** ∂z/∂w, then the local derivative of every edge. */
  readonly factors: readonly number[];
  readonly product: number;
}

export interface Chain {
  readonly nodes: Readonly<Record<string, number>>;
  /** ∂to/∂from of each edge, by the engine. */
  readonly local: Readonly<Record<string, number>>;
  /** ∂C/∂w of each weight, by the engine. */
  readonly gradient: Readonly<Record<string, number>>;
}

type Values = Record<string, Tensor>;

/** The graph, of tensors. */
function build(given: Values): Values {
  const all = { ...given };
  for (const { from, sums, to } of LAYERS) {
    sums.forEach((sum, i) => {
      const products = from.map((input) => all[input].mul(all[`w${sum[1]}${input[1]}`]));
      all[sum] = products[0].add(products[1]);
      all[to[i]] = all[sum].sigmoid();
    });
  }
  const off = [all.y1.sub(all.t1), all.y2.sub(all.t2)];
  all.C = off[0].square().add(off[1].square()).mul(0.5);
  return all;
}

const measure = compile((...numbers: Tensor[]) => {
  const all = build(Object.fromEntries(GIVEN.map((name, i) => [name, numbers[i]])));
  // Neighbors are joined by one edge only, so the gradient from one to the next is the edge's own.
  const local = EDGES.map(({ from, to }) => grad(all[to], [all[from]])[0]);
  const gradients = grad(
    all.C,
    WEIGHTS.map((name) => all[name]),
  );
  return [...NODES.map((name) => all[name]), ...local, ...gradients];
});

/** Everything that the figure shows, for given inputs, targets and weights. */
export async function chain(given: Readonly<Record<string, number>>): Promise<Chain> {
  const results = await measure(...GIVEN.map((name) => given[name]));
  const numbers = await Promise.all(results.map((r) => r.item()));
  const names = [...NODES, ...EDGES.map(edgeName), ...WEIGHTS];
  const part = (start: number, count: number) =>
    Object.fromEntries(names.slice(start, start + count).map((name, i) => [name, numbers[start + i]]));
  return {
    nodes: part(0, NODES.length),
    local: part(NODES.length, EDGES.length),
    gradient: part(NODES.length + EDGES.length, WEIGHTS.length),
  };
}

/** All ways from a weight to the cost, each with the product of the local derivatives along it. */
export function pathsOf(weight: string, { nodes, local }: Pick<Chain, "nodes" | "local">): Path[] {
  const own = EDGES.find((edge) => edge.weight === weight) as Edge;
  return waysToCost(own.to).map((edges) => {
    const factors = [nodes[own.from], ...edges.map((name) => local[name])];
    return { edges: [edgeName(own), ...edges], factors, product: factors.reduce((p, f) => p * f, 1) };
  });
}

function waysToCost(from: NodeName): string[][] {
  if (from === "C") return [[]];
  return EDGES.filter((edge) => edge.from === from).flatMap((edge) =>
    waysToCost(edge.to).map((rest) => [edgeName(edge), ...rest]),
  );
}
