// RNN, GRU and LSTM: cells that step over time, forward, in reverse or both, as ONNX defines them.
import { concat, type Tensor, zeros } from "tidu";
import type { GraphNode, Row, Rows } from "../node.js";

type Activation = (x: Tensor) => Tensor;

/** The activations by name, with the numbers alpha and beta that some take. */
const ACTIVATIONS: Readonly<Record<string, (alpha?: number, beta?: number) => Activation>> = {
  relu: () => (x) => x.relu(),
  tanh: () => (x) => x.tanh(),
  sigmoid: () => (x) => x.sigmoid(),
  affine:
    (alpha = 1, beta = 0) =>
    (x) =>
      x.mul(alpha).add(beta),
  leakyrelu:
    (alpha = 0.01) =>
    (x) =>
      x.lt(0).where(x.mul(alpha), x),
  thresholdedrelu:
    (alpha = 1) =>
    (x) =>
      x.gt(alpha).where(x, 0),
  scaledtanh:
    (alpha = 1, beta = 1) =>
    (x) =>
      x.mul(beta).tanh().mul(alpha),
  hardsigmoid:
    (alpha = 0.2, beta = 0.5) =>
    (x) =>
      x.mul(alpha).add(beta).maximum(0).minimum(1),
  elu:
    (alpha = 1) =>
    (x) =>
      x.gt(0).where(x, x.minimum(0).expm1().mul(alpha)),
  softsign: () => (x) => x.div(x.abs().add(1)),
  softplus: () => (x) => x.softplus(),
};

/** How a cell takes one step. `x` is the input's share of each gate with the biases, `states` what it remembers. */
interface Cell {
  readonly gates: number;
  readonly states: 1 | 2;
  readonly activations: readonly string[];
  /** The attribute that changes how it steps. */
  readonly flag?: string;
  step(x: readonly Tensor[], states: readonly Tensor[], weights: Weights): Tensor[];
}

/** The weights of a direction beside those of the input. */
interface Weights {
  /** Of each gate [hidden, hidden], turned for a product from the right. */
  readonly recurrent: readonly Tensor[];
  /** The recurrent biases of each gate [hidden], where they count apart. */
  readonly biases: readonly Tensor[] | undefined;
  readonly peepholes: readonly Tensor[] | undefined;
  readonly act: readonly Activation[];
  /** Keeps what goes into activations within bounds. */
  readonly clip: Activation;
  readonly flag: boolean;
}

const elman: Cell = {
  gates: 1,
  states: 1,
  activations: ["Tanh"],
  step: ([x], [h], { recurrent, act, clip }) => [act[0](clip(x.add(h.matmul(recurrent[0]))))],
};

/** Update, reset and hidden gate; `flag` has the reset act after the product ("linear before reset"), as in PyTorch. */
const gru: Cell = {
  gates: 3,
  states: 1,
  activations: ["Sigmoid", "Tanh"],
  flag: "linear_before_reset",
  step([z, r, n], [h], { recurrent, biases, act, clip, flag }) {
    const update = act[0](clip(z.add(h.matmul(recurrent[0]))));
    const reset = act[0](clip(r.add(h.matmul(recurrent[1]))));
    const apart = (t: Tensor) => (biases === undefined ? t : t.add(biases[2]));
    const own = flag ? reset.mul(apart(h.matmul(recurrent[2]))) : apart(reset.mul(h).matmul(recurrent[2]));
    const hidden = act[1](clip(n.add(own)));
    return [hidden.add(update.mul(h.sub(hidden)))];
  },
};

/** Input, output, forget and cell gate; `flag` couples input and forget gate. */
const lstm: Cell = {
  gates: 4,
  states: 2,
  activations: ["Sigmoid", "Tanh", "Tanh"],
  flag: "input_forget",
  step([i, o, f, c], [h, cell], { recurrent, peepholes, act, clip, flag }) {
    const peep = (t: Tensor, from: Tensor, k: number) => (peepholes === undefined ? t : t.add(peepholes[k].mul(from)));
    const input = act[0](clip(peep(i.add(h.matmul(recurrent[0])), cell, 0)));
    const forget = flag ? input.neg().add(1) : act[0](clip(peep(f.add(h.matmul(recurrent[2])), cell, 2)));
    const candidate = act[1](clip(c.add(h.matmul(recurrent[3]))));
    const next = forget.mul(cell).add(input.mul(candidate));
    const output = act[0](clip(peep(o.add(h.matmul(recurrent[1])), next, 1)));
    return [output.mul(act[2](next)), next];
  },
};

const stack = (all: readonly Tensor[], axis: number): Tensor =>
  concat(
    all.map((t) => t.unsqueeze(axis)),
    axis,
  );

/** Parts of equal size along an axis. */
function parts(t: Tensor, axis: number, count: number): Tensor[] {
  const size = t.shape[axis] / count;
  return Array.from({ length: count }, (_, i) => t.slice(axis, i * size, (i + 1) * size));
}

const DIRECTIONS: Readonly<Record<string, readonly boolean[]>> = {
  forward: [false],
  reverse: [true],
  bidirectional: [false, true],
};

