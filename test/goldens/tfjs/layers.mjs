// @ts-nocheck: a command, not a test.
// Layers models for make.mjs: small nets that have every layer that is read.
const image = [2, 7, 6, 3];

const sequential = (layers) => (tf) => tf.sequential({ layers: layers(tf.layers) });

/** Several layers on one input, side by side. */
const beside = (shape, layers) => (tf) => {
  const x = tf.input({ shape: shape.slice(1) });
  return tf.model({ inputs: x, outputs: layers(tf.layers).map((layer) => layer.apply(x)) });
};

const ACTIVATIONS =
  "linear relu relu6 elu selu sigmoid hardSigmoid tanh softplus softsign softmax logSoftmax swish mish gelu gelu_new";

const classifier = (l) => [
  l.conv2d({
    inputShape: image.slice(1),
    filters: 4,
    kernelSize: 3,
    strides: 2,
    padding: "same",
    useBias: false,
    name: "stem",
  }),
  l.batchNormalization({ name: "stem_bn" }),
  l.reLU({ maxValue: 6 }),
  l.depthwiseConv2d({ kernelSize: 3, padding: "same", depthMultiplier: 2, activation: "relu", name: "deep" }),
  l.separableConv2d({ filters: 5, kernelSize: 3, padding: "same", activation: "tanh", name: "separable" }),
  l.dropout({ rate: 0.3 }),
  l.flatten(),
  l.dense({ units: 3, activation: "softmax", name: "scores" }),
];

