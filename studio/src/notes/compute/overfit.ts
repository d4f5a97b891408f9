// Polynomials that fit few noisy points, without a penalty and with one, for the figure about overfitting.
import { compile, Generator, stack, type Tensor, tensor } from "tidu";

/** Places at which the functions are drawn, from -1 to 1. */
export const GRID = Float32Array.from({ length: 81 }, (_, i) => -1 + i / 40);
const TRAIN = 12;
const UNSEEN = 200;
const NOISE = 0.3;
export const truth = (x: number): number => Math.sin(3 * x);

/** Strengths of the penalty: none, then four in each power of ten. */
export const LAMBDAS = Float32Array.from({ length: 26 }, (_, i) => (i === 0 ? 0 : 10 ** ((i - 21) / 4)));
/** As many conjugate steps as bring float32 to rest for up to twelve weights. */
const STEPS = 40;

export interface Samples {
  readonly x: Float32Array;
  readonly t: Float32Array;
}

/** Points to learn from, and points of the same kind that are only measured with. */
export async function samples(): Promise<{ readonly train: Samples; readonly unseen: Samples }> {
  const generator = new Generator(5);
  const drawn = async (count: number): Promise<Samples> => {
    const x = Float32Array.from({ length: count }, (_, i) => -1 + (2 * (i + 0.5)) / count);
    const noise = await generator.normal([count]).mul(NOISE).data();
    return { x, t: x.map((at, i) => truth(at) + noise[i]) };
  };
  return { train: await drawn(TRAIN), unseen: await drawn(UNSEEN) };
}

/** Legendre's polynomials up to a degree at some places, [places, degree + 1]; the first, a constant, is the bias. */
function features(x: Float32Array, degree: number): Tensor {
  const row = (at: number): number[] => {
    const p = [1, at];
    for (let n = 1; n < degree; n++) p.push(((2 * n + 1) * at * p[n] - n * p[n - 1]) / (n + 1));
    return p.slice(0, degree + 1);
  };
  return tensor(Array.from(x, row));
}

/**
 * The weights [features, λ] of the lowest J + λ‖w‖² for every λ at once, the bias left out of the penalty: conjugate
 * gradients (Hestenes and Stiefel, 1952) on the normal equations.
 */
function solve(phi: Tensor, t: Tensor, lambdas: Tensor, penalized: Tensor): Tensor {
  const count = phi.shape[0];
  const square = phi.transpose().matmul(phi).div(count);
  const penalty = penalized.matmul(lambdas);
  const times = (w: Tensor) => square.matmul(w).add(penalty.mul(w));
  const sum = (v: Tensor) => v.sum(0, true);
  let rest = phi.transpose().matmul(t).div(count).add(penalty.mul(0));
  let [w, way, size] = [rest.mul(0), rest, sum(rest.square())];
  for (let step = 0; step < STEPS; step++) {
    const image = times(way);
    const far = size.div(sum(way.mul(image)).maximum(1e-30));
    w = w.add(way.mul(far));
    rest = rest.sub(image.mul(far));
    const left = sum(rest.square());
    way = rest.add(way.mul(left.div(size.maximum(1e-30))));
    size = left;
  }
  return w;
}

const run = compile((phi, t, lambdas, penalized, grid, unseen, u) => {
  const w = solve(phi, t, lambdas, penalized);
  const error = (x: Tensor, wanted: Tensor) => x.matmul(w).sub(wanted).square().mean(0);
  return { curves: grid.matmul(w).transpose(), errors: stack([error(phi, t), error(unseen, u)]) };
});

export interface Fits {
  /** The function at each place of `GRID`, for each of `LAMBDAS`. */
  readonly curves: readonly (readonly number[])[];
  /** Mean squared error on the points that are learned from, and on unseen ones, for each of `LAMBDAS`. */
  readonly train: readonly number[];
  readonly unseen: readonly number[];
  readonly points: Samples;
}

/** What polynomials of a degree come to, for every strength of the penalty. */
export async function fits(degree: number): Promise<Fits> {
  const { train, unseen } = await samples();
  const column = (t: Float32Array) => tensor(t, [t.length, 1]);
  const { curves, errors } = await run(
    features(train.x, degree),
    column(train.t),
    tensor(LAMBDAS, [1, LAMBDAS.length]),
    tensor(Array.from({ length: degree + 1 }, (_, i) => [i === 0 ? 0 : 1])),
    features(GRID, degree),
    features(unseen.x, degree),
    column(unseen.t),
  );
  const [drawn, measured] = [Array.from(await curves.data()), Array.from(await errors.data())];
  return {
    curves: Array.from(LAMBDAS, (_, i) => drawn.slice(i * GRID.length, (i + 1) * GRID.length)),
    train: measured.slice(0, LAMBDAS.length),
    unseen: measured.slice(LAMBDAS.length),
    points: train,
  };
}
