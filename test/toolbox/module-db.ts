// PyTorch's modules as Tidu has them: what `module_db`'s samples are run with.
import type { GoldenTensor } from "../goldens/load.js";
import * as td from "./tidu.js";

const { nn, loss } = td;
type Tensor = td.Tensor;

/** A sample's module: what holds its parameters, and what it makes of the inputs. */
export interface Subject {
  /** By PyTorch's names. */
  readonly state: ReadonlyMap<string, td.Variable>;
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
}

/** What Tidu has no option for; the sample is then left out. */
export class Missing extends Error {}

type Given = Record<string, unknown>;
type Make = (options: Given, inputs: readonly GoldenTensor[], names: readonly (string | null)[]) => Subject;

const missing = (what: string): never => {
  throw new Missing(what);
};

const none: ReadonlyMap<string, td.Variable> = new Map();
const pure = (run: (...x: Tensor[]) => Tensor): Subject => ({ state: none, run: (x) => [run(...x)] });
const of = (net: td.nn.Module, run = (x: Tensor): Tensor => net.forward(x)): Subject => ({
  state: net.state(),
  run: ([x]) => [run(x)],
});

/** For a layer of so many axes: a sample alone becomes a batch of one. */
const batched =
  (rank: number, run: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    x.rank === rank - 1 ? run(x.unsqueeze(0)).squeeze(0) : run(x);

const list = (value: unknown, axes: number): number[] =>
  Array.isArray(value) ? (value.length === 1 ? Array(axes).fill(value[0]) : value) : Array(axes).fill(value as number);

function kernelOptions(o: Given, axes: number) {
  if ((o.padding_mode ?? "zeros") !== "zeros") missing("padding of convolutions is zeros");
  const kernel = list(o.kernel_size, axes);
  const dilation = list(o.dilation ?? 1, axes);
  const stride = list(o.stride ?? 1, axes);
  const same = kernel.map((k, i) => (dilation[i] * (k - 1)) / 2);
  if (o.padding === "same" && same.some((p) => p % 1 !== 0)) missing("padding is the same on either side");
  const padding = o.padding === "same" ? same : o.padding === "valid" ? list(0, axes) : list(o.padding ?? 0, axes);
  const each = <T>(v: readonly T[]) => (axes === 1 ? v[0] : v) as never;
  return {
    kernel: each(kernel),
    options: {
      stride: each(stride),
      padding: each(padding),
      dilation: each(dilation),
      groups: (o.groups as number) ?? 1,
      bias: (o.bias as boolean) ?? true,
    },
    outputPadding: each(list(o.output_padding ?? 0, axes)),
  };
}

const conv =
  (axes: number, layer: (...a: never[]) => td.nn.Module): Make =>
  (o) => {
    const { kernel, options } = kernelOptions(o, axes);
    const net = (layer as (...a: unknown[]) => td.nn.Module)(o.in_channels, o.out_channels, kernel, options);
    return of(
      net,
      batched(axes + 2, (x) => net.forward(x)),
    );
  };
const convTranspose =
  (axes: number, layer: (...a: never[]) => td.nn.Module): Make =>
  (o) => {
    const { kernel, options, outputPadding } = kernelOptions(o, axes);
    const all = { ...options, outputPadding };
    const net = (layer as (...a: unknown[]) => td.nn.Module)(o.in_channels, o.out_channels, kernel, all);
    return of(
      net,
      batched(axes + 2, (x) => net.forward(x)),
    );
  };

const pool =
  (axes: number, layer: typeof nn.maxPool): Make =>
  (o) => {
    const kernel = list(o.kernel_size, axes);
    const net = layer(kernel, {
      stride: list(o.stride ?? kernel, axes),
      padding: list(o.padding ?? 0, axes),
      ...(o.dilation === undefined ? {} : { dilation: list(o.dilation, axes) }),
      ceilMode: (o.ceil_mode as boolean) ?? false,
      ...(o.count_include_pad === undefined ? {} : { countIncludePad: o.count_include_pad as boolean }),
    });
    if (o.divisor_override !== undefined) missing("a mean is divided by its elements");
    return of(
      net,
      batched(axes + 2, (x) => net.forward(x)),
    );
  };
const adaptive =
  (axes: number, layer: (size: readonly number[]) => td.nn.Module): Make =>
  (o, [x]) => {
    const spatial = x.shape.slice(-axes);
    const size = list(o.output_size, axes).map((n, i) => n ?? spatial[i]);
    const net = layer(size);
    return of(
      net,
      batched(axes + 2, (y) => net.forward(y)),
    );
  };

const batchNorm =
  (layer: typeof nn.batchNorm1d): Make =>
  (o) => {
    if (o.momentum === null) missing("running statistics move by a fixed share");
    if (o.track_running_stats === false) missing("there are running statistics always");
    const net = layer(o.num_features as number, {
      eps: (o.eps as number) ?? 1e-5,
      momentum: (o.momentum as number) ?? 0.1,
      affine: (o.affine as boolean) ?? true,
    });
    return of(net);
  };
const instanceNorm =
  (axes: number): Make =>
  (o) => {
    if (o.track_running_stats === true) missing("there are no running statistics of single samples");
    const net = nn.instanceNorm(o.num_features as number, {
      eps: (o.eps as number) ?? 1e-5,
      affine: (o.affine as boolean) ?? false,
    });
    return of(
      net,
      batched(axes + 2, (x) => net.forward(x)),
    );
  };

/** Sequences [length, features], with a state for each layer that has no axis of samples. */
const recurrent =
  (layer: typeof nn.rnn): Make =>
  (o) => {
    if ((o.proj_size ?? 0) !== 0) missing("outputs are not projected");
    const net = layer(
      o.input_size as number,
      o.hidden_size as number,
      {
        layers: (o.num_layers as number) ?? 1,
        bias: (o.bias as boolean) ?? true,
        bidirectional: (o.bidirectional as boolean) ?? false,
        ...(o.nonlinearity === undefined ? {} : { nonlinearity: o.nonlinearity as "tanh" }),
      } as Parameters<typeof nn.rnn>[2],
    );
    return {
      state: net.state(),
      run: ([x, ...state]) => {
        const given = state.length === 0 ? {} : { state: state.map((s) => s.unsqueeze(1)) };
        const { output, state: last } = net.run(x.unsqueeze(0), given);
        return [output.squeeze(0), ...last.map((s) => s.squeeze(1))];
      },
    };
  };
const cell =
  (layer: typeof nn.rnn): Make =>
  (o) => {
    const { input_size, hidden_size, ...rest } = o;
    const net = layer(input_size as number, hidden_size as number, rest as Parameters<typeof nn.rnn>[2]);
    const state = new Map([...net.state()].map(([name, v]) => [name.replace("_l0", ""), v]));
    return {
      state,
      run: ([x, ...h]) =>
        net
          .run(x.reshape([1, 1, x.size]), { state: h.map((s) => s.reshape([1, 1, s.size])) })
          .state.map((s) => s.reshape([s.size])),
    };
  };

/** True where a place may be seen, of PyTorch's masks, which are true where it may not. */
function maskOf(inputs: readonly Tensor[], names: readonly (string | null)[]): Tensor | undefined {
  const seen = (name: string, shape: (t: Tensor) => number[]): Tensor[] => {
    const t = inputs[names.indexOf(name)];
    return t === undefined ? [] : [t.reshape(shape(t)).not()];
  };
  const all = [
    ...["attn_mask", "src_mask"].flatMap((n) => seen(n, (t) => (t.rank === 3 ? [1, ...t.shape] : [1, 1, ...t.shape]))),
    ...["key_padding_mask", "src_key_padding_mask"].flatMap((n) => seen(n, (t) => [1, 1, 1, t.size])),
  ];
  return all.length === 0 ? undefined : all.reduce((a, b) => td.and(a, b));
}

const attention: Make = (o, _, names) => {
  if (o.add_bias_kv || o.add_zero_attn) missing("attention adds no keys of its own");
  const net = nn.multiHeadAttention(o.embed_dim as number, o.num_heads as number, { bias: o.bias as boolean });
  return {
    state: net.state(),
    run: (x) => {
      const [q, k, v] = x.slice(0, 3).map((t) => t.unsqueeze(0));
      return [net.forward(q, k, v, maskOf(x, names)).squeeze(0)];
    },
  };
};
const transformer: Make = (o, _, names) => {
  const net = nn.transformerBlock(o.d_model as number, o.nhead as number, {
    hidden: o.dim_feedforward as number,
    activation: (o.activation as "relu") ?? "relu",
    preNorm: (o.norm_first as boolean) ?? false,
  });
  return {
    state: net.state(),
    run: (all) => {
      const [x] = all;
      if (x.rank === 2) return [net.forward(x.unsqueeze(0), maskOf(all, names)).squeeze(0)];
      // The length is the first axis unless told otherwise.
      return [net.forward(x.permute([1, 0, 2])).permute([1, 0, 2])];
    },
  };
};

const reduction = (o: Given) => ({ reduction: (o.reduction as "mean") ?? "mean" });
const tensorOf = (v: unknown): Tensor | undefined =>
  v == null ? undefined : td.tensor((v as GoldenTensor).data as Float32Array, (v as GoldenTensor).shape);
const crossEntropy: Make = (o) => {
  const weight = tensorOf(o.weight);
  const options = {
    ...reduction(o),
    ...(weight && { weight }),
    labelSmoothing: (o.label_smoothing as number) ?? 0,
    ...(o.ignore_index === undefined ? {} : { ignoreIndex: o.ignore_index as number }),
  };
  return {
    state: none,
    run: ([x, t]) => {
      if (x.rank > 1) return [loss.crossEntropy(x, t, options)];
      const y = loss.crossEntropy(x.unsqueeze(0), t.unsqueeze(0), options);
      return [y.rank === 0 ? y : y.squeeze(0)];
    },
  };
};
const nll: Make = (o, [x]) => {
  if (o.weight != null || o.ignore_index !== undefined) missing("nll has no weights and leaves no samples out");
  if (x.shape.length > 2) missing("nll takes [n, classes]");
  return pure((y, t) => loss.nll(y, t, reduction(o)));
};
const activation =
  (make: (o: Given) => td.nn.Module): Make =>
  (o) =>
    of(make(o));
const along =
  (f: (x: Tensor, axis: number) => Tensor): Make =>
  (o, [x]) =>
    x.shape.length === 0 ? missing("a single number has no axes") : pure((y) => f(y, o.dim as number));

export const SUBJECTS: Readonly<Record<string, Make>> = {
  Linear: (o) => {
    const net = nn.linear(o.in_features as number, o.out_features as number, { bias: (o.bias as boolean) ?? true });
    return of(net);
  },
  Conv1d: conv(1, nn.conv1d as never),
  Conv2d: conv(2, nn.conv2d as never),
  Conv3d: conv(3, nn.conv3d as never),
  ConvTranspose1d: convTranspose(1, nn.convTranspose1d as never),
  ConvTranspose2d: convTranspose(2, nn.convTranspose2d as never),
  ConvTranspose3d: convTranspose(3, nn.convTranspose3d as never),
  MaxPool1d: pool(1, nn.maxPool),
  MaxPool2d: pool(2, nn.maxPool),
  MaxPool3d: pool(3, nn.maxPool),
  AvgPool1d: pool(1, nn.avgPool),
  AvgPool2d: pool(2, nn.avgPool),
  AvgPool3d: pool(3, nn.avgPool),
  AdaptiveAvgPool1d: adaptive(1, nn.adaptiveAvgPool),
  AdaptiveAvgPool2d: adaptive(2, nn.adaptiveAvgPool),
  AdaptiveAvgPool3d: adaptive(3, nn.adaptiveAvgPool),
  AdaptiveMaxPool1d: adaptive(1, nn.adaptiveMaxPool),
  AdaptiveMaxPool2d: adaptive(2, nn.adaptiveMaxPool),
  AdaptiveMaxPool3d: adaptive(3, nn.adaptiveMaxPool),
  BatchNorm1d: batchNorm(nn.batchNorm1d),
  BatchNorm2d: batchNorm(nn.batchNorm2d),
  BatchNorm3d: batchNorm(nn.batchNorm3d),
  InstanceNorm1d: instanceNorm(1),
  InstanceNorm2d: instanceNorm(2),
  InstanceNorm3d: instanceNorm(3),
  GroupNorm: (o) =>
    of(
      nn.groupNorm(o.num_groups as number, o.num_channels as number, {
        eps: (o.eps as number) ?? 1e-5,
        affine: (o.affine as boolean) ?? true,
      }),
    ),
  LayerNorm: (o) =>
    of(
      nn.layerNorm(o.normalized_shape as number[], {
        eps: (o.eps as number) ?? 1e-5,
        affine: (o.elementwise_affine as boolean) ?? true,
      }),
    ),
  Embedding: (o) => of(nn.embedding(o.num_embeddings as number, o.embedding_dim as number)),
  Flatten: (o) => pure((x) => x.flatten((((o.start_dim as number) ?? 1) + x.rank) % x.rank)),
  PixelShuffle: (o) => of(nn.pixelShuffle(o.upscale_factor as number)),
  RNN: recurrent(nn.rnn),
  GRU: recurrent(nn.gru),
  LSTM: recurrent(nn.lstm),
  RNNCell: cell(nn.rnn),
  GRUCell: cell(nn.gru),
  LSTMCell: cell(nn.lstm),
  MultiheadAttention: attention,
  TransformerEncoderLayer: transformer,
  ReLU: activation(() => nn.relu()),
  ReLU6: activation(() => nn.relu6()),
  Sigmoid: activation(() => nn.sigmoid()),
  Tanh: activation(() => nn.tanh()),
  ELU: activation((o) => nn.elu((o.alpha as number) ?? 1)),
  CELU: activation((o) => nn.celu((o.alpha as number) ?? 1)),
  SELU: activation(() => nn.selu()),
  GELU: activation(() => nn.gelu()),
  SiLU: activation(() => nn.silu()),
  Mish: activation(() => nn.mish()),
  GLU: activation((o) => nn.glu((o.dim as number) ?? -1)),
  Softsign: activation(() => nn.softsign()),
  Hardswish: activation(() => nn.hardSwish()),
  Hardsigmoid: activation(() => nn.hardSigmoid()),
  LeakyReLU: activation((o) => nn.leakyRelu((o.negative_slope as number) ?? 0.01)),
  PReLU: activation((o) => nn.prelu((o.num_parameters as number) ?? 1)),
  Softplus: (o) => {
    if (o.beta !== undefined || o.threshold !== undefined) missing("softplus has no options");
    return of(nn.softplus());
  },
  Softmax: along((x, axis) => x.softmax(axis)),
  LogSoftmax: along((x, axis) => x.logSoftmax(axis)),
  L1Loss: (o) => pure((x, t) => loss.l1(x, t, reduction(o))),
  MSELoss: (o) => pure((x, t) => loss.mse(x, t, reduction(o))),
  SmoothL1Loss: (o) => pure((x, t) => loss.huber(x, t, reduction(o))),
  HuberLoss: (o) => pure((x, t) => loss.huber(x, t, reduction(o))),
  NLLLoss: nll,
  CrossEntropyLoss: crossEntropy,
  KLDivLoss: (o, [x]) =>
    x.shape.length === 0
      ? missing("kl is of samples")
      : // PyTorch's "mean" is over all elements.
        pure((y, t) => loss.kl(y, t, { reduction: "sum", logTarget: (o.log_target as boolean) ?? false }).div(y.size)),
  CosineEmbeddingLoss: (o) =>
    pure((a, b, t) => loss.cosineEmbedding(a, b, t, { margin: (o.margin as number) ?? 0, ...reduction(o) })),
  BCEWithLogitsLoss: (o) =>
    o.weight != null
      ? missing("there are weights of columns only")
      : pure((x, t) => loss.bceWithLogits(x, t, reduction(o))),
  PoissonNLLLoss: (o) =>
    o.full === true
      ? missing("poisson leaves out what does not depend on the output")
      : pure((x, t) => loss.poisson(x, t, { log: (o.log_input as boolean) ?? true, ...reduction(o) })),
};
