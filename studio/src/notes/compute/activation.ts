// Computes figures 3 to 6: activation functions and their derivatives.
import { compile, Generator, grad, init, nn, tensor } from "tidu";

/** The functions of figures 3 to 6; `shape` is leaky ReLU's slope and ELU's alpha, and nothing to the others. */
export const ACTIVATIONS = {
  sigmoid: () => nn.sigmoid(),
  relu: () => nn.relu(),
  leakyRelu: (shape: number) => nn.leakyRelu(shape),
  elu: (shape: number) => nn.elu(shape),
} as const;
export type ActivationName = keyof typeof ACTIVATIONS;

/** Where the curves are drawn. */
export const EDGE = 5;
export const GRID = Float32Array.from({ length: 201 }, (_, i) => -EDGE + (i * 2 * EDGE) / 200);

export interface Curve {
  readonly value: readonly number[];
  /** The derivative, by the engine's gradient. */
  readonly slope: readonly number[];
}

/** Value and derivative of an activation at given places. */
export async function curve(name: ActivationName, shape: number, places: Float32Array = GRID): Promise<Curve> {
  const z = tensor(places);
  const y = ACTIVATIONS[name](shape).forward(z);
  const [slope] = grad(y.sum(), [z]);
  return { value: Array.from(await y.data()), slope: Array.from(await slope.data()) };
}

export const DEPTH = 10;
const WIDTH = 32;
const SAMPLES = 64;

/**
 * What a stack of ten layers, each linear and then the activation, does to a gradient on its way back.
 *
 * @param gain the weights' standard deviation is gain / √32.
 * @returns 11 numbers: the gradient's length at the input of layer 1, …, 10 and at the output, as shares of the last.
 */
export async function gradientsThrough(name: ActivationName, shape: number, gain: number, seed = 1): Promise<number[]> {
  const layers = Array.from({ length: DEPTH }, () => [
    nn.linear(WIDTH, WIDTH, { init: init.normal(0, gain / Math.sqrt(WIDTH)), biasInit: init.zeros }),
    ACTIVATIONS[name](shape),
  ]);
  nn.sequential(...layers.flat()).initialize(seed);
  const generator = new Generator(seed);
  const [x, direction] = [generator.normal([SAMPLES, WIDTH]), generator.normal([SAMPLES, WIDTH])];
  const measure = compile((input, toward) => {
    const seen = [input];
    for (const [linear, activation] of layers) seen.push(activation.forward(linear.forward(seen[seen.length - 1])));
    const cost = seen[DEPTH].mul(toward).sum();
    return grad(cost, seen).map((g) => g.square().sum());
  });
  const squares = await Promise.all((await measure(x, direction)).map((s) => s.item()));
  return squares.map((s) => Math.sqrt(s / squares[DEPTH]));
}
