// `tidu export` writes a trained network in a format that other tools read.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { saveOnnx } from "@tidu/onnx";
import { type Command, Option } from "commander";
import { ArgumentError, Generator, save } from "tidu";
import { writeFileAtomic } from "tidu/internal";
import { type CFile, predictC, predictWasm, trainingC } from "tidu/native";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { meaningOf, metadataOf, rawInputs } from "../run/onnx.js";
import { checkOverwrite, filesOf } from "../run/overwrite.js";
import { trainingParts } from "../run/trainer.js";
import { openTrained, type Trained } from "../run/use.js";
import { fileName, whole } from "../values.js";

/** Options beside the format. */
interface Choices {
  readonly training?: true;
  readonly weights: "inside" | "beside";
  readonly batchSize?: number;
  readonly preprocess?: true;
  readonly opset?: number;
}

/** The formats that an option applies to. */
const ABOUT: { readonly [name in keyof Choices]-?: readonly (keyof typeof formats)[] } = {
  training: ["c"],
  weights: ["c"],
  batchSize: ["c", "wasm"],
  preprocess: ["onnx"],
  opset: ["onnx"],
};

/** How a network is written to a file of each format; the files that are written beside it. */
const formats = {
  onnx: async ({ net, config }: Trained, path: string, { preprocess: wanted, opset }: Choices): Promise<string[]> => {
    const { preprocess, inputShape } = config.data;
    const raw = wanted ? { inputs: rawInputs(preprocess), outputs: meaningOf(preprocess) } : {};
    await saveOnnx(net, path, inputShape, { opset, metadata: metadataOf(preprocess), ...raw });
    return [];
  },
  safetensors: async ({ net }: Trained, path: string): Promise<string[]> => {
    await save(net, path);
    return [];
  },
  c: async (trained: Trained, path: string, choices: Choices): Promise<string[]> => {
    const { source, weights } = await makeC(trained, choices);
    if (weights !== undefined) checkOverwrite(`${path}.weights`, { inputs: filesOf(trained.config) });
    await writeFileAtomic(path, new TextEncoder().encode(source));
    if (weights === undefined) return [];
    const beside = `${path}.weights`;
    await writeFileAtomic(beside, weights);
    return [beside];
  },
  wasm: async ({ net, config }: Trained, path: string, { batchSize }: Choices): Promise<string[]> => {
    const { module, loader } = await predictWasm(net, config.data.inputShape, { batchSize, file: basename(path) });
    const beside = `${path.slice(0, path.length - extname(path).length)}.mjs`;
    if (beside === path)
      throw new ArgumentError(
        `--out ${path}: the loader beside the module has this name; use ${basename(path, ".mjs")}.wasm`,
      );
    await checkLoader(beside, path);
    await writeFileAtomic(path, module);
    await writeFileAtomic(beside, new TextEncoder().encode(loader));
    return [beside];
  },
} as const;

/** Throws ArgumentError where the loader's name is that of another module. */
async function checkLoader(beside: string, path: string): Promise<void> {
  const text = existsSync(beside) ? await readFile(beside, "utf8") : "";
  if (text === "" || LOADER.test(text)) return;
  throw new ArgumentError(
    `--out ${path}: the loader would be written over ${beside}, which is another module; give another name`,
  );
}

/** Endings of a format's files, the usual one first. */
const ENDINGS: Readonly<Record<keyof typeof formats, readonly string[]>> = {
  onnx: [".onnx"],
  safetensors: [".safetensors"],
  c: [".c", ".h", ".cc", ".cpp"],
  wasm: [".wasm"],
};

/** What every loader has. */
const LOADER = /^export async function load\(/m;

/** A network, or its further training step, as C. */
function makeC({ net, config }: Trained, { training, weights, batchSize }: Choices): Promise<CFile> {
  const { inputShape, outputs } = config.data;
  if (!training) return predictC(net, inputShape, { weights, batchSize });
  const { seed, batchSize: own } = config.training;
  const { loss, optimizer, regularize } = trainingParts(config);
  const target = config.data.task === "classification" ? "class" : [outputs];
  const generator = new Generator(seed);
  const step = { loss, optimizer, regularize, generator, target } as const;
  return trainingC(net, inputShape, { ...step, weights, batchSize: batchSize ?? own });
}

interface Options extends Partial<Choices> {
  format: keyof typeof formats;
  out?: string;
  last?: true;
  trust?: true;
  json?: true;
}

const EXAMPLES = `
Examples:
  $ tidu export runs/digits --format onnx
  $ tidu export runs/flowers --format onnx --preprocess --opset 21
  $ tidu export runs/digits --format safetensors --last --out digits.safetensors
  $ tidu export runs/digits --format c                (then: cc -O2 -c digits.c)
  $ tidu export runs/digits --format c --training
  $ tidu export runs/digits --format wasm             (digits.wasm, and digits.mjs with a function predict)

The network takes inputs as it was trained on them: "preprocess" in the run's config.json says how they are made, and in an
ONNX file's metadata. With --preprocess an ONNX file makes them itself: it takes each column of a table as it is (numbers, NaN
for a missing one; dates as milliseconds since 1970; texts, "" for a missing one; of hashed names their features, as
docs/models.md says), the pixels of images of the network's size, or the numbers of an array, and
gives label and probabilities, or values in their own units.`;

/** tidu export: a trained network as a file that other tools read. */
export function addExport(program: Command): void {
  const format = new Option(
    "--format <format>",
    "onnx for ONNX Runtime and others, safetensors for PyTorch and others, c for a C file that needs no library, " +
      "wasm for a module that needs no compiler at run time",
  );
  program
    .command("export")
    .summary("write a trained network to a file for other tools")
    .description("Write a trained network to a file that other tools read.")
    .argument("<dir>", "the run's folder")
    .addOption(format.choices(Object.keys(formats)).makeOptionMandatory())
    .option("--out <file>", "the file (default: the name of the run's folder, with the format as extension)", fileName)
    .option("--last", "write the network of the last epoch instead of the best")
    .option(
      "--training",
      "c: the file has a training step with the run's settings, which starts from the network's weights",
    )
    .addOption(
      new Option(
        "--weights <where>",
        "c: whether weights are inside the file, or in a file beside it (default: inside)",
      ).choices(["inside", "beside"]),
    )
    .option(
      "--batch-size <n>",
      "c, wasm: samples in a call (default: 1; for a training step those of the run)",
      whole(1),
    )
    .option(
      "--preprocess",
      "onnx: include preprocessing, so that the file takes raw columns, pixels or numbers, and returns classes or values",
    )
    .option("--opset <n>", "onnx: version of the operators, 13 to 21 (default: 17)", whole(13, 21))
    .addOption(trustOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { format, out, last, trust, json, ...choices }: Options) => {
      for (const [name, about] of Object.entries(ABOUT)) {
        if (choices[name as keyof Choices] === undefined || about.includes(format)) continue;
        const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        throw new ArgumentError(`--${option} is for --format ${about.join(" and ")}; leave it out`);
      }
      const trained = await openTrained(dir, { last, trust, device: "wasm" });
      const path = out ?? `${basename(resolve(dir))}.${format}`;
      checkOverwrite(path, { inputs: filesOf(trained.config), endings: ENDINGS[format] });
      const beside = await formats[format](trained, path, { weights: "inside", ...choices });
      const output = new Output(process.stdout, json);
      output.event({ file: path, format, ...(beside.length > 0 ? { beside } : {}) });
      output.say(`written to ${[path, ...beside].join(" and ")}`);
    });
}
