import { compile, loss, nn, optim, tensor } from "tidu";
import { batchOf, firstValues } from "../../workloads.mjs";

/** @type {Record<string, (...sizes: any[]) => import("tidu").nn.Module>} */
const LAYERS = {
  linear: (inputs, outputs) => nn.linear(inputs, outputs),
  conv: (inputs, outputs, kernel, padding, bias = true) => nn.conv2d(inputs, outputs, kernel, { padding, bias }),
  convx: (inputs, outputs, kernel, padding, stride, groups) =>
    nn.conv2d(inputs, outputs, kernel, { padding, stride, groups }),
  convt: (inputs, outputs, kernel, padding, stride) => nn.convTranspose2d(inputs, outputs, kernel, { padding, stride }),
  conv1d: (inputs, outputs, kernel, padding, stride) => nn.conv1d(inputs, outputs, kernel, { padding, stride }),
  embedding: (count, features) => nn.embedding(count, features),
  pool: (size) => nn.maxPool2d(size),
  gap: () => nn.globalAvgPool2d(),
  layernorm: (features) => nn.layerNorm(features),
  gelu: () => nn.gelu(),
  batchnorm: (channels) => nn.batchNorm2d(channels),
  dropout: (p) => nn.dropout(p),
  maxout: (inputs, outputs, pieces) => nn.maxout(inputs, outputs, pieces),
  relu: () => nn.relu(),
  sigmoid: () => nn.sigmoid(),
  flatten: () => nn.flatten(),
};

/**
 * The workload's network with the first values that it has in every system, and all that a step of it needs.
 *
 * @param {import("../../workloads.mjs").Workload} workload
 */
export function build(workload) {
  const layers = workload.layers.map(([kind, ...sizes]) => LAYERS[kind](...sizes));
  layers.forEach((layer, i) => {
    for (const [name, first] of Object.entries(firstValues(workload.layers[i], i) ?? {}))
      layer.state().get(name)?.assign(tensor(first.values, first.shape));
  });
  const net = nn.sequential(...layers);
  const { name, ...settings } = workload.optimizer;
  const optimizer = optim[name](settings);
  const criterion = workload.classes > 0 ? loss.crossEntropy : loss.mse;
  return {
    net,
    optimizer,
    step: compile((x, t) => optimizer.minimize(criterion(net.forward(x), t), net.parameters())),
    evaluate: compile((x, t) => net.during(false, () => criterion(net.forward(x), t))),
  };
}

/**
 * @param {import("../../workloads.mjs").Workload} workload
 */
export async function batchTensors(workload) {
  const { batch, input, classes } = workload;
  const { x, t } = batchOf(workload);
  const target = classes > 0 ? tensor(t) : tensor(t, [batch, 1]);
  return { x: await tensor(x, [batch, ...input]).realize(), t: await target.realize() };
}
