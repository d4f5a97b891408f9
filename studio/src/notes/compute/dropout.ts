// Computes the figures of dropout.
import { compile, loss, manualSeed, nn, optim, tensor } from "tidu";

/** Units of each layer: two inputs, two hidden layers that are thinned, one output. */
export const SIZES = [2, 6, 6, 1] as const;
/** Units that can be dropped. */
export const DROPPABLE = SIZES[1] + SIZES[2];

/** Exclusive or: four points, of which one is learned from at each update. */
const POINTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

export interface Update {
  readonly point: readonly number[];
  /** Of each unit of the two hidden layers, whether this update kept it. */
  readonly kept: readonly boolean[];
  readonly cost: number;
  /** Products that the forward pass of the thinned network needs; the whole one needs `ALL_PRODUCTS`. */
  readonly products: number;
}

const productsOf = (first: number, second: number): number => SIZES[0] * first + first * second + second * SIZES[3];
export const ALL_PRODUCTS = productsOf(SIZES[1], SIZES[2]);

/** A small network that learns with dropout and tells for each update which units it kept. */
export class Thinning {
  readonly #step;
  #updates = 0;

  /**
   * @param p probability that a unit is dropped.
   * @param seed decides the initial weights and all masks.
   */
  constructor(
    readonly p: number,
    seed = 1,
  ) {
    // A sigmoid is never 0, so what dropout gives is 0 exactly where it dropped.
    const first = nn.sequential(nn.linear(SIZES[0], SIZES[1]), nn.sigmoid(), nn.dropout(p));
    const second = nn.sequential(nn.linear(SIZES[1], SIZES[2]), nn.sigmoid(), nn.dropout(p));
    const last = nn.linear(SIZES[2], SIZES[3]);
    const net = nn.sequential(first, second, last).initialize(seed);
    const optimizer = optim.adam({ lr: 0.02 });
    this.#step = compile((x, t) => {
      const a = first.forward(x);
      const b = second.forward(a);
      const cost = optimizer.minimize(loss.bceWithLogits(last.forward(b), t), net.parameters());
      return { cost, first: a, second: b };
    });
    manualSeed(seed);
    this.#step.prepare(tensor([[0, 0]]), tensor([[0]]));
  }

  /** Learns from the next point. */
  async update(): Promise<Update> {
    const point = POINTS[this.#updates++ % POINTS.length];
    const result = await this.#step(tensor([point]), tensor([[point[0] === point[1] ? 0 : 1]]));
    const [a, b] = [await result.first.data(), await result.second.data()];
    const kept = [...a, ...b].map((value) => value !== 0);
    const count = (from: number, to: number) => kept.slice(from, to).filter(Boolean).length;
    const products = productsOf(count(0, SIZES[1]), count(SIZES[1], DROPPABLE));
    return { point, kept, cost: await result.cost.item(), products };
  }
}
