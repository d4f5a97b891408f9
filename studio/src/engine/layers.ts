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
const real = (first: number, most: number): NumberSetting => ({ least: 0.01, most, step: 0.01, first });
const windowed = {
  channels: count(8, 64),
  kernel: count(5, 28),
  stride: count(1, 8),
  padding: { least: 0, most: 14, step: 1, first: 0 },
};
const convolution: LayerKind = {
  settings: windowed,
  args: ({ channels, kernel, stride, padding }, [first]) => [
    first ?? 1,
    Number(channels),
    Number(kernel),
    { stride, padding },
  ],
};
const pool: LayerKind = { settings: { kernel: count(2, 28) }, args: ({ kernel }) => [Number(kernel)] };
const plain: LayerKind = { settings: {}, args: () => [] };
const perChannel: LayerKind = { settings: {}, args: (_, [first]) => [first ?? 1] };

/** Every kind of layer that the playground offers, by its name in `nn`. */
export const KINDS = {
  linear: { settings: { units: count(8) }, args: ({ units }, shape) => [shape.at(-1) ?? 1, Number(units)] },
  conv2d: convolution,
  convTranspose2d: convolution,
  maxout: {
    settings: { units: count(4), pieces: count(2, 16) },
    args: ({ units, pieces }, shape) => [shape.at(-1) ?? 1, Number(units), Number(pieces)],
  },
  maxoutChannels: { settings: { pieces: count(2, 16) }, args: ({ pieces }) => [Number(pieces)] },
  relu: plain,
  leakyRelu: { settings: { slope: real(0.1, 1) }, args: ({ slope }) => [Number(slope)] },
  elu: { settings: { alpha: real(1, 5) }, args: ({ alpha }) => [Number(alpha)] },
  sigmoid: plain,
  tanh: plain,
  softplus: plain,
  gelu: plain,
  silu: plain,
  maxPool2d: pool,
  avgPool2d: pool,
  globalAvgPool2d: plain,
  flatten: plain,
  dropout: {
    settings: {
      p: { least: 0, most: 0.95, step: 0.05, first: 0.5 },
      drop: { choices: ["elements", "channels", "units"], first: "elements" },
      scale: { choices: ["training", "test"], first: "training" },
    },
    args: ({ p, drop, scale }) => [Number(p), { drop, scale }],
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