/** The activations of each direction. */
function readActivations(node: GraphNode, cell: Cell, count: number): Activation[][] {
  const standard = Array.from({ length: count }, () => cell.activations).flat();
  const names = node.texts("activations", standard);
  if (names.length !== standard.length) node.damaged(`has ${names.length} activations, expected ${standard.length}`);
  const [alphas, betas] = [[...(node.floats("activation_alpha") ?? [])], [...(node.floats("activation_beta") ?? [])]];
  const all = names.map((name) => {
    const key = name.toLowerCase();
    const make = Object.hasOwn(ACTIVATIONS, key) ? ACTIVATIONS[key] : node.refuse(`has the activation ${name}`);
    // Those that take numbers use up the lists in order.
    return make(TAKES.has(key) ? alphas.shift() : undefined, TWO.has(key) ? betas.shift() : undefined);
  });
  return Array.from({ length: count }, (_, d) =>
    all.slice(d * cell.activations.length, (d + 1) * cell.activations.length),
  );
}

const TWO = new Set(["affine", "scaledtanh", "hardsigmoid"]);
const TAKES = new Set([...TWO, "leakyrelu", "thresholdedrelu", "elu"]);

const recurrent =
  (cell: Cell): Row =>
  (node) => {
    node.needs(3);
    node.results = 1 + cell.states;
    node.ignore("hidden_size", "output_sequence");
    const direction = node.text("direction", "forward");
    const reverse = DIRECTIONS[direction] ?? node.damaged(`has direction ${direction}`);
    const act = readActivations(node, cell, reverse.length);
    const bound = node.float("clip", 0);
    const batchFirst = node.int("layout", 0) !== 0;
    const flag = cell.flag !== undefined && node.int(cell.flag, 0) !== 0;
    const clip: Activation = bound === 0 ? (x) => x : (x) => x.maximum(-bound).minimum(bound);
    return (x, w, r, b, lengths, h, c, p) => {
      const sequence = batchFirst ? x.transpose(0, 1) : x;
      const samples = sequence.shape[1];
      const hidden = r.shape[2];
      const each = reverse.map((isReverse, d) => {
        const of = (t: Tensor) => t.slice(0, d, d + 1).squeeze(0);
        const first = [h, c].slice(0, cell.states).map((t) => {
          if (t === undefined) return zeros([samples, hidden]);
          return batchFirst ? t.slice(1, d, d + 1).squeeze(1) : of(t);
        });
        const weights: Weights = {
          recurrent: parts(of(r), 0, cell.gates).map((t) => t.transpose()),
          biases: cell === gru && b !== undefined ? parts(of(b), 0, 2 * cell.gates).slice(cell.gates) : undefined,
          peepholes: p === undefined ? undefined : parts(of(p), 0, 3),
          act: act[d],
          clip,
          flag,
        };
        const input = sequence.matmul(of(w).transpose());
        const shares = b === undefined ? input : input.add(inputBias(of(b), cell));
        return unroll(cell, shares, first, weights, isReverse, lengths);
      });
      const all = stack(
        each.map(({ outputs }) => outputs),
        1,
      );
      const last = Array.from({ length: cell.states }, (_, s) =>
        stack(
          each.map(({ states }) => states[s]),
          batchFirst ? 1 : 0,
        ),
      );
      // [steps, directions, samples, hidden], or [samples, steps, directions, hidden].
      return [batchFirst ? all.permute([2, 0, 1, 3]) : all, ...last];
    };
  };

/** Both biases of each gate in one, but for the GRU's hidden gate, whose recurrent one counts apart. */
function inputBias(b: Tensor, cell: Cell): Tensor {
  const [input, own] = parts(b, 0, 2);
  if (cell !== gru) return input.add(own);
  const size = own.shape[0] / 3;
  return input.add(own.slice(0, 0, 2 * size).pad([[0, size]]));
}

/** Steps over time; where a sample is over, its states stay and its outputs are 0. */
function unroll(
  cell: Cell,
  shares: Tensor,
  first: readonly Tensor[],
  weights: Weights,
  isReverse: boolean,
  lengths: Tensor | undefined,
): { outputs: Tensor; states: readonly Tensor[] } {
  const [steps] = shares.shape;
  let states = first;
  const outputs: Tensor[] = new Array(steps);
  const clock = Array.from({ length: steps }, (_, t) => (isReverse ? steps - 1 - t : t));
  for (const t of clock) {
    const now = shares.slice(0, t, t + 1).squeeze(0);
    const next = cell.step(parts(now, 1, cell.gates), states, weights);
    if (lengths === undefined) {
      states = next;
      outputs[t] = next[0];
    } else {
      const isOn = lengths.gt(t).reshape([-1, 1]);
      const before = states;
      states = next.map((s, i) => isOn.where(s, before[i]));
      outputs[t] = isOn.where(next[0], 0);
    }
  }
  return { outputs: stack(outputs, 0), states };
}

export const RECURRENT: Rows = { RNN: recurrent(elman), GRU: recurrent(gru), LSTM: recurrent(lstm) };
