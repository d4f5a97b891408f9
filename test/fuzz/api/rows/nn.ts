// Layers, initializers, losses, metrics, regularizers, signals.
import { tidu } from "../packages.js";
import { make, on, type Rows } from "../row.js";

const { nn, init, loss, optim, regularize, tensor, zeros, ones, Generator } = tidu;
type Tensor = InstanceType<typeof tidu.Tensor>;
type Layer = InstanceType<typeof nn.Module>;

const images = () => ones([2, 2, 4, 4]);
const sequences = () => ones([2, 2, 5]);
const table = () => ones([2, 3]);
const scores = () =>
  tensor([
    [1, 2, 3],
    [3, 2, 1],
  ]);
const labels = () => tensor(Int32Array.of(0, 2));
const pairs = () => [tensor([1, 2]), tensor([2, 2])];
const through = (x: () => Tensor) => (layer: Layer) => layer.forward(x()).data();
const inits = () => ({ bias: true, init: init.normal(0, 1), biasInit: init.zeros });
const kernelOptions = () => ({ stride: [1, 2], padding: 1, dilation: 1, groups: 1, ...inits() });
const norm = () => ({ eps: 1e-5, affine: true });
const initializer = (name: string, of: () => unknown): Rows => ({
  [`${name}()`]: on(of, () => [[2, 3], new Generator(1)]),
});
const linear = () => nn.linear(3, 2);
const parameters = () => linear().parameters();
const regularizer = (name: string, of: () => unknown): Rows => ({ [`${name}()`]: on(of, () => [parameters()]) });
const penalize = (r: (p: unknown) => Tensor | undefined) => r(parameters());

