// Nodes that become layers of nn, so that an imported network can be inspected, trained and exported again.
import { nn, ones, type Tensor } from "tidu";
import { BatchNorm, normalizeAxis } from "tidu/internal";
import { type GraphNode, type Row, type Rows, shortest } from "../node.js";
import { flatten } from "./movement.js";
import { perChannel, standardized } from "./normalize.js";
import { fromStart, gather } from "./picks.js";
import { matMul } from "./reduction.js";

/** A layer without variables. */
const plain =
  (make: (node: GraphNode) => nn.Module): Row =>
  (node) => {
    node.needs(1);
    // Its settings are read at once, so that unread attributes are noticed.
    const layer = node.layer(() => make(node));
    return (x) => layer.forward(x);
  };

const turned = (weight: Tensor): Tensor => weight.transpose();

/** A matrix of real numbers that the file gives, applied to what the network computes. */
const isLinear = (node: GraphNode): boolean =>
  node.shape(0) === undefined && node.shape(1)?.length === 2 && node.constant(1)?.isFloat === true;

const product: Row = (node) => {
  node.needs(2);
  if (!isLinear(node)) return matMul(node);
  const [inFeatures, outFeatures] = node.weight(1);
  const make = () => nn.linear(inFeatures, outFeatures, { bias: false });
  const layer = node.layer(make, { weight: [1, turned] });
  return (x) => layer.forward(x);
};

/** alpha · A B + beta · C, with A and B transposed or not. */
const gemm: Row = (node) => {
  node.needs(2);
  const [alpha, beta] = [node.float("alpha", 1), node.float("beta", 1)];
  const [transA, transB] = [node.int("transA", 0) !== 0, node.int("transB", 0) !== 0];
  const features = node.shape(1)?.[transB ? 0 : 1];
  const bias = node.shape(2);
  if (node.opset < 7) node.ignore("broadcast");
  const isRow = bias?.at(-1) === features && bias?.every((size, i) => size === 1 || i === bias.length - 1);
  const fits = bias === undefined ? !node.proto.input[2] : isRow;
  if (isLinear(node) && fits && alpha === 1 && beta === 1 && !transA) {
    return linear(node, transB, bias !== undefined);
  }
  return (a, b, c) => {
    const y = (transA ? turned(a) : a).matmul(transB ? turned(b) : b);
    const scaled = alpha === 1 ? y : y.mul(alpha);
    return c === undefined ? scaled : scaled.add(beta === 1 ? c : c.mul(beta));
  };
};

function linear(node: GraphNode, transB: boolean, bias: boolean) {
  const [outFeatures, inFeatures] = transB ? node.weight(1) : [...node.weight(1)].reverse();
  const make = () => nn.linear(inFeatures, outFeatures, { bias });
  const layer = node.layer(make, {
    weight: transB ? 1 : [1, turned],
    ...(bias ? { bias: [2, (b: Tensor) => b.reshape([outFeatures])] as const } : {}),
  });
  return (x: Tensor) => layer.forward(x);
}

const SCALE = { weight: 1, bias: 2 };

/** Whether an input is a constant of the graph, not of training, all of whose numbers are the same. */
function isAll(node: GraphNode, input: number, value: number): boolean {
  const constant = node.constant(input);
  return constant !== undefined && !constant.isInitializer && [...constant.numbers].every((n) => n === value);
}

const batchNorm: Row = (node) => {
  node.needs(5);
  node.ignore("is_test", "consumed_inputs");
  const perElement = node.int("spatial", 1) === 0;
  const trains = node.int("training_mode", 0) !== 0;
  const [eps, momentum] = [node.float("epsilon", 1e-5), 1 - node.float("momentum", 0.9)];
  const given = [1, 2, 3, 4].every((input) => node.shape(input)?.length === 1);
  if (perElement || !given || (trains && node.gives(1)))
    return batchNormOf(node, { perElement, trains, eps, momentum });
  const [channels = 1] = node.weight(1);
  const affine = !(isAll(node, 1, 1) && isAll(node, 2, 0));
  const make = () => new BatchNorm("batchNorm", channels, [4, 3, 2, 5], { eps, momentum, affine });
  const layer = node.layer(make, { ...(affine ? SCALE : {}), running_mean: 3, running_var: 4 });
  return (x) => layer.forward(x);
};

interface BatchNormSettings {
  /** Mean and variance for each element of a sample, not each channel. */
  readonly perElement: boolean;
  readonly trains: boolean;
  readonly eps: number;
  readonly momentum: number;
}

/** Batch normalization that no layer has: for each element, by numbers that the network computes, or by the batch's own. */
function batchNormOf(node: GraphNode, { perElement, trains, eps, momentum }: BatchNormSettings) {
  if (trains) node.results = 3;
  return (x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor) => {
    const each = (t: Tensor) => (perElement ? t : perChannel(x, t));
    if (!trains) return x.sub(each(mean)).div(each(variance).add(eps).sqrt()).mul(each(scale)).add(each(shift));
    const axes = x.shape.flatMap((_, i) => (i === 1 ? [] : [i]));
    const own = x.mean(axes, true);
    const spread = x.sub(own).square().mean(axes, true);
    const y = x.sub(own).div(spread.add(eps).sqrt()).mul(each(scale)).add(each(shift));
    const follow = (old: Tensor, newest: Tensor) => old.mul(1 - momentum).add(newest.reshape(old.shape).mul(momentum));
    return [y, follow(mean, own), follow(variance, spread)];
  };
}

