/**
 * Reads the golden numbers of this folder. README.md says what each field holds and how the numbers were made.
 *
 *     for (const golden of loadGolden("layers").cases) { golden.input.shape; golden.input.data; ... }
 */
import { readFileSync } from "node:fs";

/** A tensor of float32 or, for labels, indices and counters, int32 values in row-major order. */
export interface GoldenTensor<Data extends Float32Array | Int32Array = Float32Array | Int32Array> {
  readonly shape: readonly number[];
  readonly data: Data;
  /** Whether its numbers, 0 and 1, are truths. */
  readonly bool?: true;
}
export type FloatTensor = GoldenTensor<Float32Array>;
export type IntTensor = GoldenTensor<Int32Array>;

/** Tensors by state-dict name, in the state dict's order. */
export type GoldenTensors<T extends GoldenTensor = FloatTensor> = Readonly<Record<string, T>>;

export type OptionValue = number | string | boolean | readonly number[];
export type Options = Readonly<Record<string, OptionValue>>;

export type LayerName =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "convTranspose2d"
  | "maxPool2d"
  | "avgPool2d"
  | "globalAvgPool"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "sigmoid"
  | "tanh"
  | "softplus"
  | "gelu"
  | "silu"
  | "softmax"
  | "logSoftmax"
  | "flatten"
  | "dropout"
  | "batchNorm1d"
  | "batchNorm2d"
  | "layerNorm"
  | "embedding"
  | "maxout"
  | "maxoutChannels";

export interface LayerCase {
  readonly name: string;
  readonly layer: LayerName;
  readonly options: Options;
  /** Only for batch normalization. */
  readonly mode?: "train" | "eval";
  /** Int32 for `embedding`, otherwise float32. */
  readonly input: GoldenTensor;
  readonly params: GoldenTensors;
  /** Running statistics before and after, only for batch normalization. */
  readonly buffers?: GoldenTensors<GoldenTensor>;
  readonly buffersAfter?: GoldenTensors<GoldenTensor>;
  readonly output: FloatTensor;
  readonly gradOutput: FloatTensor;
  /** Absent for integer inputs. */
  readonly gradInput?: FloatTensor;
  readonly gradParams: GoldenTensors;
}

export type LossName = "crossEntropy" | "mse" | "l1" | "huber" | "bceWithLogits";

export interface LossCase {
  readonly name: string;
  readonly loss: LossName;
  readonly options: Options;
  readonly input: FloatTensor;
  /** Int32 labels [batch], or float32 in the input's shape. */
  readonly target: GoldenTensor;
  /** A weight per class, for `crossEntropy`. */
  readonly weight?: FloatTensor;
  /** A weight per column for targets of one, for `bceWithLogits`. */
  readonly posWeight?: FloatTensor;
  /** A scalar: its shape is []. */
  readonly output: FloatTensor;
  readonly gradInput: FloatTensor;
}

export type OptimizerName =
  | "sgd"
  | "rmsprop"
  | "adam"
  | "adamw"
  | "adagrad"
  | "nadam"
  | "radam"
  | "lion"
  | "lamb"
  | "muon"
  | "adafactor";

export interface OptimizerRunCase {
  readonly name: string;
  readonly kind: "run";
  readonly optimizer: OptimizerName;
  readonly options: Options;
  /** Options of single parameters, which win over `options`. */
  readonly groups?: readonly { readonly params: readonly string[]; readonly options: Options }[];
  /** Clipping of the gradients (all together) before every step. */
  readonly clip?: { readonly kind: "norm" | "value"; readonly max: number };
  readonly start: GoldenTensors;
  readonly c: GoldenTensors;
  readonly t: GoldenTensors;
  /** The function's value before each step. */
  readonly values: readonly number[];
  /** The parameters after so many steps. */
  readonly after: Readonly<Record<"1" | "2" | "5" | "10", GoldenTensors>>;
}

export interface ClipCase {
  readonly name: string;
  readonly kind: "clip";
  readonly clip:
    | { readonly kind: "norm"; readonly max: number; readonly normType: number | "inf" }
    | { readonly kind: "value"; readonly max: number };
  /** The norm of all gradients together before clipping, only for kind "norm". */
  readonly totalNorm?: number;
  readonly gradients: GoldenTensors;
  readonly clipped: GoldenTensors;
}

/** What is kept of a tensor too large to store. */
export interface TensorSummary {
  readonly shape: readonly number[];
  /** The first eight values. */
  readonly first: FloatTensor;
  readonly sum: number;
  readonly sumAbs: number;
  readonly sumSquares: number;
}

