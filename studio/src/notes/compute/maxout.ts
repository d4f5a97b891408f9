// Linear pieces and their maximum, for the figure about maxout.
import { compile, grad, init, loss, nn, optim, type Tensor, tensor } from "tidu";

export const EDGE = 2;
export const GRID = Float32Array.from({ length: 81 }, (_, i) => -EDGE + (i * 2 * EDGE) / 80);
const X = tensor(GRID, [GRID.length, 1]);

/** What the unit is to become; a maximum of lines can be the first two, and only those, since it is convex. */
export const TARGETS = {
  square: (x: number) => x * x - 1,
  abs: (x: number) => 1.5 * Math.abs(x) - 1,
  wave: (x: number) => Math.sin(2 * x),
} as const;
export type TargetName = keyof typeof TARGETS;

/** One maxout unit of the figure. */
export interface Unit {
  /** Its pieces, each the line slope · x + offset. */
  readonly lines: readonly { readonly slope: number; readonly offset: number }[];
  /** The largest of them at each place of `GRID`, by the layer itself. */
  readonly envelope: readonly number[];
}

export interface Fit {
  readonly cost: number;
  readonly units: readonly Unit[];
  /** What is fitted: the unit, or the difference of two. */
  readonly output: readonly number[];
}

/** What the layer does at one place, and the gradient of the squared error there by each piece's slope and offset. */
export interface AtPlace {
  readonly x: number;
  readonly wanted: number;
  readonly output: number;
  /** Piece by piece, of the first unit, then of the second. */
  readonly pieces: readonly { readonly value: number; readonly slope: number; readonly offset: number }[];
}

/** Maxout learning a curve: one unit of k lines, or the difference of two such units. */
export class MaxoutFit {
  readonly #layer;
  readonly #wanted;
  readonly #step;
  readonly #look;
  readonly #gradient;

  constructor(
    readonly k: number,
    readonly count: 1 | 2,
    readonly target: TargetName,
    seed = 3,
  ) {
    const layer = nn.maxout(1, count, k, { init: init.normal(0, 1), biasInit: init.normal(0, 0.5) }).initialize(seed);
    const optimizer = optim.adam({ lr: 0.03 });
    const output = (units: Tensor) => (count === 1 ? units : units.slice(1, 0, 1).sub(units.slice(1, 1, 2)));
    const cost = (units: Tensor, t: Tensor) => loss.mse(output(units), t);
    this.#layer = layer;
    this.#wanted = tensor(
      Array.from(GRID, (x) => [TARGETS[target](x)]),
      [GRID.length, 1],
    );
    this.#step = compile((x, t) => optimizer.minimize(cost(layer.forward(x), t), layer.parameters()));
    this.#look = compile((x, t) => {
      const units = layer.forward(x);
      return { units: units.transpose(), output: output(units), cost: cost(units, t) };
    });
    this.#gradient = compile((x, t) => {
      const units = layer.forward(x);
      const [slopes, offsets] = grad(cost(units, t), [layer.weight, layer.bias as Tensor]);
      return { output: output(units), slopes: slopes.mul(1), offsets: offsets.mul(1) };
    });
  }

  /** Makes so many updates. */
  async learn(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) await this.#step(X, this.#wanted);
  }

  /** Where the gradient of one sample goes. */
  async at(x: number): Promise<AtPlace> {
    const wanted = TARGETS[this.target](x);
    const { output, slopes, offsets } = await this.#gradient(tensor([[x]]), tensor([[wanted]]));
    const [value, bySlope, byOffset] = [await output.item(), await slopes.data(), await offsets.data()];
    const { units } = await this.look();
    const lines = units.flatMap((unit) => unit.lines);
    const pieces = lines.map((line, i) => ({
      value: line.slope * x + line.offset,
      slope: bySlope[i],
      offset: byOffset[i],
    }));
    return { x, wanted, output: value, pieces };
  }

  /** What has been learned so far. */
  async look(): Promise<Fit> {
    const { units, output, cost } = await this.#look(X, this.#wanted);
    const slopes = await this.#layer.weight.data();
    const offsets = (await this.#layer.bias?.data()) ?? [];
    const heights = Array.from(await units.data());
    const unit = (j: number): Unit => ({
      lines: Array.from({ length: this.k }, (_, i) => ({
        slope: slopes[j * this.k + i],
        offset: offsets[j * this.k + i],
      })),
      envelope: heights.slice(j * GRID.length, (j + 1) * GRID.length),
    });
    return {
      cost: await cost.item(),
      units: Array.from({ length: this.count }, (_, j) => unit(j)),
      output: Array.from(await output.data()),
    };
  }
}