const rowsOf = () => ones([2, 3, 4]);
const numbers = () => tensor(Int32Array.of(0, 1, 2, 1, 0, 2), [2, 3]);
const signs = () => tensor([1, -1]);
const reduced = () => ({ reduction: "mean" });
const TOOLBOX: Rows = {
  "nn.conv3d": make(
    () => [2, 2, [1, 2, 2], { stride: 1, padding: 0, dilation: 1, groups: 1, ...inits() }],
    through(() => ones([1, 2, 3, 3, 3])),
  ),
  "nn.convTranspose1d": make(
    () => [2, 2, 3, { stride: 2, padding: 1, dilation: 1, groups: 1, outputPadding: 1, ...inits() }],
    through(sequences),
  ),
  "nn.convTranspose3d": make(
    () => [2, 2, 2, { stride: 2, padding: 0, dilation: 1, groups: 1, outputPadding: 0, ...inits() }],
    through(() => ones([1, 2, 2, 2, 2])),
  ),
  "nn.attend": make(() => [
    rowsOf(),
    rowsOf(),
    rowsOf(),
    { causal: true, mask: ones([3, 3]), dropout: nn.dropout(0.1) },
  ]),
  "nn.multiHeadAttention": make(() => [4, 2, { bias: true, causal: true, dropout: 0.1 }], through(rowsOf)),
  "MultiHeadAttention.forward": on(
    () => nn.multiHeadAttention(4, 2),
    () => [rowsOf(), rowsOf(), rowsOf(), ones([3, 3])],
  ),
  "nn.transformerBlock": make(
    () => [4, 2, { hidden: 8, dropout: 0.1, causal: true, activation: "gelu", preNorm: true }],
    through(rowsOf),
  ),
  "TransformerBlock.forward": on(
    () => nn.transformerBlock(4, 2),
    () => [rowsOf(), ones([3, 3])],
  ),
  "nn.learnedPositions": make(() => [3, 4], through(rowsOf)),
  "nn.sinusoidalPositions": make(() => [3, 4], through(rowsOf)),
  "Positions.forward": on(
    () => nn.learnedPositions(3, 4),
    () => [rowsOf()],
  ),
  "nn.rotary": make(() => [rowsOf(), { base: 100, start: 1 }]),
  "nn.rnn": make(
    () => [4, 2, { layers: 2, bidirectional: true, bias: true, dropout: 0.1, nonlinearity: "relu" }],
    through(rowsOf),
  ),
  "nn.lstm": make(() => [4, 2, { layers: 2, bidirectional: true, bias: true, dropout: 0.1 }], through(rowsOf)),
  "nn.gru": make(() => [4, 2, { layers: 2, bidirectional: true, bias: true, dropout: 0.1 }], through(rowsOf)),
  "Recurrent.forward": on(
    () => nn.gru(4, 2),
    () => [rowsOf(), labels()],
  ),
  "Recurrent.run": on(
    () => nn.gru(4, 2),
    () => [rowsOf(), { lengths: labels(), state: [ones([1, 2, 2])] }],
  ),
  "nn.groupNorm": make(() => [1, 2, norm()], through(images)),
  "nn.instanceNorm": make(() => [2, norm()], through(images)),
  "GroupNorm.forward": on(
    () => nn.groupNorm(1, 2),
    () => [images()],
  ),
  "nn.rmsNorm": make(() => [3, { eps: 1e-6 }], through(table)),
  "RmsNorm.forward": on(
    () => nn.rmsNorm(3),
    () => [table()],
  ),
  "nn.celu": make(() => [1], through(table)),
  "nn.glu": make(() => [-1], through(rowsOf)),
  "nn.prelu": make(() => [2, 0.25], through(images)),
  "new nn.Prelu": make(() => [2, 0.25], through(images)),
  "Prelu.forward": on(
    () => nn.prelu(2),
    () => [images()],
  ),
  "nn.alphaDropout": make(() => [0.5], through(images)),
  "new nn.AlphaDropout": make(() => [0.5], through(images)),
  "AlphaDropout.forward": on(
    () => nn.alphaDropout(0.5),
    () => [images()],
  ),
  "nn.dropPath": make(() => [0.5], through(images)),
  "new nn.DropPath": make(() => [0.5], through(images)),
  "DropPath.forward": on(
    () => nn.dropPath(0.5),
    () => [images()],
  ),
  "nn.maxPool": make(
    () => [[2, 2], { stride: 1, padding: 1, dilation: 1, ceilMode: true, countIncludePad: true }],
    through(images),
  ),
  "nn.avgPool": make(
    () => [[2, 2], { stride: 1, padding: 1, dilation: 1, ceilMode: true, countIncludePad: false }],
    through(images),
  ),
  "WindowPool.forward": on(
    () => nn.maxPool([2, 2]),
    () => [images()],
  ),
  "nn.adaptiveMaxPool": make(() => [[2, 3]], through(images)),
  "nn.adaptiveAvgPool": make(() => [[2, 3]], through(images)),
  "AdaptivePool.forward": on(
    () => nn.adaptiveAvgPool([2, 2]),
    () => [images()],
  ),
  "nn.upsample": make(() => [{ size: [3, 3], mode: "bilinear", alignCorners: true }], through(images)),
  "nn.upsample (by scale)": make(() => [{ scale: [2, 2] }], through(images)),
  "nn.pixelShuffle": make(() => [1], through(images)),
  "nn.recompute": make(() => [nn.linear(3, 3)], through(table)),
  "nn.residual": make(() => [nn.linear(3, 3), nn.relu()], through(table)),
  "Residual.forward": on(
    () => nn.residual(nn.relu()),
    () => [table()],
  ),
  "nn.branches": make(() => [nn.relu(), nn.relu()], through(table)),
  "Branches.forward": on(
    () => nn.branches(nn.relu()),
    () => [table()],
  ),
  "nn.embeddingBag": make(() => [4, 2, { mode: "sum", init: init.normal(0, 1) }], through(numbers)),
  "EmbeddingBag.forward": on(
    () => nn.embeddingBag(4, 2),
    () => [numbers()],
  ),
  "nn.weightNorm": make(() => [linear()], through(table)),
  "nn.spectralNorm": make(() => [linear(), { iterations: 2, eps: 1e-9 }], through(table)),
  "loss.nll": make(() => [scores(), labels(), reduced()]),
  "loss.kl": make(() => [scores(), scores(), { ...reduced(), logTarget: true }]),
  "loss.cosineEmbedding": make(() => [scores(), scores(), signs(), { ...reduced(), margin: 0.1 }]),
  "loss.triplet": make(() => [scores(), scores(), scores(), { ...reduced(), margin: 0.1 }]),
  "loss.contrastive": make(() => [scores(), scores(), signs(), { ...reduced(), margin: 0.1 }]),
  "loss.focal": make(() => [scores(), scores(), { ...reduced(), gamma: 2, alpha: 0.25 }]),
  "loss.dice": make(() => [scores(), scores(), { ...reduced(), smooth: 1 }]),
  "loss.hinge": make(() => [...pairs(), { ...reduced(), margin: 1 }]),
  "loss.poisson": make(() => [...pairs(), { ...reduced(), log: false, eps: 1e-8 }]),
  "loss.ctc": make(() => [
    rowsOf(),
    tensor(Int32Array.of(1, 2), [2, 1]),
    { ...reduced(), blank: 0, inputLengths: tensor(Int32Array.of(2, 3)), targetLengths: tensor(Int32Array.of(1, 1)) },
  ]),
};