export interface NetworkCase {
  readonly name: string;
  readonly architecture: readonly { readonly layer: LayerName; readonly options: Options }[];
  readonly loss: { readonly loss: LossName; readonly options: Options };
  readonly optimizer: { readonly optimizer: OptimizerName; readonly options: Options };
  readonly penalty?: { readonly l1: number; readonly l2: number };
  readonly inputs: FloatTensor;
  readonly targets: GoldenTensor;
  /** The rows of `inputs` and `targets` used in each step. */
  readonly batches: readonly (readonly number[])[];
  readonly initialState: GoldenTensors<GoldenTensor>;
  /** The loss, without penalty, before each step's update. */
  readonly losses: readonly number[];
  readonly penalties?: readonly number[];
  /** Gradients of loss plus penalty in the first step. */
  readonly firstGradients: Readonly<Record<string, GoldenTensor | TensorSummary>>;
  readonly finalState: Readonly<Record<string, GoldenTensor | TensorSummary>>;
  /** The trained network's outputs for all of `inputs`, in evaluation mode. */
  readonly finalOutputs: FloatTensor;
}

/** A power and its derivatives in float32; what JSON cannot say is "inf", "-inf" or "nan". */
export type PowerCase = { readonly name: string } & Readonly<
  Record<"base" | "exponent" | "value" | "byBase" | "byExponent" | "byBaseTwice", number | "inf" | "-inf" | "nan">
>;

export interface ScheduleCase {
  readonly name: string;
  readonly schedule:
    | "step"
    | "exponential"
    | "cosine"
    | "linearWarmup"
    | "polynomial"
    | "oneCycle"
    | "warmupThenCosine"
    | "reduceOnPlateau";
  readonly options: Options;
  readonly baseLr: number;
  /** For `reduceOnPlateau`: the metric reported at the end of each epoch. */
  readonly metrics?: readonly number[];
  /** The learning rate in force during each epoch, from epoch 0. */
  readonly lrs: readonly number[];
}

export interface SafetensorsCase {
  readonly name: string;
  /** Path of the file, relative to this folder. */
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The type of each tensor in the file. */
  readonly dtypes: Readonly<Record<string, string>>;
  /** The values of each tensor, as float32 or int32. */
  readonly tensors: GoldenTensors<GoldenTensor>;
}

/** A whole network as PyTorch hands it on. */
export interface ExchangeCase {
  readonly name: string;
  /** Path of the file, relative to this folder. */
  readonly file: string;
  readonly input: FloatTensor;
  /** The output in evaluation mode. */
  readonly output: FloatTensor;
  /** Names in PyTorch's state dict; none where its exporter has changed the parameters. */
  readonly state: readonly string[];
  /** Only for an `nn.Sequential`. */
  readonly architecture?: readonly { readonly layer: LayerName; readonly options: Options }[];
}

/** A network whose weights were rounded to a half: those before, a file of those after, and the output of those. */
export interface HalvesCase extends Omit<ExchangeCase, "state"> {
  readonly name: "f16" | "bf16";
  readonly state: GoldenTensors;
}

/** A sample of PyTorch's own for a module, and what two steps of gradient descent with momentum make of it. */
export interface ModuleCase {
  readonly name: string;
  /** PyTorch's name of the module, and the arguments that it was made with. */
  readonly module: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: GoldenTensors<GoldenTensor>;
  readonly inputs: readonly GoldenTensor[];
  /** What an input is called, if it was given by name. */
  readonly names: readonly (string | null)[];
  /** Outputs before the first step, and after the last one. */
  readonly first: readonly GoldenTensor[];
  readonly last: readonly GoldenTensor[];
  readonly stateAfter: GoldenTensors<GoldenTensor>;
  /** Of the float inputs that were trained, which come first. */
  readonly inputsAfter: readonly GoldenTensor[];
  /** How far PyTorch's own float32 is from all that, in units of each tensor's largest number. */
  readonly float32: number;
}

/** A function of tensors: what it gives, and the slopes of a cost by each float input; see `generator/functions.py`. */
export interface FunctionCase {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: readonly GoldenTensor[];
  readonly slopes: readonly FloatTensor[];
}

