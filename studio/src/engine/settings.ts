import { isKind, type LayerSpec, newLayer, type Setting, settingsOf } from "./layers.js";

export const DATA = ["circle", "xor", "gauss", "spiral", "digits"] as const;
export type DataName = (typeof DATA)[number];
/** What a network sees of the data: numbers, or whole numbers 0 … 15 that stand for them, as embeddings need them. */
export const INPUTS = ["numbers", "levels"] as const;
export type InputName = (typeof INPUTS)[number];
export const LOSSES = ["crossEntropy", "bceWithLogits", "mse", "huber", "l1"] as const;
export type LossName = (typeof LOSSES)[number];
export const OPTIMIZERS = ["sgd", "momentum", "rmsprop", "adam", "adamw"] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** Everything that a training depends on: the same settings give the same run, bit for bit. */
export interface Settings {
  readonly data: DataName;
  /** How far points are moved from where they belong, 0 to 0.5. */
  readonly noise: number;
  readonly input: InputName;
  readonly layers: readonly LayerSpec[];
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly batch: number;
  readonly l1: number;
  readonly l2: number;
  readonly seed: number;
}

/** Limits of the numbers among the settings. */
export const LIMITS = {
  noise: { least: 0, most: 0.5, step: 0.05, first: 0.1 },
  lr: { least: 0, most: 10, step: 0.001, first: 0.03 },
  batch: { least: 1, most: 1000, step: 1, first: 10 },
  l1: { least: 0, most: 1, step: 0.0001, first: 0 },
  l2: { least: 0, most: 1, step: 0.0001, first: 0 },
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER, step: 1, first: 1 },
} as const;

const POINTS_NETWORK = [
  newLayer("linear", { units: 8 }),
  newLayer("tanh"),
  newLayer("linear", { units: 8 }),
  newLayer("tanh"),
  newLayer("linear", { units: 2 }),
];
const DIGITS_NETWORK = [
  newLayer("conv2d", { channels: 8, kernel: 5, padding: 2 }),
  newLayer("relu"),
  newLayer("maxPool2d"),
  newLayer("conv2d", { channels: 16, kernel: 5 }),
  newLayer("relu"),
  newLayer("maxPool2d"),
  newLayer("flatten"),
  newLayer("linear", { units: 10 }),
];

/** Where a person starts with a kind of data. */
export function startFor(data: DataName): Settings {
  const shared = {
    data,
    noise: LIMITS.noise.first,
    input: "numbers",
    loss: "crossEntropy",
    l1: 0,
    l2: 0,
    seed: 1,
  } as const;
  return data === "digits"
    ? { ...shared, layers: DIGITS_NETWORK, optimizer: "momentum", lr: 0.02, batch: 32 }
    : { ...shared, layers: POINTS_NETWORK, optimizer: "adam", lr: 0.03, batch: 10 };
}

/** The settings as the part of an address after "#". */
export function toAddress(settings: Settings): string {
  const { layers, ...rest } = settings;
  const net = layers.map(({ kind, values }) => [kind, ...Object.values(values)].join("-")).join("_");
  return new URLSearchParams({ ...mapValues(rest, String), net }).toString();
}

/** The settings of an address; what it does not say, or says wrongly, is as at the start. */
export function fromAddress(text: string): Settings {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const start = startFor(oneOf(DATA, given.get("data"), "circle"));
  const number = (name: keyof typeof LIMITS) => inLimits(given.get(name), LIMITS[name]) ?? start[name];
  const net = given.get("net");
  return {
    data: start.data,
    noise: number("noise"),
    input: oneOf(INPUTS, given.get("input"), start.input),
    layers: net === null ? start.layers : net.split("_").flatMap(layerFrom),
    loss: oneOf(LOSSES, given.get("loss"), start.loss),
    optimizer: oneOf(OPTIMIZERS, given.get("optimizer"), start.optimizer),
    lr: number("lr"),
    batch: Math.round(number("batch")),
    l1: number("l1"),
    l2: number("l2"),
    seed: Math.round(number("seed")),
  };
}

function layerFrom(text: string): LayerSpec[] {
  const [kind, ...values] = text.split("-");
  if (!isKind(kind)) return [];
  const entries = Object.entries(settingsOf(kind)).map(([name, setting], i) => [name, valueFrom(setting, values[i])]);
  return [newLayer(kind, Object.fromEntries(entries))];
}

const valueFrom = (setting: Setting, text: string | undefined): number | string =>
  "choices" in setting
    ? oneOf(setting.choices, text ?? null, setting.first)
    : (inLimits(text ?? null, setting) ?? setting.first);

function inLimits(text: string | null, { least, most }: { least: number; most: number }): number | undefined {
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : undefined;
}

const oneOf = <V extends string>(all: readonly V[], text: string | null, otherwise: V): V =>
  all.find((value) => value === text) ?? otherwise;

const mapValues = <V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
