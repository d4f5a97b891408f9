// All masks of a small network, for the figure about dropout as an ensemble.
import { compile, loss, manualSeed, nn, optim, type Tensor, tensor } from "tidu";
import { dropoutEnsemble } from "tidu/insight";

export const EDGE = 3;
export const GRID = Float32Array.from({ length: 61 }, (_, i) => -EDGE + (i * 2 * EDGE) / 60);
const PLACES = Float32Array.from({ length: 21 }, (_, i) => -EDGE + (i * 2 * EDGE) / 20);
export const POINTS = Array.from(PLACES, (x) => ({ x, t: Math.sin(x) }));
const X = tensor(PLACES, [PLACES.length, 1]);
const T = tensor(
  POINTS.map(({ t }) => [t]),
  [PLACES.length, 1],
);

/** What follows the thinned layer: only "linear" makes the scaled network equal the average. */
export type Tail = "linear" | "tanh";

export interface Thinned {
  readonly kept: readonly boolean[];
  readonly probability: number;
  /** Its function at the places of `GRID`. */
  readonly curve: readonly number[];
}

export interface Ensemble {
  readonly nets: readonly Thinned[];
  /** The average of all, by their probabilities. */
  readonly mean: readonly number[];
  readonly spread: readonly number[];
  /** The whole network as it is used, its thinned layer times 1 - p. */
  readonly scaled: readonly number[];
  /** The whole network if one forgets to scale. */
  readonly unscaled: readonly number[];
  /** The largest distances of the average from the two. */
  readonly gap: number;
  readonly unscaledGap: number;
}

const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

/** A network of one input whose n hidden units dropout thins, in the form of the notes: times 1 - p in use. */
export class EnsembleLab {
  readonly #net;
  readonly #whole;
  readonly #step;

  constructor(
    readonly units: number,
    readonly p: number,
    readonly tail: Tail,
    seed = 2,
  ) {
    const before: nn.Module[] = [nn.linear(1, units), nn.tanh()];
    const after: nn.Module[] =
      tail === "linear" ? [nn.linear(units, 1)] : [nn.linear(units, 6), nn.tanh(), nn.linear(6, 1)];
    this.#net = nn.sequential(...before, nn.dropout(p, { scale: "test" }), ...after).initialize(seed);
    this.#whole = nn.sequential(...before, ...after);
    const [net, optimizer] = [this.#net, optim.adam({ lr: 0.02 })];
    this.#step = compile((x: Tensor, t: Tensor) => optimizer.minimize(loss.mse(net.forward(x), t), net.parameters()));
    manualSeed(seed);
    this.#step.prepare(X, T);
  }

  /** Makes so many updates with dropout. */
  async learn(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) await this.#step(X, T);
  }

  /** Every thinned network, and what they are together. */
  async all(): Promise<Ensemble> {
    const x = tensor(GRID, [GRID.length, 1]);
    const every = await dropoutEnsemble(this.#net, x);
    const numbers = async (t: Tensor) => Array.from(await t.data());
    const outputs = await numbers(every.outputs);
    const [mean, spread] = [await numbers(every.mean), await numbers(every.spread)];
    const [scaled, unscaled] = [await numbers(await this.#net.predict(x)), await numbers(await this.#whole.predict(x))];
    return {
      nets: every.masks.map(({ kept, probability }, i) => ({
        kept: Array.from(kept, (k) => k === 1),
        probability,
        curve: outputs.slice(i * GRID.length, (i + 1) * GRID.length),
      })),
      ...{ mean, spread, scaled, unscaled },
      gap: furthest(mean, scaled),
      unscaledGap: furthest(mean, unscaled),
    };
  }
}
