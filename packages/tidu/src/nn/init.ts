// Initial values of parameters. Layers take them as options: `linear(4, 2, { init: kaimingNormal() })`.
import {
  check,
  checkOptions,
  finite,
  notNegative,
  oneOrMore,
  positive,
  refuse,
  refuseShape,
  words,
} from "../base/check.js";
import { checkShape, type Shape, sizeOf } from "../base/shape.js";
import { aGenerator } from "../tensor/random.js";
import { full, type Tensor } from "../tensor/tensor.js";
import type { Initializer } from "./parameter.js";

/** Inputs that one output of a weight [out, in, …kernel] sums over, and outputs that one input goes to. */
function fans(name: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    refuseShape(name, "shape", shape, "[out, in, …]; use another init");
  }
  const kernel = sizeOf(shape.slice(2));
  return { fanIn: shape[1] * kernel, fanOut: shape[0] * kernel };
}

/** An initializer that checks its arguments. */
const initializer =
  (name: string, draw: Initializer): Initializer =>
  (shape, generator) => {
    const sizes = checkShape(name, shape);
    check(name, "generator", generator, aGenerator);
    return draw(sizes, generator);
  };

/**
 * The same number everywhere.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(await nn.linear(1, 1, { init: init.constant(0.5) }).weight.array()); // [[0.5]]
 * ```
 */
export function constant(value: number): Initializer {
  check("constant", "value", value, finite);
  return initializer("constant", (shape) => full(shape, value));
}

/**
 * All zeros.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(await nn.linear(2, 1, { init: init.zeros }).weight.array()); // [[0, 0]]
 * ```
 */
export const zeros: Initializer = initializer("zeros", (shape) => full(shape, 0));

/**
 * Uniform in [low, high); default [0, 1).
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.uniform(-0.1, 0.1) }).weight.shape); // [1, 2]
 * ```
 */
export function uniform(low = 0, high = 1): Initializer {
  check("uniform", "low", low, finite);
  check("uniform", "high", high, finite);
  if (low > high) refuse("uniform", "low", low, `at most high, ${high}`);
  return initializer("uniform", (shape, generator) =>
    generator
      .uniform(shape)
      .mul(high - low)
      .add(low),
  );
}

/**
 * Normal with a mean (default 0) and a standard deviation (default 1).
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.normal(0, 0.01) }).weight.shape); // [1, 2]
 * ```
 */
export function normal(mean = 0, deviation = 1): Initializer {
  check("normal", "mean", mean, finite);
  check("normal", "deviation", deviation, notNegative);
  return initializer("normal", (shape, generator) => generator.normal(shape).mul(deviation).add(mean));
}

/** Uniform with mean 0 and a standard deviation: ±deviation · √3. */
const uniformBy = (deviation: number): Initializer => uniform(-deviation * Math.sqrt(3), deviation * Math.sqrt(3));

/**
 * Uniform in ±1/sqrt(fan in), PyTorch's default for linear and convolutional layers (LeCun et al., 1998).
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.byFanIn(2) }).weight.shape); // [1, 2]
 * ```
 */
export function byFanIn(fan: number): Initializer {
  check("byFanIn", "fan", fan, oneOrMore);
  return initializer("byFanIn", uniform(-1 / Math.sqrt(fan), 1 / Math.sqrt(fan)));
}

/**
 * `byFanIn` with the fan in of the weight itself.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.lecunUniform }).weight.shape); // [1, 2]
 * ```
 */
export const lecunUniform: Initializer = initializer("lecunUniform", (shape, generator) =>
  byFanIn(fans("lecunUniform", shape).fanIn)(shape, generator),
);

function xavier(name: string, gain: number, draw: (deviation: number) => Initializer): Initializer {
  check(name, "gain", gain, positive);
  return initializer(name, (shape, generator) => {
    const { fanIn, fanOut } = fans(name, shape);
    return draw(gain * Math.sqrt(2 / (fanIn + fanOut)))(shape, generator);
  });
}

/**
 * Mean 0 and variance gain² · 2 / (fan in + fan out), for tanh and the like. Glorot and Bengio, AISTATS 2010.
 * @param gain above 0; default 1.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.xavierUniform() }).weight.shape); // [1, 2]
 * ```
 */
export const xavierUniform = (gain = 1): Initializer => xavier("xavierUniform", gain, uniformBy);
/**
 * `xavierUniform`, but normal.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.xavierNormal() }).weight.shape); // [1, 2]
 * ```
 */
export const xavierNormal = (gain = 1): Initializer => xavier("xavierNormal", gain, (d) => normal(0, d));

/** Options of `kaimingUniform` and `kaimingNormal`. */
export interface KaimingOptions {
  /** Slope of the leaky relu that follows; default 0, a relu. */
  readonly slope?: number;
  /** Whether the size of values ("in", the default) or of gradients ("out") is to stay the same from layer to layer. */
  readonly fan?: "in" | "out";
}

function kaiming(name: string, options: KaimingOptions, draw: (deviation: number) => Initializer): Initializer {
  checkOptions(name, options, { slope: finite, fan: words("in", "out") });
  const { slope = 0, fan = "in" } = options;
  return initializer(name, (shape, generator) => {
    const { fanIn, fanOut } = fans(name, shape);
    return draw(Math.sqrt(2 / ((1 + slope ** 2) * (fan === "in" ? fanIn : fanOut))))(shape, generator);
  });
}

/**
 * Mean 0 and variance 2 / ((1 + slope²) · fan), for relu and leaky relu. He et al., ICCV 2015.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.kaimingUniform() }).weight.shape); // [1, 2]
 * ```
 */
export const kaimingUniform = (options: KaimingOptions = {}): Initializer =>
  kaiming("kaimingUniform", options, uniformBy);
/**
 * `kaimingUniform`, but normal.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 1, { init: init.kaimingNormal() }).weight.shape); // [1, 2]
 * ```
 */
export const kaimingNormal = (options: KaimingOptions = {}): Initializer =>
  kaiming("kaimingNormal", options, (d) => normal(0, d));

/** Steps of `polar`. Each grows the smallest singular value by half; these are enough even if it was 10⁻⁶. */
const POLAR_STEPS = 36;

/**
 * A random matrix [out, in · …kernel] whose rows, or columns if there are fewer of those, are orthonormal, times `gain`.
 * Saxe, McClelland and Ganguli, ICLR 2014. It is the orthogonal part of a normal matrix, so all are equally likely.
 *
 * @example
 * ```ts
 * import { init, nn } from "tidu";
 *
 * console.log(nn.linear(2, 2, { init: init.orthogonal() }).weight.shape); // [2, 2]
 * ```
 */
export function orthogonal(gain = 1): Initializer {
  check("orthogonal", "gain", gain, positive);
  return initializer("orthogonal", (shape, generator) => {
    fans("orthogonal", shape);
    const [rows, columns] = [shape[0], sizeOf(shape.slice(1))];
    const matrix = generator.normal([Math.min(rows, columns), Math.max(rows, columns)]);
    const wide = polar(matrix).mul(gain);
    return (rows <= columns ? wide : wide.transpose()).reshape(shape);
  });
}

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
