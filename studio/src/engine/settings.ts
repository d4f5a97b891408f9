// Everything that a reader can set, as plain data.
import { isKind, type LayerSpec, newLayer, type Setting, settingsOf } from "./layers.js";
import type { Feature } from "./points.js";

export const POINT_SETS = ["circle", "xor", "gauss", "spiral", "slope", "hills"] as const;
/** The two that a person brings: rows of a file, and pictures. They stay in the page, so an address does not have them. */
export const OWN = ["table", "pictures"] as const;
export const DATA = [...POINT_SETS, "digits", ...OWN] as const;
export type DataName = (typeof DATA)[number];
/** What a network sees of the data: numbers, or whole numbers 0 … 15 that stand for them, as embeddings need them. */
export const INPUTS = ["numbers", "levels"] as const;
export type InputName = (typeof INPUTS)[number];
export const FEATURES = ["x", "y", "xx", "yy", "xy", "sinx", "siny"] as const satisfies readonly Feature[];
export const LOSSES = ["crossEntropy", "bceWithLogits", "mse", "huber", "l1"] as const;
export type LossName = (typeof LOSSES)[number];
/** Those between numbers, which do without classes. */
export const NUMBER_LOSSES: readonly LossName[] = ["mse", "huber", "l1"];
export const OPTIMIZERS = ["sgd", "momentum", "rmsprop", "adam", "adamw"] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** What a training may run on: the processor, a graphics card, or whichever of them is faster. */
export const DEVICES = ["auto", "wasm", "webgpu"] as const;
export type DeviceName = (typeof DEVICES)[number];

/** Everything that a training depends on: the same settings give the same run, on the processor bit for bit. */
export interface Settings {
  readonly data: DataName;
  /** How far points are moved from where they belong, 0 to 0.5. */
  readonly noise: number;
  /** Points that are learned from, of 100; the others are the test data. */
  readonly share: number;
  readonly input: InputName;
  /** What a network is given of each point. */
  readonly features: readonly Feature[];
  readonly layers: readonly LayerSpec[];
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly batch: number;
  readonly l1: number;
  readonly l2: number;
  readonly seed: number;
  readonly device: DeviceName;
}

