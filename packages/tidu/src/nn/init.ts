import { checkPositive, checkRange } from "../base/check.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { full, type Tensor } from "../tensor/tensor.js";
import type { Initializer } from "./parameter.js";

// First values of parameters. Layers take them as options: `linear(4, 2, { init: kaimingNormal() })`.

/** Inputs that one output of a weight [out, in, …kernel] sums over, and outputs that one input goes to. */
function fans(name: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError(
      `${name}: the parameter's shape is ${formatShape(shape)}, expected [out, in, …]; use another init`,
    );
  }
  const kernel = sizeOf(shape.slice(2));
  return { fanIn: shape[1] * kernel, fanOut: shape[0] * kernel };
}

/** The same number everywhere. */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    full(shape, value);

export const zeros: Initializer = constant(0);

/** Uniform in [low, high); default [0, 1). */
export function uniform(low = 0, high = 1): Initializer {
  if (!(low <= high) || !Number.isFinite(high - low)) {
    throw new ArgumentError(`uniform: low is ${low}, high is ${high}; they must be finite, low at most high`);
  }
  return (shape, generator) =>
    generator
      .uniform(shape)
      .mul(high - low)
      .add(low);
}

/** Normal with a mean (default 0) and a standard deviation (default 1). */
export function normal(mean = 0, deviation = 1): Initializer {
  checkRange("normal", "deviation", deviation, 0);
  return (shape, generator) => generator.normal(shape).mul(deviation).add(mean);
}

/** Uniform with mean 0 and a standard deviation: ±deviation · √3. */
const uniformBy = (deviation: number): Initializer => uniform(-deviation * Math.sqrt(3), deviation * Math.sqrt(3));

/** Uniform in ±1/sqrt(fan in), PyTorch's default for linear and convolutional layers (LeCun et al., 1998). */
export const byFanIn = (fan: number): Initializer => uniform(-1 / Math.sqrt(fan), 1 / Math.sqrt(fan));

/** `byFanIn` of the weight's own fan in. */
export const lecunUniform: Initializer = (shape, generator) =>
  byFanIn(fans("lecunUniform", shape).fanIn)(shape, generator);

const xavier =
  (name: string, gain: number, draw: (deviation: number) => Initializer): Initializer =>
  (shape, generator) => {
    checkPositive(name, "gain", gain);
    const { fanIn, fanOut } = fans(name, shape);
    return draw(gain * Math.sqrt(2 / (fanIn + fanOut)))(shape, generator);
  };

/**
 * Mean 0 and variance gain² · 2 / (fan in + fan out), for tanh and the like. Glorot and Bengio, AISTATS 2010.
 * @param gain above 0; default 1.
 */
export const xavierUniform = (gain = 1): Initializer => xavier("xavierUniform", gain, uniformBy);
/** `xavierUniform`, but normal. */
export const xavierNormal = (gain = 1): Initializer => xavier("xavierNormal", gain, (d) => normal(0, d));

export interface KaimingOptions {
  /** Slope of the leaky relu that follows; default 0, a relu. */
  readonly slope?: number;
  /** Whether the size of values ("in", the default) or of gradients ("out") is to stay the same from layer to layer. */
  readonly fan?: "in" | "out";
}

const kaiming =
  (name: string, { slope = 0, fan = "in" }: KaimingOptions, draw: (deviation: number) => Initializer): Initializer =>
  (shape, generator) => {
    const { fanIn, fanOut } = fans(name, shape);
    return draw(Math.sqrt(2 / ((1 + slope ** 2) * (fan === "in" ? fanIn : fanOut))))(shape, generator);
  };

/** Mean 0 and variance 2 / ((1 + slope²) · fan), for relu and leaky relu. He et al., ICCV 2015. */
export const kaimingUniform = (options: KaimingOptions = {}): Initializer =>
  kaiming("kaimingUniform", options, uniformBy);
/** `kaimingUniform`, but normal. */
export const kaimingNormal = (options: KaimingOptions = {}): Initializer =>
  kaiming("kaimingNormal", options, (d) => normal(0, d));

/** Steps of `polar`. Each grows the smallest singular value by half, to the right size even if it was 10⁻⁶. */
const POLAR_STEPS = 36;

/**
 * A random matrix [out, in · …kernel] whose rows, or columns if there are fewer of those, are orthonormal, times `gain`.
 * Saxe, McClelland and Ganguli, ICLR 2014. It is the orthogonal part of a normal matrix, so all are equally likely.
 */
export const orthogonal =
  (gain = 1): Initializer =>
  (shape, generator) => {
    checkPositive("orthogonal", "gain", gain);
    fans("orthogonal", shape);
    const [rows, columns] = [shape[0], sizeOf(shape.slice(1))];
    const matrix = generator.normal([Math.min(rows, columns), Math.max(rows, columns)]);
    const wide = polar(matrix).mul(gain);
    return (rows <= columns ? wide : wide.transpose()).reshape(shape);
  };

/**
 * The orthogonal factor of a wide matrix by Newton and Schulz: X ← (3 X - X Xᵀ X) / 2 takes every singular value in
 * (0, √3) to 1 (Higham, "Functions of matrices", 2008, chapter 8). Those of a normal matrix are at most about
 * √rows + √columns.
 */
function polar(normal: Tensor): Tensor {
  const [rows, columns] = normal.shape;
  let x = normal.mul(1.4 / (Math.sqrt(rows) + Math.sqrt(columns)));
  for (let step = 0; step < POLAR_STEPS; step++) x = x.mul(1.5).sub(x.matmul(x.transpose()).matmul(x).mul(0.5));
  return x;
}
