import { compile, grad, loss, nn, optim, tensor, zeros } from "tidu";

/** Places at which the learned curve is drawn, and half the width of the figure. */
const EDGE = 3;
export const CURVE = Float32Array.from({ length: 121 }, (_, i) => -EDGE + (i * 2 * EDGE) / 120);

/** What is to be learned: points of a curve that no straight line follows. */
const places = Float32Array.from({ length: 24 }, (_, i) => -EDGE + ((i + 0.5) * 2 * EDGE) / 24);
export const POINTS = Array.from(places, (x) => ({ x, t: Math.sin(1.5 * x) + 0.3 * x }));

const X = tensor(places, [24, 1]);
const T = tensor(
  POINTS.map(({ t }) => [t]),
  [24, 1],
);

/** What one turn of the loop measured. */
export interface Turn {
  /** Mean squared error before the update. */
  readonly cost: number;
  /** Length of the gradient by all parameters. */
  readonly slope: number;
}

/** The three steps as a loop: a set of functions (a small network), a measure of each, a step to a better one. */
export class Loop {
  readonly #net;
  readonly #optimizer;
  readonly #step;

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
    this.#step = compile((x, t) => {
      const cost = loss.mse(net.forward(x), t);
      const gradients = grad(cost, parameters);
      optimizer.step(parameters, gradients);
      return { cost, squares: gradients.reduce((sum, g) => sum.add(g.square().sum()), zeros([])) };
    });
  }

  /** How many numbers are learned. */
  get parameters(): number {
    return this.#net.parameters().reduce((sum, p) => sum + p.size, 0);
  }

  set rate(value: number) {
    this.#optimizer.lr = value;
  }

  /** Measures the function that is chosen now, and moves on to the next. */
  async turn(): Promise<Turn> {
    const { cost, squares } = await this.#step(X, T);
    return { cost: await cost.item(), slope: Math.sqrt(await squares.item()) };
  }

  /** The function that is chosen now, at the places of `CURVE`. */
  async curve(): Promise<number[]> {
    return Array.from(await (await this.#net.predict(tensor(CURVE, [CURVE.length, 1]))).data());
  }
}