const layerNorm: Row = (node) => {
  node.needs(2);
  node.ignore("stash_type");
  const axis = node.int("axis", -1);
  const eps = node.float("epsilon", 1e-5);
  const shape = node.shape(1);
  const shift = node.shape(2);
  const hasShift = node.proto.input[2] !== undefined && node.proto.input[2] !== "";
  const fits = shape !== undefined && (!hasShift || String(shift) === String(shape));
  // Mean and deviation as outputs, numbers that the network computes, or of other shapes: no layer has these.
  if (!fits || shape.length === 0 || node.gives(1)) {
    node.results = 3;
    return (x, scale, b) => {
      const axes = [...x.shape.keys()].slice(normalizeAxis("axis", axis, x.rank));
      const { unit, mean, inverse } = standardized(x, axes, eps);
      return [b === undefined ? unit.mul(scale) : unit.mul(scale).add(b), mean, inverse];
    };
  }
  const affine = !(isAll(node, 1, 1) && (!hasShift || isAll(node, 2, 0)));
  const layer = node.layer(() => nn.layerNorm(shape, { eps, affine }), affine ? SCALE : {});
  return (x) => {
    const lead = normalizeAxis("axis", axis, x.rank);
    if (x.rank - lead !== shape.length) node.refuse(`has a scale of ${shape.length} axes for ${x.rank - lead}`);
    return layer.forward(x);
  };
};

/** A row of a table for each whole number is an embedding. */
const lookUp: Row = (node) => {
  node.needs(2);
  const table = node.shape(0);
  const isEmbedding = table?.length === 2 && node.constant(0)?.isFloat && node.shape(1) === undefined;
  if (!isEmbedding || node.int("axis", 0) !== 0) return gather(node);
  const layer = node.layer(() => nn.embedding(table[0], table[1]), { weight: 0 });
  return (_, rows) => layer.forward(fromStart(rows, table[0]));
};

/** Before opset 13 all axes from the given one on (by default 1) were one. */
const softmaxLike =
  (make: (axis: number) => nn.Module): Row =>
  (node) => {
    node.needs(1);
    const old = node.opset < 13;
    const axis = node.int("axis", old ? 1 : -1);
    const layer = node.layer(() => make(old ? -1 : axis));
    return (x) => (old ? layer.forward(x.flatten(axis)).reshape(x.shape) : layer.forward(x));
  };

const gelu: Row = (node) => {
  const how = node.text("approximate", "none");
  if (how === "none") return plain(() => nn.gelu())(node);
  if (how !== "tanh") return node.refuse(`is approximated by ${how}, expected none or tanh`);
  node.needs(1);
  return (x) => {
    const inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
    return x.mul(0.5).mul(inner.tanh().add(1));
  };
};

/** The share was an attribute before opset 12, and is an input since. The mask keeps everything, as at inference. */
const dropout: Row = (node) => {
  node.needs(1);
  node.ignore("seed", "is_test");
  const share = node.float("ratio", shortest([...(node.constant(1)?.numbers ?? [])][0] ?? 0.5));
  const layer = node.layer(() => nn.dropout(share));
  if (!node.gives(1)) return (x) => layer.forward(x);
  node.results = 2;
  return (x) => {
    const y = layer.forward(x);
    return [y, ones(x.shape).to("bool")];
  };
};

const globalAverage: Row = (node) => {
  node.needs(1);
  const layer = node.layer(() => nn.globalAvgPool2d());
  return (x) => (x.rank === 4 ? layer.forward(x) : x.mean([...x.shape.keys()].slice(2), true));
};

export const LAYERS: Rows = {
  Gemm: gemm,
  MatMul: product,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  Gather: lookUp,
  GlobalAveragePool: globalAverage,
  Relu: plain(() => nn.relu()),
  LeakyRelu: plain((node) => nn.leakyRelu(node.float("alpha", 0.01))),
  Elu: plain((node) => nn.elu(node.float("alpha", 1))),
  Sigmoid: plain(() => nn.sigmoid()),
  Tanh: plain(() => nn.tanh()),
  Softplus: plain(() => nn.softplus()),
  Gelu: gelu,
  Softmax: softmaxLike((axis) => nn.softmax(axis)),
  LogSoftmax: softmaxLike((axis) => nn.logSoftmax(axis)),
  Dropout: dropout,
  Flatten: (node) => {
    node.needs(1);
    if (node.int("axis", 1) !== 1) return flatten(node);
    const layer = node.layer(() => nn.flatten());
    return (x) => (x.rank === 1 ? x.unsqueeze(1) : layer.forward(x));
  },
};