export const NN: Rows = {
  ...TOOLBOX,
  "nn.linear": make(() => [3, 2, inits()], through(table)),
  "nn.maxout": make(() => [3, 2, 2, inits()], through(table)),
  "nn.maxoutChannels": make(() => [2], through(images)),
  "nn.conv1d": make(() => [2, 2, 3, { ...kernelOptions(), stride: 1 }], through(sequences)),
  "nn.conv2d": make(() => [2, 2, [3, 2], kernelOptions()], through(images)),
  "nn.convTranspose2d": make(() => [2, 2, [3, 2], { ...kernelOptions(), outputPadding: [0, 1] }], through(images)),
  "nn.maxPool2d": make(() => [2, { stride: [1, 2], padding: 1 }], through(images)),
  "nn.avgPool2d": make(() => [[2, 2], { stride: 2, padding: [1, 1], countIncludePad: false }], through(images)),
  "nn.batchNorm1d": make(() => [3, { ...norm(), momentum: 0.1 }], through(table)),
  "nn.batchNorm2d": make(() => [2, { ...norm(), momentum: 0.1 }], through(images)),
  "nn.batchNorm3d": make(
    () => [2, { ...norm(), momentum: 0.1 }],
    through(() => ones([1, 2, 2, 2, 2])),
  ),
  "nn.layerNorm": make(() => [[3], norm()], through(table)),
  "nn.dropout": make(() => [0.5, { scale: "test", drop: "channels" }], through(images)),
  "nn.embedding": make(() => [4, 2, { init: init.normal(0, 1) }], through(labels)),
  "nn.leakyRelu": make(() => [0.1], through(table)),
  "nn.elu": make(() => [1], through(table)),
  "nn.flatten": make(() => [1], through(images)),
  "nn.softmax": make(() => [1], through(table)),
  "nn.logSoftmax": make(() => [-1], through(table)),
  "nn.sequential": make(() => [linear(), nn.relu()], through(table)),
  "new nn.Activation": make(() => ["double", (x: Tensor) => x.mul(2), 3], through(table)),
  "Activation.forward": on(
    () => nn.relu(),
    () => [table()],
  ),
  "Linear.forward": on(linear, () => [table()]),
  "Maxout.forward": on(
    () => nn.maxout(3, 2, 2),
    () => [table()],
  ),
  "Maxout.piecesOf": () => {
    const self = nn.maxout(3, 2, 2);
    return { self, args: [self.forward(table())] };
  },
  "Conv.forward": on(
    () => nn.conv2d(2, 2, 3),
    () => [images()],
  ),
  "ConvTranspose.forward": on(
    () => nn.convTranspose2d(2, 2, 3),
    () => [images()],
  ),
  "Pool.forward": on(
    () => nn.maxPool2d(2),
    () => [images()],
  ),
  "BatchNorm.forward": on(
    () => nn.batchNorm1d(3),
    () => [table()],
  ),
  "LayerNorm.forward": on(
    () => nn.layerNorm(3),
    () => [table()],
  ),
  "Dropout.forward": on(
    () => nn.dropout(0.5),
    () => [table()],
  ),
  "Embedding.forward": on(
    () => nn.embedding(4, 2),
    () => [labels()],
  ),
  "Sequential.forward": on(
    () => nn.sequential(linear()),
    () => [table()],
  ),
  "Module.train": on(
    () => nn.dropout(0.5),
    () => [true],
  ),
  "Module.training=": on(linear, () => [true]),
  "Module.trainable=": on(linear, () => [true]),
  "Module.during": on(linear, () => [false, () => 3]),
  "Module.initialize": on(
    linear,
    () => [3],
    (net: Layer) => net.forward(table()).data(),
  ),
  "Module.predict": on(
    () => nn.sequential(linear(), nn.dropout(0.5)),
    () => [table(), { dropout: true, samples: 2, seed: 1 }],
  ),
  "Module.replace": on(
    () => nn.sequential(linear()),
    () => ["0", linear()],
  ),
  "Module.to": on(linear, () => ["f16"]),
  "nn.summary": make(() => [
    linear(),
    [3],
    { batchSize: 4, dtype: "f32", optimizer: optim.sgd({ lr: 0.1 }), loss: loss.crossEntropy },
  ]),
  "new nn.Parameter": make(
    () => [[2, 3], init.zeros, true],
    (p: Tensor) => p.add(1).data(),
  ),
  "Parameter.assign": () => {
    const self = linear().weight;
    return { self, args: [zeros([2, 3])], use: () => self.data() };
  },
  "Parameter.initialize": () => {
    const self = linear().weight;
    return { self, args: [new Generator(2)], use: () => self.data() };
  },

  "init.constant": make(() => [1]),
  "init.uniform": make(() => [0, 1]),
  "init.normal": make(() => [0, 1]),
  "init.byFanIn": make(() => [3]),
  "init.xavierUniform": make(() => [1]),
  "init.xavierNormal": make(() => [1]),
  "init.kaimingUniform": make(() => [{ slope: 0.1, fan: "out" }]),
  "init.kaimingNormal": make(() => [{ slope: 0.1, fan: "in" }]),
  "init.orthogonal": make(() => [1]),
  "init.zeros": make(() => [[2, 3], new Generator(1)]),
  "init.lecunUniform": make(() => [[2, 3], new Generator(1)]),
  ...initializer("init.constant", () => init.constant(1)),
  ...initializer("init.uniform", () => init.uniform()),
  ...initializer("init.normal", () => init.normal()),
  ...initializer("init.byFanIn", () => init.byFanIn(3)),
  ...initializer("init.xavierUniform", () => init.xavierUniform()),
  ...initializer("init.xavierNormal", () => init.xavierNormal()),
  ...initializer("init.kaimingUniform", () => init.kaimingUniform()),
  ...initializer("init.kaimingNormal", () => init.kaimingNormal()),
  ...initializer("init.orthogonal", () => init.orthogonal()),

  "loss.crossEntropy": make(() => [
    scores(),
    labels(),
    { weight: [1, 2, 1], labelSmoothing: 0.1, reduction: "sum", ignoreIndex: 1 },
  ]),
  "loss.bceWithLogits": make(() => [...pairs(), { posWeight: [1, 2], reduction: "sum" }]),
  "loss.mse": make(() => [...pairs(), { reduction: "mean" }]),
  "loss.l1": make(() => [...pairs(), { reduction: "mean" }]),
  "loss.huber": make(() => [...pairs(), { delta: 1, reduction: "mean" }]),
  "metrics.accuracy": make(() => [scores(), labels()]),
  "metrics.topK": make(() => [scores(), labels(), 2]),
  "metrics.confusionMatrix": make(() => [labels(), labels(), 3]),
  "metrics.classScores": make(() => [ones([3, 3])]),
  "metrics.regressionErrors": make(pairs),
  "metrics.rankingScores": make(() => [scores(), labels()]),

  "regularize.penalty": make(() => [(w: Tensor) => w.square().sum(), 0.1, { all: true }], penalize as never),
  "regularize.l1": make(() => [0.1, { all: true }], penalize as never),
  "regularize.l2": make(() => [0.1, { all: true }], penalize as never),
  "regularize.elasticNet": make(() => [0.1, 0.2, { all: true }], penalize as never),
  "regularize.only": make(() => [linear(), regularize.l2(0.1)], penalize as never),
  "regularize.sum": make(() => [regularize.l2(0.1)], penalize as never),
  ...regularizer("regularize.penalty", () => regularize.penalty((w) => w.sum())),
  ...regularizer("regularize.l1", () => regularize.l1(1)),
  ...regularizer("regularize.l2", () => regularize.l2(1)),
  ...regularizer("regularize.elasticNet", () => regularize.elasticNet(1, 1)),
  ...regularizer("regularize.only", () => regularize.only(linear(), regularize.l2(1))),
  ...regularizer("regularize.sum", () => regularize.sum(regularize.l2(1))),

  "signal.convolve": make(() => [tensor([1, 2, 3]), tensor([1, 2]), "same"]),
  "signal.correlate": make(() => [tensor([1, 2, 3]), tensor([1, 2]), "same"]),
  "signal.convolve2d": make(() => [scores(), tensor([[1, 2]]), "same"]),
  "signal.correlate2d": make(() => [scores(), tensor([[1, 2]]), "same"]),
  "signal.convolveFunctions": make(() => [(x: number) => x, (x: number) => x, { from: 0, to: 1, count: 3 }]),
};
