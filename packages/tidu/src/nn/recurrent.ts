// Layers that process a sequence step by step: RNN, LSTM and GRU.
import { check, checkOptions, flag, listOf, oneOrMore, refuseShape, share, whole, words } from "../base/check.js";
import { scan } from "../loop/scan.js";
import { stack } from "../tensor/functions/layout.js";
import { arange } from "../tensor/functions/make.js";
import { aTensor, concat, needWhole, type Tensor, zeros } from "../tensor/tensor.js";
import { checkAxes, checkFeatures } from "./check.js";
import { knownLengths } from "./classes.js";
import { dropout } from "./dropout.js";
import { byFanIn } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Options of recurrent layers. */
export interface RecurrentOptions {
  /** Number of stacked layers, at most 1,000. Default 1. */
  readonly layers?: number;
  /** Whether each layer has a second one that runs backwards; the outputs of both are concatenated. Default false. */
  readonly bidirectional?: boolean;
  /** Default true. */
  readonly bias?: boolean;
  /** Probability that an output of a layer, except the last, is dropped during training. Default 0. */
  readonly dropout?: number;
}

export interface RnnOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly nonlinearity?: "tanh" | "relu";
}

/** The state carried from step to step: the output, and an LSTM's cell. */
type State = readonly Tensor[];

/** A step: from the input's part of the gates, and the state before, to the state after. */
type Cell = (gates: Tensor, state: State, recurrent: (h: Tensor) => Tensor) => State;

const part = (gates: Tensor, i: number, width: number): Tensor => gates.slice(1, i * width, (i + 1) * width);

interface Kind {
  readonly gates: number;
  readonly states: number;
  cell(width: number, options: RnnOptions): Cell;
}

const KINDS = {
  /** h ← tanh(x Wᵀ + b + h Uᵀ + c) (Elman, Cognitive Science 14, 1990). */
  rnn: {
    gates: 1,
    states: 1,
    cell:
      (_, { nonlinearity }) =>
      (gates, [h], recurrent) => {
        const sum = gates.add(recurrent(h));
        return [nonlinearity === "relu" ? sum.relu() : sum.tanh()];
      },
  },
  /** Input, forget, cell and output gates, in this order (Hochreiter and Schmidhuber, Neural Computation 9, 1997; Gers et al., 2000). */
  lstm: {
    gates: 4,
    states: 2,
    cell:
      (width) =>
      (gates, [h, c], recurrent) => {
        const all = gates.add(recurrent(h));
        const [i, f, o] = [0, 1, 3].map((k) => part(all, k, width).sigmoid());
        const next = f.mul(c).add(i.mul(part(all, 2, width).tanh()));
        return [o.mul(next.tanh()), next];
      },
  },
  /** Reset, update and new gates, in this order (Cho et al., EMNLP 2014; the reset after the product, as in cuDNN and PyTorch). */
  gru: {
    gates: 3,
    states: 1,
    cell:
      (width) =>
      (gates, [h], recurrent) => {
        const own = recurrent(h);
        const [r, z] = [0, 1].map((k) =>
          part(gates, k, width)
            .add(part(own, k, width))
            .sigmoid(),
        );
        const fresh = part(gates, 2, width)
          .add(r.mul(part(own, 2, width)))
          .tanh();
        return [fresh.add(z.mul(h.sub(fresh)))];
      },
  },
} as const satisfies Record<string, Kind>;

/** Options of a recurrent layer's `run`. */
export interface RunOptions {
  /**
   * [n] i32: how many steps of each sequence count. Outputs after them are 0, and the state is that of the last one.
   * Default all.
   */
  readonly lengths?: Tensor | undefined;
  /** The initial state, in the form of `RecurrentResult.state`. Default zeros. */
  readonly state?: readonly Tensor[];
}

/** The result of a recurrent layer: the outputs of all steps, and the last state of each layer and direction. */
export interface RecurrentResult {
  /** [n, length, directions · features]. */
  readonly output: Tensor;
  /** [layers · directions, n, features] each: the outputs, and for an LSTM the cells. */
  readonly state: readonly Tensor[];
}

/**
 * Sequences [n, length, in] become [n, length, directions · out]; parameters have PyTorch's names and forms, `weight_ih_l0`
 * [gates · out, in] and so on. The products with the inputs are one matrix product for all steps, and the steps are one
 * loop (see `scan`).
 */
export class Recurrent extends Module {
  /** Dropout between layers; absent if its probability is 0. */
  readonly dropout?: Module;

  constructor(
    readonly name: keyof typeof KINDS,
    readonly inFeatures: number,
    readonly hidden: number,
    readonly options: RnnOptions = {},
  ) {
    super();
    check(name, "inFeatures", inFeatures, oneOrMore);
    check(name, "outFeatures", hidden, oneOrMore);
    checkOptions(name, options, {
      layers: whole(1, 1000),
      bidirectional: flag,
      bias: flag,
      dropout: share,
      ...(name === "rnn" ? { nonlinearity: words("tanh", "relu") } : {}),
    });
    const { bias = true, dropout: p = 0 } = options;
    const rows = KINDS[name].gates * hidden;
    const init = byFanIn(hidden);
    for (const { layer, suffix } of this.#passes()) {
      const width = layer === 0 ? inFeatures : hidden * this.#directions;
      const own: Record<string, Parameter> = {
        [`weight_ih_${suffix}`]: new Parameter([rows, width], init),
        [`weight_hh_${suffix}`]: new Parameter([rows, hidden], init),
      };
      if (bias) {
        own[`bias_ih_${suffix}`] = new Parameter([rows], init, false);
        own[`bias_hh_${suffix}`] = new Parameter([rows], init, false);
      }
      Object.assign(this, own);
    }
    if (p > 0) this.dropout = dropout(p);
  }

