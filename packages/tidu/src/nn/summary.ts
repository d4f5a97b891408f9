import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { compileProgram } from "../compile/program.js";
import { makeStorage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { grad } from "../tensor/grad.js";
import { collectPending } from "../tensor/pending.js";
import { Tensor } from "../tensor/tensor.js";
import { withTrace } from "../tensor/trace.js";
import type { Layered } from "./layered.js";
import { type Observation, observe } from "./observe.js";

export interface LayerSummary {
  readonly name: string;
  readonly layer: string;
  /** Shape of the output for one batch, the batch first. */
  readonly outputShape: Shape;
  readonly parameters: number;
  /**
   * For a convolution, the parameters of the fully connected layer that it replaces, from as many inputs to as many
   * outputs: inputs · outputs weights, and outputs biases if the convolution has biases. Sharing saves the difference.
   */
  readonly fullyConnected?: number;
}

/** What a network is made of and needs. `toString()` prints it as a table. */
export interface Summary {
  readonly layers: readonly LayerSummary[];
  /** Numbers that training changes. */
  readonly parameters: number;
  readonly batchSize: number;
  /** Bytes of one training step: parameters, and everything between forward pass and update (planned exactly). */
  readonly trainingBytes: number;
  toString(): string;
}

/** Follows a batch through the network without computing anything. */
export function summarize(net: Layered, inputShape: Shape, batchSize: number): Summary {
  const input = new Tensor(fromStorage(makeStorage([batchSize, ...inputShape], "f32", "input")));
  const layers = shapesOf(net, input);
  const parameters = net.parameters().reduce((n, p) => n + p.size, 0);
  const trainingBytes = parameters * 4 + input.size * 4 + stepBytes(net, input);
  const summary = { layers, parameters, batchSize, trainingBytes };
  return { ...summary, toString: () => table(summary) };
}

function shapesOf(net: Layered, input: Tensor): LayerSummary[] {
  const seen = observe(net, () => {
    collectPending(() => withTrace(() => net.during(false, () => net.forward(input))));
  });
  return seen.map((observed) => {
    const { name, layer, output } = observed;
    const parameters = layer.parameters().reduce((n, p) => n + p.size, 0);
    const row = { name, layer: String(layer), outputShape: output.shape, parameters };
    return isConvolution(layer) ? { ...row, fullyConnected: fullyConnected(observed) } : row;
  });
}

/** Told by the fields from which `sequential` knows a layer's sizes, so that one's own convolutions count too. */
const isConvolution = (layer: Layered): boolean =>
  "inChannels" in layer && "outChannels" in layer && layer.parameters().length > 0;

function fullyConnected({ layer, input, output }: Observation): number {
  const [inputs, outputs] = [input, output].map((t) => sizeOf(t.shape.slice(1)));
  return inputs * outputs + (layer.namedParameters().has("bias") ? outputs : 0);
}

/** Bytes of the arena of a step that follows the gradient of the outputs' sum. */
function stepBytes(net: Layered, input: Tensor): number {
  const { updates } = collectPending(() =>
    withTrace(() => {
      const parameters = net.parameters();
      const cost = net
        .during(true, () => net.forward(input))
        .square()
        .sum();
      grad(cost, parameters).forEach((g, i) => parameters[i].assign(parameters[i].sub(g)));
    }),
  );
  return updates.length === 0 ? 0 : compileProgram(updates).program.memory.arenaBytes;
}

function table({ layers, parameters, batchSize, trainingBytes }: Omit<Summary, "toString">): string {
  const count = (n: number | undefined) => n?.toLocaleString("en") ?? "";
  const rows = [
    ["name", "layer", "output shape", "parameters", "if fully connected"],
    ...layers.map((l) => [l.name, l.layer, formatShape(l.outputShape), count(l.parameters), count(l.fullyConnected)]),
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
    `${count(parameters)} parameters; training with batches of ${batchSize} needs ${(trainingBytes / 2 ** 20).toFixed(1)} MiB`,
  ].join("\n");
}
