// Which number a weight has among those of its layer: TensorFlow.js names those of Keras 3 "dense/0", "dense/1".
import type { Settings } from "../place.js";

/** The weights of a layer, in Keras' order; without those that its settings leave out. */
const WEIGHTS = [
  ["gamma", "scale"],
  ["beta", "center"],
  ["moving_mean"],
  ["moving_variance"],
  ["depthwise_kernel"],
  ["pointwise_kernel"],
  ["kernel"],
  ["embeddings"],
  ["alpha"],
  ["bias", "use_bias"],
] as const;

const NORMALIZATION = ["gamma", "beta"];
/** What layers have beside a kernel and a bias, or in their place. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: [...NORMALIZATION, "moving_mean", "moving_variance"],
  LayerNormalization: NORMALIZATION,
  DepthwiseConv2D: ["depthwise_kernel", "bias"],
  SeparableConv2D: ["depthwise_kernel", "pointwise_kernel", "bias"],
  Embedding: ["embeddings"],
  PReLU: ["alpha"],
};

/** The number of a weight; -1 for one that the layer does not have. */
export function numberOf(type: string, settings: Settings, field: string): number {
  const own = OWN[type] ?? ["kernel", "bias"];
  const there = WEIGHTS.filter(
    ([name, flag]) => own.includes(name) && (flag === undefined || settings.flag(flag, true)),
  );
  return there.findIndex(([name]) => name === field);
}