  /** Features of an output: those of both directions in a bidirectional layer. */
  get outFeatures(): number {
    return this.hidden * this.#directions;
  }

  get #directions(): number {
    return this.options.bidirectional ? 2 : 1;
  }

  #passes(): { layer: number; backwards: boolean; suffix: string }[] {
    return Array.from({ length: this.options.layers ?? 1 }, (_, layer) => layer).flatMap((layer) =>
      [false, true]
        .slice(0, this.#directions)
        .map((backwards) => ({ layer, backwards, suffix: `l${layer}${backwards ? "_reverse" : ""}` })),
    );
  }

  override toString(): string {
    return `${this.name}(${this.inFeatures}, ${this.hidden})`;
  }

  override forward(x: Tensor, lengths?: Tensor): Tensor {
    return this.#run(String(this), x, { lengths }).output;
  }

  /** The outputs, and the last state. */
  run(x: Tensor, options: RunOptions = {}): RecurrentResult {
    return this.#run(`${this.name}.run`, x, options);
  }

  #run(where: string, x: Tensor, options: RunOptions): RecurrentResult {
    checkAxes(where, x, ["samples", "length", "features"]);
    checkFeatures(where, x, this.inFeatures, (features) => `${this.name}(${features}, ${this.hidden})`);
    checkOptions(where, options, { lengths: aTensor, state: listOf(aTensor) });
    const { lengths: given, state } = options;
    const [n, steps] = x.shape;
    if (given !== undefined) {
      needWhole(where, "lengths", given);
      if (String(given.shape) !== String([n])) refuseShape(where, "lengths", given, `[${n}], one for each sample`);
    }
    const lengths = given && knownLengths(`${where}: length`, given, steps);
    const { states } = KINDS[this.name];
    const passes = this.#passes();
    if (
      state !== undefined &&
      (state.length !== states || state.some((s) => String(s.shape) !== String([passes.length, n, this.hidden])))
    )
      refuseShape(where, "state", state, `${states} of [${passes.length}, ${n}, ${this.hidden}]`);
    const last: State[] = [];
    // Whether each step counts, [n, length, 1]. The input of one that does not may be anything, NaN too.
    const counts = lengths && arange(steps).lt(lengths.unsqueeze(1)).unsqueeze(2);
    let input = counts?.where(x, 0) ?? x;
    for (let layer = 0; layer < passes.length / this.#directions; layer++) {
      const outputs = passes
        .filter((p) => p.layer === layer)
        .map((p) => {
          const first = Array.from({ length: states }, (_, k) =>
            state === undefined ? zeros([n, this.hidden]) : state[k].slice(0, last.length, last.length + 1).squeeze(0),
          );
          const { output, end } = this.#pass(input, p, first, counts?.transpose(0, 1));
          last.push(end);
          return output;
        });
      input = concat(outputs, 2);
      if (this.dropout !== undefined && layer + 1 < passes.length / this.#directions)
        input = this.dropout.forward(input);
    }
    return { output: input, state: Array.from({ length: states }, (_, k) => stack(last.map((s) => s[k]))) };
  }

  #pass(
    x: Tensor,
    { backwards, suffix }: { backwards: boolean; suffix: string },
    first: State,
    counts: Tensor | undefined,
  ) {
    const own = (what: string) => (this as unknown as Record<string, Parameter | undefined>)[`${what}_${suffix}`];
    const [input, recurrent] = ["weight_ih", "weight_hh"].map((name) => (own(name) as Parameter).transpose());
    const [inputBias, recurrentBias] = [own("bias_ih"), own("bias_hh")];
    const plus = (y: Tensor, bias: Tensor | undefined): Tensor => (bias === undefined ? y : y.add(bias));
    // Steps first, as the loop reads them.
    const gates = plus(x.permute([1, 0, 2]).matmul(input), inputBias);
    const cell: Cell = KINDS[this.name].cell(this.hidden, this.options);
    const recur = (h: Tensor): Tensor => plus(h.matmul(recurrent), recurrentBias);
    const step = (before: State, [now, counted]: readonly Tensor[]): readonly [State, Tensor] => {
      const next = cell(now, before, recur);
      if (counted === undefined) return [next, next[0]];
      return [next.map((s, k) => counted.where(s, before[k])), counted.where(next[0], 0)];
    };
    const xs = counts === undefined ? [gates] : [gates, counts];
    const [end, outputs] = scan(
      step,
      first.map((h) => h.to(gates.dtype)),
      xs,
      { reverse: backwards },
    );
    return { output: outputs.permute([1, 0, 2]), end };
  }
}

/**
 * A recurrent layer of tanh or relu units; see `Recurrent`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.rnn(3, 8).forward(zeros([2, 5, 3])).shape); // [2, 5, 8]
 * ```
 */
export const rnn = (inFeatures: number, outFeatures: number, options?: RnnOptions): Recurrent =>
  new Recurrent("rnn", inFeatures, outFeatures, options);
/**
 * Long short-term memory; see `Recurrent`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.lstm(3, 8).forward(zeros([2, 5, 3])).shape); // [2, 5, 8]
 * ```
 */
export const lstm = (inFeatures: number, outFeatures: number, options?: RecurrentOptions): Recurrent =>
  new Recurrent("lstm", inFeatures, outFeatures, options);
/**
 * Gated recurrent units; see `Recurrent`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.gru(3, 8).forward(zeros([2, 5, 3])).shape); // [2, 5, 8]
 * ```
 */
export const gru = (inFeatures: number, outFeatures: number, options?: RecurrentOptions): Recurrent =>
  new Recurrent("gru", inFeatures, outFeatures, options);
