import { type Dataset, dataset } from "../../../packages/tidu/src/data/index.js";
import { nn, type Tensor, tensor } from "../../../packages/tidu/src/index.js";

/** A network that gives what it is given: n numbers. */
export function identity(n: number): nn.Sequential {
  const net = nn.sequential(nn.linear(n, n, { bias: false }));
  const row = (i: number) => Array.from({ length: n }, (_, j) => Number(i === j));
  return withWeights(net, [tensor(Array.from({ length: n }, (_, i) => row(i)))]);
}

/** Gives a network's parameters, in their order, these values. */
export function withWeights<M extends nn.Module>(net: M, weights: readonly Tensor[]): M {
  net.parameters().forEach((p, i) => p.assign(weights[i]));
  return net;
}

/** Probabilities that the identity gives for five samples of three classes, and the true class of each. */
const SURE: readonly (readonly [truth: number, probabilities: readonly number[]])[] = [
  [0, [0.8, 0.1, 0.1]],
  [0, [0.1, 0.8, 0.1]],
  [1, [0.01, 0.98, 0.01]],
  [2, [0.97, 0.02, 0.01]],
  [2, [0.25, 0.25, 0.5]],
];

/** Samples whose softmax is `SURE`, repeated; two of each five are in the wrong class. */
export function scores(times = 1, classes: readonly string[] = ["ant", "bee", "cow"]): Dataset {
  const all = Array.from({ length: times }, () => SURE).flat();
  const inputs = Float32Array.from(all.flatMap(([, p]) => p.map(Math.log)));
  return dataset(
    inputs,
    [3],
    Uint8Array.from(all, ([truth]) => truth),
    { classes },
  );
}

/** Gray images of 2 × 2, of which the first is of the first class and so on; a network sees them from 0 to 1. */
export const images = (pixels: readonly number[], labels: readonly number[]): Dataset =>
  dataset(Uint8Array.from(pixels), [1, 2, 2], Uint8Array.from(labels), {
    classes: ["dark", "bright"],
    transform: (x) => x.toFloat().div(255),
  });

/** The numbers that are predicted by the identity, and the true ones. */
export const numbers = (predicted: readonly number[], truth: readonly number[], width = 1): Dataset =>
  dataset(Float32Array.from(predicted), [width], Float32Array.from(truth));
