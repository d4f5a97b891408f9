import { ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";

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
