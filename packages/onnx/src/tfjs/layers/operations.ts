// Keras 3's own operations (keras.ops, and operators such as +) among the layers of a functional model.
import { int, string } from "../../export/writer.js";
import { ACTIVATIONS } from "../activations.js";
import type { Value } from "../builder.js";
import type { Row, Rows } from "./layer.js";

/** The larger number of axes, since values stretch; numbers have none. */
const stretched = (values: readonly Value[]): number | undefined =>
  values.some(({ rank }) => rank === undefined) ? undefined : Math.max(...values.map(({ rank }) => rank ?? 0));

const plain =
  (op: string): Row =>
  ({ builder, path }, x) =>
    builder.add(op, [x], x.rank, path);

const binary =
  (op: string): Row =>
  ({ builder, path, place }, _, all) =>
    all.length === 2
      ? builder.add(op, all, stretched(all), path)
      : place.damaged(`takes ${all.length} values, expected 2`);

const named =
  (name: string): Row =>
  ({ builder, path }, x) =>
    ACTIVATIONS[name](builder, x, path);

const square: Row = ({ builder, path }, x) => builder.add("Mul", [x, x], x.rank, path);

const softmax: Row = ({ builder, path, settings }, x) =>
  builder.add("Softmax", [x], x.rank, path, { axis: int(settings.whole("axis", -1)) });

const gelu: Row = ({ builder, path, settings }, x) =>
  builder.add("Gelu", [x], x.rank, path, settings.flag("approximate", true) ? { approximate: string("tanh") } : {});

const concatenate: Row = ({ builder, path, settings }, _, all) => builder.concat(all, settings.whole("axis", 0), path);

export const KERAS_ROWS: Rows = {
  "ops.Absolute": plain("Abs"),
  "ops.Add": binary("Add"),
  "ops.Concatenate": concatenate,
  "ops.Elu": named("elu"),
  "ops.Exp": plain("Exp"),
  "ops.Gelu": gelu,
  "ops.Log": plain("Log"),
  "ops.Maximum": binary("Max"),
  "ops.Minimum": binary("Min"),
  "ops.Multiply": binary("Mul"),
  "ops.Negative": plain("Neg"),
  "ops.Relu": named("relu"),
  "ops.Relu6": named("relu6"),
  "ops.Selu": named("selu"),
  "ops.Sigmoid": named("sigmoid"),
  "ops.Silu": named("swish"),
  "ops.Softmax": softmax,
  "ops.Softplus": named("softplus"),
  "ops.Softsign": named("softsign"),
  "ops.Sqrt": plain("Sqrt"),
  "ops.Square": square,
  "ops.Subtract": binary("Sub"),
  "ops.Tanh": named("tanh"),
  "ops.TrueDivide": binary("Div"),
};
