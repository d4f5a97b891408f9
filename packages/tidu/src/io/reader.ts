// Reads safetensors tensor by tensor: from a file, from bytes, or from the shards that an index names.
import { BYTES, check, either, refuse, text } from "../base/check.js";
import { FormatError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { readFile, readRange } from "./files.js";
import { foreignKind } from "./foreign.js";
import { loadStored } from "./safetensors.js";
import { LENGTH_BYTES, readHeader, readLength, type StoredTensor } from "./safetensors-header.js";
import type { TensorData } from "./tensor-data.js";

/** A tensor's description in a file. */
export interface StoredInfo {
  /** The type's name in the file, such as "F16". */
  readonly dtype: string;
  readonly shape: Shape;
}

/** The tensors of safetensors files, read on request. */
export class SafetensorsReader {
  readonly #tensors = new Map<string, readonly [StoredTensor, Open]>();
  readonly metadata: Readonly<Record<string, string>>;

  /** @internal */
  constructor(files: readonly Open[]) {
    for (const file of files) {
      for (const stored of file.tensors) {
        if (this.#tensors.has(stored.name)) {
          throw new FormatError(file.name, stored.begin, `${JSON.stringify(stored.name)} is in another file, too`);
        }
        this.#tensors.set(stored.name, [stored, file]);
      }
    }
    this.metadata = Object.assign({}, ...files.map((file) => file.metadata));
  }

  /** Every tensor's type and shape, by name. */
  get tensors(): Map<string, StoredInfo> {
    return new Map([...this.#tensors].map(([name, [{ dtype, shape }]]) => [name, { dtype, shape }]));
  }

  /**
   * The values of a tensor; those of F16 and BF16 come as a Float32Array, exactly, 64-bit whole numbers as bigints.
   * `tensor(data, shape, dtype)` stores halves as halves.
   *
   * @throws ArgumentError if there is no tensor of that name; FormatError for unsupported types, such as F8_E4M3.
   */
  async read(name: string): Promise<TensorData> {
    const found = this.#tensors.get(name);
    if (found === undefined) {
      const some = [...this.#tensors.keys()].slice(0, 8).join(", ");
      return refuse("read", "name", name, `a tensor of the file, such as ${some}`);
    }
    const [stored, file] = found;
    return loadStored(stored, await file.bytes(stored.begin, stored.end), file.name, stored.begin);
  }
}

/** A file whose header has been read. */
interface Open {
  readonly name: string;
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  bytes(begin: number, end: number): Promise<Uint8Array>;
}

/**
 * Opens a safetensors file, or the index (model.safetensors.index.json) of several, without reading the values in it.
 *
 * @param source a path, or the bytes of a file.
 * @param file names bytes in errors.
 * @throws FormatError if it is damaged or not safetensors (for known kinds of files, with how to convert them).
 *
 * @example
 * ```ts
 * import { nn, readSafetensors, serialize } from "tidu";
 *
 * const file = await readSafetensors(await serialize(nn.linear(4, 2)));
 * console.log([...file.tensors.keys()].sort()); // ['bias', 'weight']
 * ```
 */
export async function readSafetensors(source: string | Uint8Array, file = "the file"): Promise<SafetensorsReader> {
  check("readSafetensors", "source", source, either(text, BYTES));
  check("readSafetensors", "file", file, text);
  if (typeof source !== "string") return new SafetensorsReader([openBytes(source, file)]);
  if (!source.endsWith(".json")) return new SafetensorsReader([await openFile(source)]);
  const folder = source.slice(0, Math.max(source.lastIndexOf("/"), source.lastIndexOf("\\")) + 1);
  const names = shardNames(await readFile(source), source);
  return new SafetensorsReader(await Promise.all(names.map((name) => openFile(folder + name))));
}

function openBytes(bytes: Uint8Array, name: string): Open {
  headerLength(bytes, name, bytes.length);
  return { name, ...readHeader(bytes, name), bytes: async (begin, end) => bytes.subarray(begin, end) };
}

async function openFile(path: string): Promise<Open> {
  const first = await readRange(path, 0, LENGTH_BYTES);
  const end = LENGTH_BYTES + headerLength(first.bytes, path, first.size);
  const header = await readRange(path, 0, end);
  return {
    name: path,
    ...readHeader(header.bytes, path, first.size),
    bytes: async (begin, end) => (await readRange(path, begin, end)).bytes,
  };
}

/** The length of the header; throws for files of other kinds, whose first bytes are not such a length, with their kind. */
function headerLength(first: Uint8Array, name: string, size: number): number {
  try {
    return readLength(first, name, size);
  } catch (error) {
    const kind = foreignKind(first);
    throw kind === undefined ? error : new FormatError(name, 0, `it is ${kind}`);
  }
}

/** The files that an index names, which are in its own folder. */
export function shardNames(bytes: Uint8Array, file: string): string[] {
  let map: unknown;
  try {
    map = JSON.parse(new TextDecoder().decode(bytes)).weight_map;
  } catch (cause) {
    throw new FormatError(file, 0, `it is not JSON: ${(cause as Error).message}`);
  }
  const names = [...new Set(Object.values((map ?? {}) as Record<string, unknown>))];
  const isName = (name: unknown): name is string => typeof name === "string" && !/[\\/]|^\.\.?$/.test(name);
  if (names.length > 0 && names.every(isName)) return names;
  throw new FormatError(file, 0, "it has no weight_map, as an index of safetensors files has");
}
