// Computes the figure of a network with two layers.
import { nn, type Tensor, tensor } from "tidu";

/** Units of each layer of the drawing. */
export const SIZES = [2, 3, 1] as const;

export interface Signals {
  /** The inputs, and after each layer what goes on: [2], [3], [1]. */
  readonly values: readonly (readonly number[])[];
  /** Each layer's weighted sums before the activation: [3], [1]. */
  readonly sums: readonly (readonly number[])[];
  readonly weights: readonly (readonly (readonly number[])[])[];
  /** The whole network as one linear function of the inputs, if there is no activation: its two factors and its offset. */
  readonly collapsed?: readonly number[];
}

/** A fully connected network of two layers at work, with its activation or without. */
export class TwoLayers {
  readonly #layers;

  constructor(seed = 4) {
    this.#layers = [nn.linear(SIZES[0], SIZES[1]), nn.linear(SIZES[1], SIZES[2])] as const;
    nn.sequential(...this.#layers).initialize(seed);
  }

  async signals(inputs: readonly number[], activation: boolean): Promise<Signals> {
    const read = async (t: Tensor) => Array.from(await t.data());
    const [values, sums]: number[][][] = [[[...inputs]], []];
    let a = tensor([[...inputs]]);
    for (const layer of this.#layers) {
      const z = layer.forward(a);
      a = activation ? z.sigmoid() : z;
      sums.push(await read(z));
      values.push(await read(a));
    }
    const weights = await Promise.all(this.#layers.map((l) => l.weight.array() as Promise<number[][]>));
    return { values, sums, weights, collapsed: activation ? undefined : await this.#collapse() };
  }

  /** W₂ W₁ and W₂ b₁ + b₂. */
  async #collapse(): Promise<number[]> {
    const [first, second] = this.#layers;
    const factors = second.weight.matmul(first.weight);
    const offset = second.forward((first.bias ?? tensor([0])).unsqueeze(0));
    return [...(await factors.data()), ...(await offset.data())];
  }
}
