// Predictions as arrays for NumPy: np.load(file)["probabilities"]. NPZ is a ZIP archive of NPY files.
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
// fflate: kept up, no dependencies, and it writes archives piece by piece.
import { strToU8, Zip, ZipPassThrough } from "fflate";
import { DataError } from "tidu";
import type { TemporaryFiles } from "../../runs/temporary.js";
import type { Preprocess } from "../../sources/source.js";
import { type Answer, labelsOf } from "./answer.js";
import type { Form } from "./form.js";

/** Bytes that the parts of an archive without extensions have at most. */
const MOST = 2 ** 32 - 2 ** 20;

/** The beginning of an NPY file, version 1 (numpy.lib.format). */
function header(type: string, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = strToU8(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(length - 1)}\n`, true);
  new DataView(bytes.buffer).setUint16(8, length, true);
  return bytes;
}

/** Texts as NumPy keeps them: UTF-32 of one length. */
function texts(names: readonly string[]): Uint8Array {
  const points = names.map((name) => Array.from(name, (character) => character.codePointAt(0) as number));
  const width = points.reduce((most, { length }) => Math.max(most, length), 1);
  const body = new Uint32Array(names.length * width);
  points.forEach((own, i) => body.set(own, i * width));
  return Buffer.concat([header(`<U${width}`, [names.length]), new Uint8Array(body.buffer)]);
}

/** Bytes that are put aside, in a file of their own. */
class Aside {
  #file: FileHandle | undefined;

  constructor(private readonly path: string) {}

  async append(numbers: Float64Array | Int32Array): Promise<void> {
    this.#file ??= await open(this.path, "wx");
    await this.#file.writeFile(new Uint8Array(numbers.buffer));
  }

  /** All of it, some at a time. */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    if (this.#file !== undefined) yield* createReadStream(this.path);
  }

  async close(): Promise<void> {
    await this.#file?.close().catch(() => {});
  }
}

/** Writes an archive, file by file. */
class Archive {
  readonly #ready: Uint8Array[] = [];
  readonly #zip = new Zip((error, bytes) => {
    if (error) throw error;
    this.#ready.push(bytes);
  });

  constructor(private readonly write: (bytes: Uint8Array) => Promise<void>) {}

  async add(
    name: string,
    head: Uint8Array,
    rest: AsyncIterable<Uint8Array> | readonly Uint8Array[] = [],
  ): Promise<void> {
    const entry = new ZipPassThrough(name);
    this.#zip.add(entry);
    entry.push(head);
    for await (const bytes of rest) {
      entry.push(bytes);
      await this.#flush();
    }
    entry.push(new Uint8Array(0), true);
    await this.#flush();
  }

  async close(): Promise<void> {
    this.#zip.end();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    for (const bytes of this.#ready.splice(0)) await this.write(bytes);
  }
}

/**
 * Arrays `probabilities` (f8 [samples, classes]), `prediction` (i4 [samples], class numbers) and `classes`; of values
 * `values` (f8 [samples, targets]) and `targets`. The numbers are put aside until their count is known.
 */
export function npzForm(preprocess: Preprocess, aside: TemporaryFiles): Form {
  const labels = labelsOf(preprocess);
  const places = new Map(labels.map((name, i) => [name, i]));
  const classifies = preprocess.classes !== undefined;
  const [numbers, predicted] = [new Aside(aside.path("numbers")), new Aside(aside.path("predicted"))];
  let count = 0;
  const add = async (answers: readonly Answer[]): Promise<void> => {
    count += answers.length;
    if (8 * count * labels.length > MOST) {
      throw new DataError(`--out: ${count} predictions are more than a .npz file can have; write .csv or .jsonl`);
    }
    await numbers.append(Float64Array.from(answers.flatMap((answer) => Array.from(answer.numbers))));
    if (classifies)
      await predicted.append(Int32Array.from(answers, ({ prediction = "" }) => places.get(prediction) ?? -1));
  };
  const end = async (write: (bytes: Uint8Array) => Promise<void>): Promise<void> => {
    const archive = new Archive(write);
    const shape = [count, labels.length];
    await archive.add(`${classifies ? "probabilities" : "values"}.npy`, header("<f8", shape), numbers.read());
    if (classifies) await archive.add("prediction.npy", header("<i4", [count]), predicted.read());
    await archive.add(`${classifies ? "classes" : "targets"}.npy`, texts(labels));
    await archive.close();
    await discard();
  };
  const discard = async (): Promise<void> => {
    await numbers.close();
    await predicted.close();
  };
  return { add, end, discard };
}
