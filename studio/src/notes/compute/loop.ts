// Computes figure 1: the loop of choosing, measuring and improving.
import { compile, grad, loss, nn, optim, tensor, zeros } from "tidu";

/** Half the width of the figure. */
const EDGE = 3;
const COUNT = 24;
/** From each point to the next so many places of the curve. */
const BETWEEN = 10;
const PARTS = COUNT * BETWEEN;
/** Places at which the learned curve is drawn; the points' own are among them. */
export const CURVE = Float32Array.from({ length: PARTS + 1 }, (_, i) => -EDGE + (i * 2 * EDGE) / PARTS);

/** What is to be learned, each point with its place's number in `CURVE`: points of a curve that no straight line follows. */
export const POINTS = Array.from({ length: COUNT }, (_, i) => {
  const at = (i + 0.5) * BETWEEN;
  const x = CURVE[at];
  return { x, t: Math.sin(1.5 * x) + 0.3 * x, at };
});

const X = tensor(
  POINTS.map(({ x }) => [x]),
  [COUNT, 1],
);
const T = tensor(
  POINTS.map(({ t }) => [t]),
  [COUNT, 1],
);

/** How good the chosen function is. */
export interface Measured {
  /** Mean squared error. */
  readonly cost: number;
  /** Length of the gradient by all parameters. */
  readonly slope: number;
}

/** The three steps as a loop: a set of functions (a small network), a measure of each, a step to a better one. */
export class Loop {
  readonly #net;
  readonly #optimizer;
  readonly #measure;
  readonly #improve;

  /**
   * @param hidden hidden units, at least 1.
   * @param rate learning rate.
   */
  constructor(
    readonly hidden: number,
    rate: number,
    seed = 1,
  ) {
    this.#net = nn.sequential(nn.linear(1, hidden), nn.tanh(), nn.linear(hidden, 1)).initialize(seed);
    this.#optimizer = optim.sgd({ lr: rate, momentum: 0.9 });
    const [net, optimizer, parameters] = [this.#net, this.#optimizer, this.#net.parameters()];
    this.#measure = compile((x, t) => {
      const cost = loss.mse(net.forward(x), t);
      const gradients = grad(cost, parameters);
      return { cost, squares: gradients.reduce((sum, g) => sum.add(g.square().sum()), zeros([])) };
    });
    this.#improve = compile((x, t) => optimizer.minimize(loss.mse(net.forward(x), t), parameters));
  }

  /** How many numbers are learned. */
  get parameters(): number {
    return this.#net.parameters().reduce((sum, p) => sum + p.size, 0);
  }

  set rate(value: number) {
    this.#optimizer.lr = value;
  }

  /** Measures the function that is chosen now. */
  async measure(): Promise<Measured> {
    const { cost, squares } = await this.#measure(X, T);
    return { cost: await cost.item(), slope: Math.sqrt(await squares.item()) };
  }

  /** Chooses a better one: a step against the gradient. */
  async improve(): Promise<void> {
    await this.#improve(X, T);
  }

  /** The function that is chosen now, at the places of `CURVE`. */
  async curve(): Promise<number[]> {
    return Array.from(await (await this.#net.predict(tensor(CURVE, [CURVE.length, 1]))).data());
  }
}
