import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Throws ArgumentError unless a size is a whole number of at least `least`. */
export function checkCount(layer: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new ArgumentError(`${layer}: ${name} is ${value}; it must be a whole number of at least ${least}`);
  }
}

/** Throws ArgumentError unless a value is a finite number from `low` (inclusive) to `high` (exclusive). */
export function checkRange(what: string, name: string, value: number, low: number, high = Number.POSITIVE_INFINITY) {
  if (value >= low && value < high) return;
  const limit = high === Number.POSITIVE_INFINITY ? "a finite number" : `below ${high}`;
  throw new ArgumentError(`${what}: ${name} is ${value}; it must be at least ${low} and ${limit}`);
}

/** Throws ArgumentError unless a value is a finite number above 0. */
export function checkPositive(what: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new ArgumentError(`${what}: ${name} is ${value}; it must be a finite number above 0`);
  }
}

/** Throws ShapeError unless the input has the axes that are named, as in ["samples", "channels", "length"]. */
export function checkAxes(layer: string, x: Tensor, names: readonly string[]): void {
  if (x.rank !== names.length) {
    throw new ShapeError(
      `${layer}: input has shape ${formatShape(x.shape)}, expected [${names.join(", ")}]: reshape it`,
    );
  }
}

/** Throws ShapeError unless the input has so many channels (axis 1); `mend` is the layer that would fit. */
export function checkChannels(layer: string, x: Tensor, expected: number, mend: (channels: number) => string): void {
  const channels = x.shape[1];
  if (channels !== expected) {
    throw new ShapeError(
      `${layer}: input has ${channels} channels, expected ${expected}: change the layer to ${mend(channels)} (the input's shape is ${formatShape(x.shape)})`,
    );
  }
}

/** Throws ShapeError unless the input has so many features (last axis); `mend` is the layer that would fit. */
export function checkFeatures(layer: string, x: Tensor, expected: number, mend: (features: number) => string): void {
  const features = x.shape.at(-1);
  if (features !== expected) {
    throw new ShapeError(
      `${layer}: input has ${features ?? "no"} features, expected ${expected}${features === undefined ? "" : `: change the layer to ${mend(features)}`} (the input's shape is ${formatShape(x.shape)})`,
    );
  }
}
