// A network's summary: layers, shapes, parameters and memory, as a table.
import { callback, checkOptions, having, oneOrMore, words } from "../base/check.js";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape.js";
import { compileProgram } from "../compile/program.js";
import { makeStorage, valueBytes } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import type { Optimizer } from "../optim/optimizer.js";
import { grad } from "../tensor/grad.js";
import { resolve } from "../tensor/stored.js";
import { Tensor } from "../tensor/tensor.js";
import { trace } from "../tensor/trace.js";
import type { Variable } from "../tensor/variable.js";
import { forwardIn } from "./forward.js";
import type { Layered } from "./layered.js";
import type { Loss } from "./loss.js";
import { checkNet, type Module } from "./module.js";
import { type Observation, observe } from "./observe.js";
import type { Parameter } from "./parameter.js";
import { formatPerAxis } from "./spatial.js";
import { trainStep } from "./train-step.js";

/** Options of `summary`. */
export interface SummaryOptions {
  /** Samples in a step. Default 64. */
  readonly batchSize?: number;
  /** Type of the input's elements: "i32" for networks that begin with an embedding. Default "f32". */
  readonly dtype?: "f32" | "i32";
  /** The optimizer, whose state counts, too. Default: plain gradient descent, which has none. */
  readonly optimizer?: Optimizer;
  /** The cost, of outputs and class numbers [batch] (i32). Default: the sum of the outputs' squares. */
  readonly loss?: Loss;
}

/** One layer of a summary: its name, output shape and number of parameters. */
export interface LayerSummary {
  readonly name: string;
  /** As in "conv2d(1, 6, 5), padding 2": with settings of its windows that are not the default. */
  readonly layer: string;
  /** Shape of the output for one batch, the batch first. */
  readonly outputShape: Shape;
  /** Numbers in its parameters; 0 where a layer is used again, since they count once. */
  readonly parameters: number;
  /** Set where training does not change them. */
  readonly frozen?: true;
  /**
   * For a convolution, the number of parameters of a fully connected layer with the same inputs and outputs: inputs ·
   * outputs weights, and outputs biases if the convolution has a bias. Sharing weights saves the difference.
   */
  readonly fullyConnected?: number;
}

/** A network's layers, parameters and memory. `toString()` prints them as a table. */
export interface Summary {
  readonly layers: readonly LayerSummary[];
  /** Numbers in all parameters. */
  readonly parameters: number;
  /** Those of them that training changes: all that are not frozen. */
  readonly trainable: number;
  readonly batchSize: number;
  /** Name of the optimizer that the memory is counted with; undefined for plain gradient descent. */
  readonly optimizer?: string;
  /**
   * Bytes of one training step: parameters, buffers, the optimizer's state, the batch, and all intermediate values
   * (planned exactly).
   */
  readonly trainingBytes: number;
  /** The table as text. */
  toString(): string;
}

const OPTIONS = {
  batchSize: oneOrMore,
  dtype: words("f32", "i32"),
  optimizer: having("an optimizer", "minimize"),
  loss: callback,
};

/**
 * A network's layers with their output shapes, parameter counts, and the memory of training. Nothing is computed. (A
 * function, since bundlers keep all methods of a network, and a page that only predicts needs no table.)
 *
 * @param inputShape shape of one sample, without the batch axis.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * console.log(nn.summary(nn.linear(2, 3), [2]).parameters); // 9
 * ```
 */
export function summary(net: Module, inputShape: readonly number[], options: SummaryOptions = {}): Summary {
  checkNet("summary", net);
  checkShape("summary", inputShape, "inputShape");
  checkOptions("summary", options, OPTIONS);
  const { batchSize = 64, dtype = "f32", optimizer, loss } = options;
  const input = new Tensor(fromStorage(makeStorage([batchSize, ...inputShape], dtype, "input")));
  const layers = shapesOf(net, input);
  const all = net.parameters();
  const [parameters, trainable] = [count(all), count(all.filter((p) => p.trainable))];
  const trainingBytes = stepBytes(net, input, optimizer, loss);
  const found = { layers, parameters, trainable, batchSize, optimizer: optimizer?.name, trainingBytes };
  return { ...found, toString: () => table(found) };
}

const count = (parameters: readonly Parameter[]): number => parameters.reduce((n, p) => n + p.size, 0);

function shapesOf(net: Layered, input: Tensor): LayerSummary[] {
  const seen = observe(net, () => trace(() => forwardIn(net, false, [input])));
  const counted = new Set<Parameter>();
  return seen.map((observed) => {
    const { name, layer, output } = observed;
    const own = layer.parameters();
    const fresh = own.filter((p) => !counted.has(p));
    for (const p of fresh) counted.add(p);
    const frozen = own.length > 0 && own.every((p) => !p.trainable);
    const row = {
      name,
      layer: String(layer) + windowOf(layer),
      outputShape: output.shape,
      parameters: count(fresh),
      ...(frozen ? { frozen } : {}),
    } as const;
    return isConvolution(layer) ? { ...row, fullyConnected: fullyConnected(observed) } : row;
  });
}

