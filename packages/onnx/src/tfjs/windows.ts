// Translates windows of kernels and pools from TensorFlow.js' settings to ONNX's attributes.
import { ints, string } from "../export/writer.js";
import type { Attributes } from "./builder.js";
import type { Place } from "./place.js";
import { permuted, reshaped, type Weight } from "./weights.js";

/** A window as both kinds of model declare it. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
  /** "same", "valid", "causal" for what looks back only, or the border before and after each axis. */
  readonly padding: string | readonly (readonly [number, number])[];
}

export function attributesOf({ kernel, strides, dilations, padding }: Window, place: Place): Attributes {
  const border = (pairs: readonly (readonly [number, number])[]) => ({
    pads: ints([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)]),
  });
  const known: Readonly<Record<string, () => Attributes>> = {
    same: () => ({ auto_pad: string("SAME_UPPER") }),
    valid: () => ({ auto_pad: string("VALID") }),
    causal: () => border(kernel.map((k, i) => [(k - 1) * (dilations?.[i] ?? 1), 0] as const)),
  };
  const pads = typeof padding === "string" ? known[padding.toLowerCase()]?.() : border(padding);
  return {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    ...(dilations === undefined ? {} : { dilations: ints(dilations) }),
    ...(pads ?? place.damaged(`has padding ${padding}, expected same or valid`)),
  };
}

/** A kernel [...places, in, out] as [out, in, ...places]. */
export function kernelOf(weight: Weight, place: Place, axes = weight.shape.length - 2): Weight {
  checkRank(weight, axes + 2, place);
  return permuted(weight, [axes + 1, axes, ...count(axes)]);
}

/** A kernel of each channel alone, [...places, in, multiplier], as [in · multiplier, 1, ...places]. */
export function depthwiseKernelOf(weight: Weight, place: Place): Weight {
  checkRank(weight, 4, place);
  const [height, width, channels, multiplier] = weight.shape;
  return reshaped(permuted(weight, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

/** A kernel of a transposed convolution, [...places, out, in], as [in, out, ...places]. */
export const transposeKernelOf = kernelOf;

function checkRank({ shape }: Weight, rank: number, place: Place): void {
  if (shape.length !== rank) place.damaged(`has a kernel of ${shape.length} axes, expected ${rank}`);
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
