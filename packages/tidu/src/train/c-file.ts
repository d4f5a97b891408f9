// Trained networks, and their training steps, as C files that need nothing else.
import {
  anything,
  callback,
  check,
  checkOptions,
  either,
  flag,
  having,
  instance,
  type Kind,
  listOf,
  needed,
  oneOrMore,
  options as optionsOf,
  words,
} from "../base/check.js";
import type { DType } from "../base/dtype.js";
import { checkShape, formatShape, type Shape } from "../base/shape.js";
import { generateStandalone, READ_PAST, staticArray, typeOf } from "../codegen/c/standalone.js";
import type { Program } from "../compile/program.js";
import { makeStorage, type Storage, valueBytes } from "../graph/node.js";
import { forwardIn } from "../nn/forward.js";
import { checkNet, type Module } from "../nn/module.js";
import { type TrainStepOptions, trainStep } from "../nn/train-step.js";
import { wholeLines } from "../plan/scratch.js";
import { Generator } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { trace } from "../tensor/trace.js";
import { type Part, partsOf, programOf, resultOf } from "./ahead.js";

/** Options of `predictC`. */
export interface CFileOptions {
  /** Samples in a call. Default 1. */
  readonly batchSize?: number;
  /** The function's name; for a training step the prefix of its functions' names. Default "predict", or "train". */
  readonly name?: string;
  /** "inside" the C file, as arrays, or "beside" it, in a separate file that the caller reads. Default "inside". */
  readonly weights?: "inside" | "beside";
  /** Numbers in a vector: 8 suits processors with AVX, 16 those with AVX-512. The results are the same. Default 4. */
  readonly lanes?: 4 | 8 | 16;
  /**
   * Whether to use fused multiply-add: the bits are then those of devices that do so, not of `portable` ones. Default
   * false.
   */
  readonly fused?: boolean;
}

/** The result of `predictC` and `trainingC`. */
export interface CFile {
  /** The C file's text. */
  readonly source: string;
  /** The content of the weight file, if the weights are beside the C file. */
  readonly weights: Uint8Array | undefined;
}

const KEYWORDS =
  /^(auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|asm|main)$/;
const NAME: Kind = {
  says: "a name that C allows, such as my_net",
  ok: (v) => typeof v === "string" && /^[A-Za-z_]\w*$/.test(v) && !KEYWORDS.test(v),
};
const LANES: Kind = { says: "4, 8 or 16", ok: (v) => v === 4 || v === 8 || v === 16 };
const OPTIONS = { batchSize: oneOrMore, name: NAME, weights: words("inside", "beside"), lanes: LANES, fused: flag };
const TRAINING = optionsOf({
  ...OPTIONS,
  target: needed(either(words("class"), listOf(anything, "a shape, such as [2]"))),
  loss: needed(callback),
  optimizer: needed(having("an optimizer, such as optim.sgd({ lr: 0.1 })", "minimize")),
  regularize: callback,
  generator: instance(Generator, "a Generator"),
});

/**
 * A network as a C file with a function `void predict(const float *input, float *output, void *work)`. It needs no
 * library and allocates nothing; GCC (12 or later) and Clang compile it, for any processor. Its results are
 * bit-identical to those of a `portable` device. A comment at its top says how to call it. Random states and variables
 * that the network changes are kept from one call to the next.
 *
 * @param inputShape shape of one sample.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 * import { predictC } from "tidu/native";
 *
 * const { source } = await predictC(nn.linear(4, 2), [4]);
 * console.log(source.includes("void predict(const float *input")); // true
 * ```
 */
