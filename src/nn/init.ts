import { type Shape, sizeOf } from "../base/shape.js";
import { full } from "../tensor/tensor.js";
import type { Initializer } from "./parameter.js";

/** Inputs that one output of a weight [out, in, …] sums over. */
const fanIn = (shape: Shape): number => sizeOf(shape.slice(1));

/** The same number everywhere. */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    full(shape, value);

export const zeros: Initializer = constant(0);

/** Uniform in [low, high). */
export const uniform =
  (low: number, high: number): Initializer =>
  (shape, generator) =>
    generator
      .uniform(shape)
      .mul(high - low)
      .add(low);

/** Uniform in ±1/sqrt(fan in), PyTorch's default for linear and convolutional layers (LeCun et al., 1998). */
export const byFanIn =
  (fan: number): Initializer =>
  (shape, generator) =>
    uniform(-1 / Math.sqrt(fan), 1 / Math.sqrt(fan))(shape, generator);

/** `byFanIn` of the weight's own fan in. */
export const lecunUniform: Initializer = (shape, generator) => byFanIn(fanIn(shape))(shape, generator);
