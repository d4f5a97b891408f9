// Computes the figure of gradient descent.
import { compile, Generator, optim, type Tensor, tensor, Variable } from "tidu";

/** Half the width of the plane of the two parameters. */
export const EDGE = 2;
/** Cells of the plane along each side. */
export const CELLS = 32;
export const SAMPLES = 32;

/** A line w·x + b through points, and a weighing w₁x₁ + w₂x₂ whose second input matters little. */
export const PROBLEMS = {
  line: { truth: [1.2, -0.6], noise: 0.3 },
  weighing: { truth: [1.3, 0.25], noise: 0.2 },
} as const;
export type ProblemName = keyof typeof PROBLEMS;
export type Pair = readonly [number, number];

/** What λ multiplies, of the parameters [n, 2]: g(w) of each row. */
const PENALTIES = {
  l1: (w: Tensor) => w.abs().sum(1),
  l2: (w: Tensor) => w.square().sum(1),
} as const;

/** What minimizes g(w)·s + ½‖w − v‖² over w, given v: the second half of a proximal step. */
const NEAREST = {
  l1: (v: Tensor, s: number) => v.sign().mul(v.abs().sub(s).relu()),
  l2: (v: Tensor, s: number) => v.div(1 + 2 * s),
} as const;

export interface DescentOptions {
  readonly problem: ProblemName;
  /** Learning rate. */
  readonly rate: number;
  /** Samples of each update; divides SAMPLES. Default all. */
  readonly batchSize?: number;
  readonly penalty?: keyof typeof PENALTIES;
  /** The penalty's factor. Default 0. */
  readonly lambda?: number;
  /** Follow the gradient of the loss alone, then minimize the penalty exactly. Default: follow the (sub)gradient of both. */
  readonly proximal?: boolean;
  readonly start?: Pair;
}

export interface Place {
  readonly weights: Pair;
  /** The whole cost J′ there. */
  readonly cost: number;
  /** What the last update moved by, over the rate: without proximal steps the gradient; zeros before the first. */
  readonly gradient: Pair;
}

/** Two parameters going down a cost, and the cost everywhere around them. */
export class Descent {
  readonly #samples;
  readonly #weights;
  readonly #cost;
  readonly #step;
  readonly #batches;
  #updates = 0;

  constructor(options: DescentOptions) {
    const { problem, rate, batchSize = SAMPLES, penalty = "l2", lambda = 0, start = [-1.6, 1.6] } = options;
    this.#samples = samplesOf(problem);
    this.#batches = SAMPLES / batchSize;
    const weights = new Variable(tensor([[...start]]), "weights");
    this.#weights = weights;
    // Costs [n] of the parameters [n, 2], over the samples x [m, 2].
    const loss = (w: Tensor, x: Tensor, t: Tensor) => x.matmul(w.transpose()).sub(t.unsqueeze(1)).square().mean(0);
    this.#cost = (w: Tensor, x: Tensor, t: Tensor) => loss(w, x, t).add(PENALTIES[penalty](w).mul(lambda));
    const optimizer = optim.sgd({ lr: rate });
    const followed = options.proximal ? loss : this.#cost;
    this.#step = compile((x, t) => {
      const before = weights.mul(1);
      optimizer.minimize(followed(weights, x, t).sum(), [weights]);
      if (options.proximal) weights.assign(NEAREST[penalty](weights, rate * lambda));
      return before.sub(weights).div(rate);
    });
  }

  /** One update from the next batch. */
  async update(): Promise<Place> {
    const { x, t } = this.#samples;
    const size = SAMPLES / this.#batches;
    const from = (this.#updates++ % this.#batches) * size;
    return this.#place(await this.#step(x.slice(0, from, from + size), t.slice(0, from, from + size)));
  }

  /** Where the parameters are before anything was learned from. */
  begin(): Promise<Place> {
    return this.#place(tensor([[0, 0]]));
  }

  async #place(gradient: Tensor): Promise<Place> {
    const { x, t } = this.#samples;
    const cost = await this.#cost(this.#weights, x, t).item();
    const pair = (data: ArrayLike<number>): Pair => [data[0], data[1]];
    return { weights: pair(await this.#weights.data()), gradient: pair(await gradient.data()), cost };
  }

  /** The cost over all samples in the middle of each cell, row by row from the top left. */
  async plane(): Promise<number[]> {
    const { x, t } = this.#samples;
    const at = (i: number) => -EDGE + ((i + 0.5) * 2 * EDGE) / CELLS;
    const places = Array.from({ length: CELLS * CELLS }, (_, i) => [at(i % CELLS), -at(Math.floor(i / CELLS))]);
    return Array.from(await this.#cost(tensor(places), x, t).data());
  }
}

/** Inputs [m, 2] and targets [m]; of the line the second input is 1. */
function samplesOf(problem: ProblemName): { x: Tensor; t: Tensor } {
  const { truth, noise } = PROBLEMS[problem];
  const generator = new Generator(7);
  const drawn = generator.normal([SAMPLES, 2]);
  const mask = tensor([[1, problem === "line" ? 0 : 1]]);
  const x = drawn.mul(mask).add(tensor([[0, problem === "line" ? 1 : 0]]));
  return { x, t: x.matmul(tensor([...truth])).add(generator.normal([SAMPLES]).mul(noise)) };
}
