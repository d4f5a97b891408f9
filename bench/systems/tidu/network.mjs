// Builds a workload's network in Tidu.
import { compile, concat, loss, nn, optim, tensor } from "tidu";
import { batchOf, firstValues, leavesOf } from "../../workloads.mjs";

/** Makes a layer from a function and the layer that it uses. */
class Using extends nn.Module {
  /**
   * @param {import("tidu").nn.Module} inner
   * @param {(x: import("tidu").Tensor, inner: any) => import("tidu").Tensor} run
   */
  constructor(inner, run) {
    super();
    this.inner = inner;
    this.run = run;
  }
  /** @override @param {import("tidu").Tensor} x */
  forward(x) {
    return this.run(x, this.inner);
  }
}

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
  channelnorm: (channels) =>
    new Using(nn.layerNorm(channels), (x, norm) => norm.forward(x.permute([0, 2, 3, 1])).permute([0, 3, 1, 2])),
  attention: (features, heads) =>
    new Using(nn.multiHeadAttention(features, heads), (x, attention) => attention.forward(x, x, x)),
  lstm: (inputs, outputs) => nn.lstm(inputs, outputs),
  last: () => new Using(nn.flatten(), (x) => x.slice(1, x.shape[1] - 1).squeeze(1)),
};

/** Layers that contain layers. */
/** @type {Record<string, (...layers: import("tidu").nn.Module[]) => import("tidu").nn.Module>} */
const PARTS = {
  residual: (...layers) => nn.residual(...layers),
  join: (...layers) => new Using(nn.sequential(...layers), (x, inner) => concat([x, inner.forward(x)], 1)),
};

/**
 * @param {readonly import("../../workloads.mjs").Layer[]} layers
 * @param {import("tidu").nn.Module[]} leaves gets each that has no layers in it
 * @returns {import("tidu").nn.Module[]}
 */
function made(layers, leaves) {
  return layers.map(([kind, ...sizes]) => {
    if (kind in PARTS) return PARTS[kind](...made(sizes, leaves));
    const layer = LAYERS[kind](...sizes);
    leaves.push(layer);
    return layer;
  });
}

/**
 * The workload's network with the initial values that every system uses, and everything else that a step needs.
 *
 * @param {import("../../workloads.mjs").Workload} workload
 */
export function build(workload) {
  /** @type {import("tidu").nn.Module[]} */
  const leaves = [];
  const layers = made(workload.layers, leaves);
  leavesOf(workload.layers).forEach((leaf, i) => {
    for (const [name, first] of Object.entries(firstValues(leaf, i) ?? {})) {
      const layer = leaves[i] instanceof Using ? leaves[i].inner : leaves[i];
      layer.state().get(name)?.assign(tensor(first.values, first.shape));
    }
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