/** An average of the weights of a training, or a minimum; see `generator/averages.py`. */
export interface AverageCase {
  readonly name: string;
  readonly kind: "ema" | "swa" | "lbfgs";
  readonly options: { readonly decay?: number; readonly start: number; readonly every?: number };
  readonly steps: number;
  readonly start: FloatTensor;
  readonly target: FloatTensor;
  readonly final: FloatTensor;
  readonly average: FloatTensor;
  readonly cost: number;
  readonly inputs: FloatTensor;
  readonly targets: FloatTensor;
}

/** A few elements of a tensor, one in every `step`, and its norm. */
export interface ShortSummary {
  readonly norm: number;
  readonly step: number;
  readonly some: readonly number[];
}

/** A whole network over three updates, or one that learns a text; see `generator/families.py`. */
export interface FamilyCase {
  readonly name: string;
  readonly losses: readonly number[];
  readonly before: ShortSummary;
  readonly after: ShortSummary;
  /** Of the parameters after three updates. */
  readonly norms: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly length: number;
  readonly rate: number;
  /** Mean loss of the last ten steps. */
  readonly last: number;
}

/** A model of TensorFlow.js; see `tfjs/make.mjs`. */
export interface TfjsCase {
  readonly name: string;
  /** The content of model.json. */
  readonly model: Readonly<Record<string, unknown>>;
  /** The files of weights by their paths, in base64. */
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: GoldenTensors<GoldenTensor>;
}

export interface GoldenFile<Case> {
  readonly madeBy: string;
  /** The version of PyTorch that made the numbers. */
  readonly torch: string;
  readonly cases: readonly Case[];
}

export interface GoldenFiles {
  readonly families: GoldenFile<FamilyCase>;
  readonly tfjs: { readonly madeBy: string; readonly tfjs: string; readonly cases: readonly TfjsCase[] };
  readonly keras3: { readonly madeBy: string; readonly keras: string; readonly cases: readonly TfjsCase[] };
  readonly averages: GoldenFile<AverageCase>;
  readonly "module-db": GoldenFile<ModuleCase>;
  readonly functions: GoldenFile<FunctionCase>;
  readonly modules: GoldenFile<FunctionCase>;
  readonly layers: GoldenFile<LayerCase>;
  readonly losses: GoldenFile<LossCase>;
  readonly optimizers: GoldenFile<OptimizerRunCase | ClipCase> & {
    readonly function: { readonly value: string; readonly gradient: string };
  };
  readonly networks: GoldenFile<NetworkCase> & { readonly penalty: string };
  readonly schedules: GoldenFile<ScheduleCase>;
  readonly powers: GoldenFile<PowerCase>;
  readonly safetensors: GoldenFile<SafetensorsCase>;
  readonly exchange: GoldenFile<ExchangeCase>;
  readonly halves: GoldenFile<HalvesCase>;
}

/** The named file with every tensor decoded. Each call reads the file again, so that callers may write into the arrays. */
export function loadGolden<Name extends keyof GoldenFiles>(name: Name): GoldenFiles[Name] {
  const text = readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8");
  return JSON.parse(text, (_key, value: unknown) => (isEncoded(value) ? decode(value) : value)) as GoldenFiles[Name];
}

/** The bytes of a file that a case names. */
export function readGoldenBytes(golden: { readonly file: string }): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(`./${golden.file}`, import.meta.url)));
}

export function isInt(tensor: GoldenTensor): tensor is IntTensor {
  return tensor.data instanceof Int32Array;
}

export function isSummary(value: GoldenTensor | TensorSummary): value is TensorSummary {
  return "sumSquares" in value;
}

export interface EncodedTensor {
  readonly shape: readonly number[];
  readonly data: string;
  readonly dtype?: "i32";
  readonly bool?: true;
}

export function isEncoded(value: unknown): value is EncodedTensor {
  return (
    typeof value === "object" && value !== null && "shape" in value && "data" in value && typeof value.data === "string"
  );
}

export function decode({ shape, data, dtype, bool }: EncodedTensor): GoldenTensor {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  const length = shape.reduce((product, n) => product * n, 1);
  if (bytes.length !== length * 4) {
    throw new Error(`golden tensor of shape [${shape.join(", ")}] has ${bytes.length} bytes, expected ${length * 4}`);
  }
  const view = new DataView(bytes.buffer);
  return dtype === "i32"
    ? { shape, data: Int32Array.from({ length }, (_, i) => view.getInt32(i * 4, true)), ...(bool && { bool }) }
    : { shape, data: Float32Array.from({ length }, (_, i) => view.getFloat32(i * 4, true)) };
}