export async function predictC(net: Module, inputShape: Shape, options: CFileOptions = {}): Promise<CFile> {
  checkNet("predictC", net);
  checkShape("predictC", inputShape, "inputShape");
  checkOptions("predictC", options, OPTIONS);
  const { batchSize = 1, name = "predict", weights = "inside" } = options;
  const input = makeStorage([batchSize, ...inputShape], "f32");
  const traced = trace((mine) => [resultOf(forwardIn(net, false, [new Tensor(mine.input(input))]))]);
  const [{ shape, dtype }] = traced.result;
  const output = makeStorage(shape, dtype);
  const program = programOf("predictC", traced, [output]);
  const parts = await partsOf(program, traced, net, [input, output]);
  const inside = weights === "inside";
  const places = {
    exact: new Map([
      [input, "input"],
      [output, "output"],
    ]),
    parts: placesOf(parts, inside ? undefined : "weights"),
  };
  const type = typeOf(output);
  const written = new Set(traced.updates.map((u) => u.storage));
  const kept = parts.filter((p) => written.has(p.storage)).map((p) => p.name);
  const memory = kept.length === 0 ? "const void *weights" : "void *weights";
  const parameters = `const float *input, ${type} *output${inside ? "" : `, ${memory}`}`;
  const { head, text, workBytes } = standalone(program, options, name, parameters, places);
  const prefix = name.toUpperCase();
  const about = [
    "A network for inference.",
    "",
    `    void ${name}(${parameters}, void *work);`,
    "",
    `input   float ${says(input)}`,
    `output  ${type} ${says(output)}`,
    ...(inside ? [] : [`weights the content of the weight file, ${bytesOf(parts)} bytes`]),
    `work    ${prefix}_WORK_BYTES bytes of scratch memory for a call, aligned as by malloc; their content does not matter`,
    INSIDE,
    ...(kept.length === 0 ? [] : [`A call changes ${kept.join(", ")} for the next: only one may run at a time.`]),
  ];
  const { lanes = 4 } = options;
  const constants = inside
    ? parts.map((p) => staticArray(p.name, p.storage, p.data, lanes, written.has(p.storage)))
    : [];
  const source = [comment(about, parts), define(prefix, { WORK_BYTES: workBytes }), head, ...constants, text].join(
    "\n",
  );
  return { source, weights: inside ? undefined : blobOf(parts) };
}

/** Options of `trainingC`. */
export interface TrainingCOptions extends CFileOptions, Omit<TrainStepOptions, "net"> {
  /** The kind of targets: "class" for class numbers, or the shape of values. */
  readonly target: "class" | Shape;
}

/**
 * A training step as a C file: `void train_init(void *state)` writes the present weights and all other state of
 * training, and `float train_step(void *state, const float *input, const int32_t *target, void *work)` trains on a
 * batch and returns its loss. The weights are bit-identical to those of a `portable` device.
 *
 * @param inputShape shape of one sample.
 *
 * @example
 * ```ts
 * import { loss, nn, optim } from "tidu";
 * import { trainingC } from "tidu/native";
 *
 * const settings = { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }), target: "class" } as const;
 * const { source } = await trainingC(nn.linear(4, 2), [4], settings);
 * console.log(source.includes("float train_step(")); // true
 * ```
 */
