// `--from`: the network that a training begins with, of another run, or of a file of a network or of weights.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { ArgumentError } from "tidu";
import { formatShape } from "tidu/internal";
import type { Preprocess } from "../../sources/source.js";
import { digestOf, keptIn } from "../models/files.js";
import { fileIn, holdsWeights } from "../models/foreign.js";
import { findModel, findPretrained } from "../models/model.js";
import type { DataChoices } from "./config.js";
import { checkThere } from "./data.js";
import { isRunFolder } from "./folder.js";
import { findTrained } from "./use.js";
import type { Begun, Wishes } from "./wishes.js";

/**
 * Finds the network that the user names; the data decide where none is.
 *
 * @throws ArgumentError for wishes that contradict each other, or a file or run that cannot be used.
 */
export async function withNetwork(wishes: Wishes): Promise<Begun> {
  const { model, from, freeze, features, last } = wishes;
  const run = from !== undefined && isRunFolder(from);
  if (from === undefined && freeze !== undefined)
    throw new ArgumentError("--freeze: it names layers of the network of --from, which is missing; give --from");
  const ofNetwork = from !== undefined && !run && !(await isWeights(from));
  if (features !== undefined && !ofNetwork)
    throw new ArgumentError(
      "--features: it names a value of a network; give an ONNX file or a model.json of TensorFlow.js by --from",
    );
  if (last && !run) throw new ArgumentError("--last: it chooses the network of a run; give the run's folder by --from");
  const named = typeof model === "string" ? await findModel(model) : model;
  if (from === undefined) return { ...wishes, model: named };
  if (run) {
    checkAlone(model, `${from} is the folder of a run, whose network is taken`);
    return fromRun({ ...wishes, from });
  }
  if (!ofNetwork) {
    const start = { path: resolve(from), sha256: await digestOf(from), freeze };
    return { ...wishes, model: named, start };
  }
  checkAlone(model, `${from} has a network of its own`);
  return { ...wishes, model: await findPretrained(from, freeze, features) };
}

/** Whether a file is one of weights. Throws ArgumentError if it is not there, or a folder. */
async function isWeights(from: string): Promise<boolean> {
  checkThere(from);
  if (!statSync(from, { throwIfNoEntry: false })?.isDirectory()) return holdsWeights(from);
  const file = await fileIn(from);
  throw new ArgumentError(`--from ${from}: it is a folder, but not of a run; give ${file ?? "a file"}`);
}

function checkAlone(model: Wishes["model"], why: string): void {
  if (model !== undefined) throw new ArgumentError(`--from and --model: both are given, and ${why}; leave --model out`);
}

async function fromRun(wishes: Wishes & { readonly from: string }): Promise<Begun> {
  const { from, freeze, last, trust, reading, dropout } = wishes;
  const { folder, config, which } = await findTrained(from, { last, trust });
  const { data, model, training } = config;
  const { start: earlier, ...before } = model;
  checkFrame(from, reading, data.preprocess);
  const { path, prefix } = await folder.network(which);
  const made = earlier?.made ?? { outputs: data.outputs, classes: data.classes?.length };
  const start = { path: resolve(path), sha256: await digestOf(path), prefix, freeze, made };
  const own =
    model.from === undefined
      ? {}
      : { from: { ...model.from, path: keptIn(folder.path, model.from.path), freeze: undefined } };
  return {
    ...wishes,
    dropout: dropout ?? training.dropout,
    model: { ...before, ...own },
    start,
    learned: {
      run: resolve(from),
      task: isTarget(reading.target, data.preprocess) ? data.task : undefined,
      preprocess: data.preprocess,
    },
  };
}

/** Whether what is to be predicted is what the run learned: another target may be of another kind. */
const isTarget = (target: DataChoices["target"], known: Preprocess): boolean =>
  target === undefined || (known.kind === "table" && String(target) === String(known.target));

/** Throws ArgumentError where images are to be made another size than the network takes. */
function checkFrame(from: string, { size, channels, fit }: DataChoices, known: Preprocess): void {
  if (known.kind !== "image") return;
  const [height, width] = typeof size === "object" ? size : [size ?? known.height, size ?? known.width];
  const wrong = [
    ...(height === known.height && width === known.width ? [] : ["--size"]),
    ...((channels ?? known.channels) === known.channels ? [] : ["--channels"]),
    ...((fit ?? known.fit ?? "stretch") === (known.fit ?? "stretch") ? [] : ["--fit"]),
  ];
  if (wrong.length === 0) return;
  const shape = formatShape([known.channels, known.height, known.width]);
  throw new ArgumentError(
    `${wrong.join(", ")}: the network of ${from} was trained on images of shape ${shape}, fitted by ${known.fit ?? "stretch"}; leave it out`,
  );
}
