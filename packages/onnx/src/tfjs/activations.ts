// The activation functions of TensorFlow.js by their names.
import { float, int, string } from "../export/writer.js";
import type { Builder, Value } from "./builder.js";

type Activate = (b: Builder, x: Value, path: string) => Value;

const plain =
  (op: string): Activate =>
  (b, x, path) =>
    b.add(op, [x], x.rank, path);

const lastAxis =
  (op: string): Activate =>
  (b, x, path) =>
    b.add(op, [x], x.rank, path, { axis: int(-1) });

export const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  linear: (_, x) => x,
  relu: plain("Relu"),
  relu6: (b, x, path) => b.clip(x, 0, 6, path),
  elu: plain("Elu"),
  selu: plain("Selu"),
  sigmoid: plain("Sigmoid"),
  hard_sigmoid: (b, x, path) => b.add("HardSigmoid", [x], x.rank, path, { alpha: float(0.2), beta: float(0.5) }),
  tanh: plain("Tanh"),
  softplus: plain("Softplus"),
  softsign: plain("Softsign"),
  softmax: lastAxis("Softmax"),
  log_softmax: lastAxis("LogSoftmax"),
  exponential: plain("Exp"),
  swish: (b, x, path) => b.add("Mul", [x, b.add("Sigmoid", [x], x.rank, path)], x.rank, path),
  mish: plain("Mish"),
  gelu: plain("Gelu"),
  gelu_new: (b, x, path) => b.add("Gelu", [x], x.rank, path, { approximate: string("tanh") }),
};