export const layersCases = [
  {
    name: "activations",
    inputs: [{ shape: [2, 5] }],
    make: beside([2, 5], (l) => ACTIVATIONS.split(" ").map((activation) => l.activation({ activation }))),
  },
  {
    name: "dense",
    inputs: [{ shape: [3, 4] }],
    make: sequential((l) => [
      l.dense({ units: 5, inputShape: [4], activation: "relu" }),
      l.dense({ units: 2, useBias: false }),
    ]),
  },
  {
    name: "dense along a sequence",
    inputs: [{ shape: [2, 3, 4] }],
    make: sequential((l) => [
      l.dense({ units: 5, inputShape: [3, 4], activation: "tanh" }),
      l.globalAveragePooling1d({}),
    ]),
  },
  { name: "classifier", inputs: [{ shape: image }], files: 2, make: sequential(classifier) },
  { name: "classifier in 8 bits", inputs: [{ shape: image }], quantize: "uint8", make: sequential(classifier) },
  { name: "classifier in 16 bits", inputs: [{ shape: image }], quantize: "uint16", make: sequential(classifier) },
  { name: "classifier in half floats", inputs: [{ shape: image }], quantize: "float16", make: sequential(classifier) },
  {
    name: "convolutions",
    inputs: [{ shape: image }],
    make: beside(image, (l) => [
      l.conv2d({ filters: 2, kernelSize: [3, 2], padding: "same" }),
      l.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: "same", activation: "relu" }),
      l.conv2d({ filters: 2, kernelSize: 2, strides: [1, 2] }),
      l.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: "same", useBias: false }),
      l.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same" }),
      l.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, padding: "valid" }),
      l.conv2dTranspose({ filters: 2, kernelSize: 4, strides: 2, padding: "same", activation: "sigmoid" }),
    ]),
  },
  {
    name: "pools",
    inputs: [{ shape: image }],
    make: beside(image, (l) => [
      l.maxPooling2d({ poolSize: 2 }),
      l.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
      l.averagePooling2d({ poolSize: [2, 3], strides: 1, padding: "same" }),
      l.averagePooling2d({ poolSize: 2, strides: 3 }),
      l.globalAveragePooling2d({}),
      l.globalMaxPooling2d({}),
    ]),
  },
  {
    name: "sequences",
    inputs: [{ shape: [2, 9, 3] }],
    make: sequential((l) => [
      l.conv1d({ inputShape: [9, 3], filters: 4, kernelSize: 3, padding: "same", dilationRate: 2 }),
      l.maxPooling1d({ poolSize: 2, padding: "same" }),
      l.conv1d({ filters: 3, kernelSize: 2, padding: "same" }),
      l.averagePooling1d({ poolSize: 2, strides: 1 }),
      l.conv1d({ filters: 5, kernelSize: 2, strides: 2 }),
      l.globalMaxPooling1d({}),
    ]),
  },
  {
    name: "volumes",
    inputs: [{ shape: [2, 4, 5, 4, 2] }],
    make: sequential((l) => [
      l.conv3d({ inputShape: [4, 5, 4, 2], filters: 3, kernelSize: 2, padding: "same" }),
      l.averagePooling3d({ poolSize: 2, strides: 1 }),
      l.maxPooling3d({ poolSize: 2, padding: "same" }),
      l.flatten(),
      l.dense({ units: 2 }),
    ]),
  },
  {
    name: "moves",
    inputs: [{ shape: image }],
    make: beside(image, (l) => [
      l.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
      l.cropping2D({
        cropping: [
          [1, 2],
          [0, 3],
        ],
      }),
      l.upSampling2d({ size: [2, 3] }),
      l.upSampling2d({ size: [3, 2], interpolation: "bilinear" }),
      l.reshape({ targetShape: [6, -1] }),
      l.permute({ dims: [3, 1, 2] }),
      l.rescaling({ scale: 2, offset: -1 }),
      l.activation({ activation: "relu" }),
      l.flatten(),
    ]),
  },
  {
    name: "normalization and slopes",
    inputs: [{ shape: image }],
    make: beside(image, (l) => [
      l.batchNormalization({ epsilon: 0.01, center: false }),
      l.batchNormalization({ axis: 3, scale: false }),
      l.layerNormalization({ axis: -1 }),
      l.prelu({ sharedAxes: [1, 2] }),
      l.prelu({}),
      l.leakyReLU({ alpha: 0.2 }),
      l.elu({}),
      l.thresholdedReLU({ theta: 0.3 }),
      l.softmax({ axis: -1 }),
      l.reLU({ maxValue: 0.5 }),
      l.gaussianNoise({ stddev: 1 }),
    ]),
  },
  {
    name: "merges",
    inputs: [{ shape: image }, { shape: image }],
    make: (tf) => {
      const [a, b] = [tf.input({ shape: image.slice(1) }), tf.input({ shape: image.slice(1) })];
      const l = tf.layers;
      const joins = [
        l.add(),
        l.multiply(),
        l.average(),
        l.maximum(),
        l.minimum(),
        l.concatenate(),
        l.concatenate({ axis: 1 }),
      ];
      return tf.model({ inputs: [a, b], outputs: joins.map((layer) => layer.apply([a, b])) });
    },
  },
  {
    name: "words",
    inputs: [{ shape: [3, 4], most: 7 }],
    make: sequential((l) => [
      l.embedding({ inputDim: 7, outputDim: 3, inputLength: 4 }),
      l.flatten(),
      l.dense({ units: 2 }),
      l.repeatVector({ n: 3 }),
    ]),
  },
  {
    name: "models inside, and layers called twice",
    inputs: [{ shape: image }, { shape: image }],
    make: (tf) => {
      const l = tf.layers;
      const inner = tf.sequential({
        name: "inner",
        layers: [
          l.conv2d({ inputShape: image.slice(1), filters: 3, kernelSize: 3, padding: "same", name: "first" }),
          l.flatten(),
        ],
      });
      const [a, b] = [tf.input({ shape: image.slice(1) }), tf.input({ shape: image.slice(1) })];
      const shared = l.dense({ units: 4, name: "shared" });
      const sides = [a, b].map((x) => shared.apply(inner.apply(x)));
      const join = l.add({ name: "join" }).apply(sides);
      return tf.model({
        inputs: [a, b],
        outputs: [l.dense({ units: 2, name: "left" }).apply(join), l.dense({ units: 1, name: "right" }).apply(join)],
      });
    },
  },
];