/** Limits of the numbers among the settings. `log`: steps multiply, from `floor` on; below it comes 0. */
export const LIMITS = {
  noise: { least: 0, most: 0.5, step: 0.05, first: 0.1 },
  share: { least: 10, most: 90, step: 10, first: 50 },
  lr: { least: 0, most: 10, step: "log", floor: 1e-5, first: 0.03 },
  batch: { least: 1, most: 1000, step: "log", floor: 1, first: 10 },
  l1: { least: 0, most: 1, step: "log", floor: 1e-5, first: 0 },
  l2: { least: 0, most: 1, step: "log", floor: 1e-5, first: 0 },
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

export const isPicture = (data: DataName): boolean => data === "digits" || data === "pictures";
export const isPointSet = (data: DataName): data is (typeof POINT_SETS)[number] =>
  POINT_SETS.some((name) => name === data);
/** Whether points of the set have numbers, not classes. */
export const hasNumbers = (data: DataName): boolean => data === "slope" || data === "hills";

/** Where a person starts with a kind of data. `outputs`: numbers that the network is to give; default the data's own. */
export function startFor(data: DataName, outputs?: number): Settings {
  const shared = {
    data,
    noise: LIMITS.noise.first,
    share: LIMITS.share.first,
    input: "numbers",
    features: ["x", "y"],
    loss: hasNumbers(data) ? "mse" : "crossEntropy",
    l1: 0,
    l2: 0,
    seed: 1,
    device: "auto",
  } as const;
  if (isPicture(data)) {
    const layers = withOutputs(DIGITS_NETWORK, outputs ?? 10);
    return { ...shared, layers, optimizer: "momentum", lr: 0.02, batch: 32 };
  }
  const layers = withOutputs(POINTS_NETWORK, outputs ?? (hasNumbers(data) ? 1 : 2));
  return { ...shared, layers, optimizer: "adam", lr: 0.03, batch: 10 };
}

/** The layers with so many units in the last linear one. */
export function withOutputs(layers: readonly LayerSpec[], units: number): readonly LayerSpec[] {
  const last = layers.findLastIndex(({ kind }) => kind === "linear");
  return layers.map((layer, i) => (i === last ? { ...layer, values: { ...layer.values, units } } : layer));
}

/** The settings as the part of an address after "#". What came later than other settings is left out at its first value. */
export function toAddress(settings: Settings): string {
  const { share, features, device, net, ...rest } = textsOf(settings);
  const later = {
    ...(settings.share === LIMITS.share.first ? {} : { share }),
    ...(features === "x_y" ? {} : { features }),
    ...(device === "auto" ? {} : { device }),
  };
  return new URLSearchParams({ ...rest, ...later, net }).toString();
}

function textsOf({ layers, features, ...rest }: Settings): Record<string, string> {
  const net = layers.map(({ kind, values }) => [kind, ...Object.values(values)].join("-")).join("_");
  return { ...mapValues(rest, String), features: features.join("_"), net };
}

/** The names of what an address says and `fromAddress` does not take as it stands. */
export function notTaken(hash: string): string[] {
  const taken = textsOf(fromAddress(hash));
  return [...new URLSearchParams(hash.replace(/^#/, ""))]
    .filter(([name, text]) => Object.hasOwn(taken, name) && !isSame(name, text, taken[name]))
    .map(([name]) => name);
}

/** Whether a text of an address says what was taken; layers may leave out settings at their end. */
function isSame(name: string, said: string, taken: string): boolean {
  const [a, b] = [said.split("_"), taken.split("_")];
  if (name === "features") return a.every((feature) => b.includes(feature));
  const isValue = (x: string, y: string | undefined) => x === y || (x.trim() !== "" && Number(x) === Number(y));
  if (name !== "net") return isValue(said, taken);
  return (
    a.length === b.length && a.every((layer, i) => layer.split("-").every((x, j) => isValue(x, b[i].split("-")[j])))
  );
}

/** The settings of an address; what it does not say, or says wrongly, is as at the start. */
export function fromAddress(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const start = startFor(oneOf(DATA, given.get("data"), "circle"));
  const number = (name: keyof typeof LIMITS): number => inLimits(given.get(name), LIMITS[name]) ?? start[name];
  const net = given.get("net");
  const named = given.get("features")?.split("_") ?? [];
  const features = FEATURES.filter((name) => named.includes(name));
  const losses = hasNumbers(start.data) ? NUMBER_LOSSES : LOSSES;
  return {
    data: start.data,
    noise: number("noise"),
    share: number("share"),
    input: oneOf(INPUTS, given.get("input"), start.input),
    features: features.length === 0 ? start.features : features,
    layers: net === null ? start.layers : net.split("_").flatMap(layerFrom),
    loss: oneOf(losses, given.get("loss"), start.loss),
    optimizer: oneOf(OPTIMIZERS, given.get("optimizer"), start.optimizer),
    lr: number("lr"),
    batch: number("batch"),
    l1: number("l1"),
    l2: number("l2"),
    seed: number("seed"),
    device: oneOf(DEVICES, given.get("device"), start.device),
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

/** What a number is taken by; where it goes in whole steps it is whole. */
interface Limits {
  readonly least: number;
  readonly most: number;
  readonly step: number | "log";
  readonly floor?: number;
}

/** The number that a text of an address says; undefined for none, and for one outside of its limits. */
export function inLimits(text: string | null, { least, most, step, floor }: Limits): number | undefined {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  const isWhole = Number.isInteger(value) || !Number.isInteger(step === "log" ? floor : step);
  return value >= least && value <= most && isWhole ? value : undefined;
}

const oneOf = <V extends string>(all: readonly V[], text: string | null, otherwise: V): V =>
  all.find((value) => value === text) ?? otherwise;

const mapValues = <V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