export async function trainingC(net: Module, inputShape: Shape, options: TrainingCOptions): Promise<CFile> {
  checkNet("trainingC", net);
  checkShape("trainingC", inputShape, "inputShape");
  check("trainingC", "options", options, TRAINING);
  const { target: kind, loss, optimizer, regularize, generator, ...rest } = options;
  if (kind !== "class") checkShape("trainingC", kind, "options.target");
  const { batchSize = 1, name = "train", weights = "inside" } = rest;
  const input = makeStorage([batchSize, ...inputShape], "f32");
  const [shape, dtype]: [Shape, DType] = kind === "class" ? [[batchSize], "i32"] : [[batchSize, ...kind], "f32"];
  const target = makeStorage(shape, dtype);
  const traced = trace((mine) => {
    const [x, t] = [input, target].map((storage) => new Tensor(mine.input(storage)));
    return [trainStep({ net, loss, optimizer, regularize, generator }, x, t).loss.node];
  });
  const cost = makeStorage([], "f32");
  const program = programOf("trainingC", traced, [cost]);
  const parts = await partsOf(program, traced, net, [input, target, cost]);
  const exact = new Map([
    [input, "input"],
    [target, "target"],
    [cost, "loss"],
  ]);
  const places = { exact, parts: placesOf(parts, "state") };
  const given = `void *state, const float *input, const ${typeOf(target)} *target`;
  const inner = `static ${name}_run`;
  const { head, text, workBytes } = standalone(program, rest, inner, `${given}, float *loss`, places);
  const prefix = name.toUpperCase();
  const inside = weights === "inside";
  const about = [
    "A training step.",
    "",
    ...(inside ? [`    void ${name}_init(void *state);`] : []),
    `    float ${name}_step(${given}, void *work);`,
    "",
    `state   ${prefix}_STATE_BYTES bytes, aligned as by malloc: weights and all other state of training, as listed below.`,
    inside
      ? `        ${name}_init writes what they are at first`
      : "        At first they are the content of the weight file",
    `input   float ${says(input)}`,
    `target  ${typeOf(target)} ${says(target)}${kind === "class" ? ": numbers of classes, from 0" : ""}`,
    `work    ${prefix}_WORK_BYTES bytes of scratch memory for a call, aligned as by malloc; their content does not matter`,
    INSIDE,
    `${name}_step trains on a batch, and returns its loss before the update.`,
  ];
  const first = parts.map((p) => staticArray(`first_${p.name}`, p.storage, p.data));
  const copies = parts.map(
    (p) => `  __builtin_memcpy((char *)state + ${p.offset}, first_${p.name}, sizeof first_${p.name});\n`,
  );
  const init = inside ? [...first, `void ${name}_init(void *state) {\n${copies.join("")}}\n`] : [];
  const step = `float ${name}_step(${given}, void *work) {
  float loss = 0;
  ${name}_run(state, input, target, &loss, work);
  return loss;
}
`;
  const sizes = define(prefix, { STATE_BYTES: bytesOf(parts), WORK_BYTES: workBytes });
  const source = [comment(about, parts), sizes, head, ...init, text, step].join("\n");
  return { source, weights: inside ? undefined : blobOf(parts) };
}

/** Where parts lie: in arrays of their own, or in memory that a parameter names. */
const placesOf = (parts: readonly Part[], memory: string | undefined): ReadonlyMap<Storage, string> =>
  new Map(
    parts.map(({ storage, name, offset }) => [
      storage,
      memory === undefined ? name : `(const char *)${memory} + ${offset}`,
    ]),
  );

/** The names of the caller's arrays, and where parts lie. */
interface Places {
  readonly exact: ReadonlyMap<Storage, string>;
  readonly parts: ReadonlyMap<Storage, string>;
}

function standalone(
  program: Program,
  { lanes = 4, fused = false }: CFileOptions,
  name: string,
  parameters: string,
  { exact, parts }: Places,
) {
  const registers = { lanes, accumulators: lanes === 16 ? 24 : 12, unroll: 4, fused };
  return generateStandalone(program, registers, { name, parameters, exact, place: (s) => parts.get(s) as string });
}

/** Bytes of all parts, and room for vectors that read past the end of the last. */
const bytesOf = (parts: readonly Part[]): number =>
  parts.reduce((n, { storage }) => n + wholeLines(valueBytes(storage)), READ_PAST);

function blobOf(parts: readonly Part[]): Uint8Array {
  const bytes = new Uint8Array(bytesOf(parts));
  for (const { data, offset } of parts)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  return bytes;
}

const says = ({ shape }: Storage): string => `${formatShape(shape)}, the last axis fastest`;

const INSIDE = "A call reads and writes nothing outside these arrays.";

/** The comment at a file's top. */
const comment = (about: readonly string[], parts: readonly Part[]): string =>
  [
    "/*",
    ...about,
    "",
    'Compile it as C with GCC (12 or later) or Clang: cc -O2 -c FILE.c. From C++ declare the functions extern "C".',
    "",
    "Its arrays, with their offsets in bytes, which hold where all arrays are in one piece of memory:",
    ...parts.map(
      ({ storage, name, offset }) =>
        `${String(offset).padStart(8)}  ${typeOf(storage)} ${name} ${formatShape(storage.shape)}`,
    ),
  ]
    .map((line, i) => (i === 0 ? line : ` * ${line}`.trimEnd()))
    .concat(" */")
    .join("\n");

const define = (prefix: string, values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `#define ${prefix}_${name} ${value}\n`)
    .join("");
