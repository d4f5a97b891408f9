// Checks of layers' inputs.
import { refuseShape } from "../base/check.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";

/** Throws unless the input is a tensor with the axes that are named, as in ["samples", "channels", "length"]. */
export function checkAxes(layer: string, x: Tensor, names: readonly string[]): void {
  checkTensor(layer, "input", x);
  if (x.rank !== names.length) refuseShape(layer, "input", x, `[${names.join(", ")}]; reshape it`);
}

/** Throws ShapeError unless the input has the expected channels (axis 1); `mend` is the layer that would fit. */
export function checkChannels(layer: string, x: Tensor, expected: number, mend: (channels: number) => string): void {
  const channels = x.shape[1];
  if (channels !== expected) {
    refuseShape(layer, "input", x, `of ${expected} channels (axis 1); or change the layer to ${mend(channels)}`);
  }
}

/** Throws unless the input is a tensor of the expected features (last axis); `mend` is the layer that would fit. */
export function checkFeatures(layer: string, x: Tensor, expected: number, mend: (features: number) => string): void {
  checkTensor(layer, "input", x);
  const features = x.shape.at(-1);
  if (features === expected) return;
  const other = features === undefined ? "" : `; or change the layer to ${mend(features)}`;
  refuseShape(layer, "input", x, `of ${expected} features (last axis)${other}`);
}
