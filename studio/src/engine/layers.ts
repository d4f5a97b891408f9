// The layers that the playground offers, and their settings.

/** A number that a layer is made with. */
export interface NumberSetting {
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly first: number;
}

/** One of several words that a layer is made with. */
export interface ChoiceSetting {
  readonly choices: readonly string[];
  readonly first: string;
}

export type Setting = NumberSetting | ChoiceSetting;
export type Values = Readonly<Record<string, number | string>>;

/** A call of one of `nn`'s functions: its arguments. */
export type Arguments = readonly (number | Readonly<Record<string, number | string>>)[];

/** What can be put into a network: what a person sets, and how it is made once the shape of its input is known. */
interface LayerKind {
  readonly settings: Readonly<Record<string, Setting>>;
  /** Arguments of the function of `nn` that has the kind's name; `shape` is that of one sample. */
  readonly args: (values: Values, shape: readonly number[]) => Arguments;
}

const count = (first: number, most = 512): NumberSetting => ({ least: 1, most, step: 1, first });
const border = (most: number): NumberSetting => ({ least: 0, most, step: 1, first: 0 });
const real = (first: number, most: number): NumberSetting => ({ least: 0.01, most, step: 0.01, first });

/** Options as the last argument: those that differ from what the function takes by itself, which are mostly none. */
const options = (values: Values, defaults: Values): Arguments => {
  const own = Object.entries(defaults).filter(([name, value]) => values[name] !== value);
  return own.length === 0 ? [] : [Object.fromEntries(own.map(([name]) => [name, values[name]]))];
};

const convolution = (more: LayerKind["settings"] = {}): LayerKind => ({
  settings: {
    channels: count(8, 64),
    kernel: count(5, 28),
    stride: count(1, 8),
    padding: border(14),
    dilation: count(1, 8),
    groups: count(1, 64),
    ...more,
  },
  args: (values, [first]) => [
    first ?? 1,
    Number(values.channels),
    Number(values.kernel),
    ...options(values, {
      stride: 1,
      padding: 0,
      dilation: 1,
      groups: 1,
      ...("outputPadding" in more ? { outputPadding: 0 } : {}),
    }),
  ],
});
const pool: LayerKind = {
  settings: { kernel: count(2, 28), stride: count(2, 28), padding: border(14) },
  args: (values) => [Number(values.kernel), ...options(values, { stride: values.kernel, padding: 0 })],
};
const plain: LayerKind = { settings: {}, args: () => [] };
const perChannel: LayerKind = { settings: {}, args: (_, [first]) => [first ?? 1] };

/** Every kind of layer that the playground offers, by its name in `nn`. */
export const KINDS = {
  linear: { settings: { units: count(8) }, args: ({ units }, shape) => [shape.at(-1) ?? 1, Number(units)] },
  conv1d: convolution(),
  conv2d: convolution(),
  convTranspose2d: convolution({ outputPadding: border(7) }),
  maxout: {
    settings: { units: count(4), pieces: count(2, 16) },
    args: ({ units, pieces }, shape) => [shape.at(-1) ?? 1, Number(units), Number(pieces)],
  },
  maxoutChannels: { settings: { pieces: count(2, 16) }, args: ({ pieces }) => [Number(pieces)] },
  embedding: {
    settings: { count: count(16), features: count(4) },
    args: ({ count, features }) => [Number(count), Number(features)],
  },
  relu: plain,
  leakyRelu: { settings: { slope: real(0.1, 1) }, args: ({ slope }) => [Number(slope)] },
  elu: { settings: { alpha: real(1, 5) }, args: ({ alpha }) => [Number(alpha)] },
  sigmoid: plain,
  tanh: plain,
  softplus: plain,
  gelu: plain,
  silu: plain,
  softmax: plain,
  logSoftmax: plain,
  maxPool2d: pool,
  avgPool2d: pool,
  globalAvgPool2d: plain,
  flatten: {
    settings: { start: count(1, 3) },
    args: ({ start }) => (start === 1 ? [] : [Number(start)]),
  },
  dropout: {
    settings: {
      p: { least: 0, most: 0.95, step: 0.05, first: 0.5 },
      drop: { choices: ["elements", "channels", "units"], first: "elements" },
      scale: { choices: ["training", "test"], first: "training" },
    },
    args: (values) => [Number(values.p), ...options(values, { drop: "elements", scale: "training" })],
  },
  batchNorm1d: perChannel,
  batchNorm2d: perChannel,
  layerNorm: { settings: {}, args: (_, shape) => [shape.at(-1) ?? 1] },
} as const satisfies Readonly<Record<string, LayerKind>>;

export type KindName = keyof typeof KINDS;

export const isKind = (name: string): name is KindName => Object.hasOwn(KINDS, name);
export const settingsOf = (kind: KindName): Readonly<Record<string, Setting>> => KINDS[kind].settings;

/** A layer as a person put it there. */
export interface LayerSpec {
  readonly kind: KindName;
  readonly values: Values;
}

/** A layer of a kind, with the first values of its settings. */
export const newLayer = (kind: KindName, values: Values = {}): LayerSpec => ({
  kind,
  values: {
    ...Object.fromEntries(Object.entries(settingsOf(kind)).map(([name, { first }]) => [name, first])),
    ...values,
  },
});

/** What the function of `nn` that has the kind's name is to be given. */
export const argumentsOf = ({ kind, values }: LayerSpec, shape: readonly number[]): Arguments =>
  (KINDS[kind] as LayerKind).args(values, shape);

/** The call that makes it, as TypeScript. */
export const layerCode = (spec: LayerSpec, shape: readonly number[]): string =>
  `nn.${spec.kind}(${argumentsOf(spec, shape).map(literal).join(", ")})`;

function literal(value: Arguments[number]): string {
  if (typeof value === "number") return String(value);
  const entries = Object.entries(value).map(([name, v]) => `${name}: ${JSON.stringify(v)}`);
  return `{ ${entries.join(", ")} }`;
}