/**
 * Settings of a layer's windows that are not the default, as in ", stride 2, padding 1"; read from its fields, so that
 * your own layers count, too.
 */
function windowOf(layer: Layered): string {
  const { kernel, window, groups = 1, ...own } = layer as Partial<Record<"kernel" | "window", unknown>> & Windows;
  if (!Array.isArray(kernel)) return "";
  const { stride, padding, dilation }: Windows = window ?? own;
  const told = (name: string, values: readonly number[] | undefined, usual: number): string =>
    values?.some((v) => v !== usual) ? `, ${name} ${formatPerAxis(values)}` : "";
  const step = "inChannels" in layer ? 1 : kernel[0];
  return (
    told("stride", stride, step) +
    told("padding", padding, 0) +
    told("dilation", dilation, 1) +
    told("groups", [groups], 1)
  );
}

interface Windows {
  readonly stride?: readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: readonly number[];
  readonly groups?: number;
}

/** Decided by the fields from which `sequential` knows a layer's sizes, so that your own convolutions count, too. */
const isConvolution = (layer: Layered): boolean =>
  "inChannels" in layer && "outChannels" in layer && layer.parameters().length > 0;

function fullyConnected({ layer, input, output }: Observation): number {
  const [inputs, outputs] = [input, output].map((t) => sizeOf(t.shape.slice(1)));
  return inputs * outputs + (layer.namedParameters().has("bias") ? outputs : 0);
}

/** Bytes of a whole training step: storages and intermediate values. */
function stepBytes(net: Layered, input: Tensor, optimizer: Optimizer | undefined, loss: Loss | undefined): number {
  const labels = new Tensor(fromStorage(makeStorage([input.shape[0]], "i32", "labels")));
  const cost: Loss = loss ?? ((output) => output.square().sum());
  const { updates, trace: made } = trace(() => {
    if (net.parameters().some((p) => p.trainable)) {
      trainStep({ net, loss: cost, optimizer: optimizer ?? plainDescent }, input, labels);
    } else forwardIn(net, true, [input]);
  });
  const { values, reads } = resolve(
    updates.map((u) => u.value),
    made,
  );
  const program = updates.map(({ storage }, i) => ({ storage, value: values[i] }));
  const stays = new Set([...net.state().values()].map((v) => v.storage));
  for (const storage of [...reads, ...updates.map((u) => u.storage), ...resolve([input.node]).reads])
    stays.add(storage);
  const bytes = [...stays].reduce((n, value) => n + valueBytes(value), 0);
  return bytes + (program.length === 0 ? 0 : compileProgram(program).program.memory.arenaBytes);
}

/** w ← w - gradient, which is all that the memory of gradient descent depends on. */
const plainDescent = {
  minimize(cost: Tensor, variables: readonly Variable[]): Tensor {
    const trained = variables.filter((v) => v.trainable);
    grad(cost, trained).forEach((g, i) => void trained[i].assign(trained[i].sub(g)));
    return cost;
  },
};

function table({
  layers,
  parameters,
  trainable,
  batchSize,
  optimizer,
  trainingBytes,
}: Omit<Summary, "toString">): string {
  const number = (n: number | undefined) => n?.toLocaleString("en") ?? "";
  const rows = [
    ["name", "layer", "output shape", "parameters", "if fully connected"],
    ...layers.map((l) => [
      l.name,
      l.layer,
      formatShape(l.outputShape),
      l.frozen ? `${number(l.parameters)} frozen` : number(l.parameters),
      number(l.fullyConnected),
    ]),
  ];
  if (layers.every((l) => l.fullyConnected === undefined)) for (const row of rows) row.pop();
  const widths = rows[0].map((_, c) => Math.max(...rows.map((r) => r[c].length)));
  const lines = rows.map((r) =>
    r
      .map((cell, c) => (c >= 3 ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
      .join("  ")
      .trimEnd(),
  );
  const rule = "-".repeat(lines[0].length);
  return [
    lines[0],
    rule,
    ...lines.slice(1),
    rule,
    `${number(parameters)} parameters${trainable === parameters ? "" : `, ${number(trainable)} of them trained`}; training with ${optimizer === undefined ? "" : `${optimizer} and `}batches of ${batchSize} needs ${(trainingBytes / 2 ** 20).toFixed(1)} MiB`,
  ].join("\n");
}
