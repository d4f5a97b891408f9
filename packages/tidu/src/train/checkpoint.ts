// The form of a checkpoint, and its bytes.
import { FormatError } from "../base/errors.js";
import { sha256 } from "../io/digest.js";
import { decodeSafetensors, encodeSafetensors, type TensorData } from "../io/safetensors.js";
import { LENGTH_BYTES } from "../io/safetensors-header.js";
import { type Identity, isIdentity } from "./identity.js";
import { readNumber, spellNumber } from "./json-numbers.js";
import { isProgress, type ProgressState } from "./progress.js";
import type { Snapshot, Values } from "./snapshot.js";

/** Everything needed to resume training. */
export interface Checkpoint {
  /** The identity of network, data and options. */
  readonly identity: Identity;
  readonly progress: ProgressState;
  /** The time of the weights that training returns to on failure. */
  readonly good?: string;
  /** The user's own note. */
  readonly note?: string;
  /** The values of variables, by group: "net", "optimizer", "random", "step", "good", "best". */
  readonly groups: Readonly<Record<string, Snapshot>>;
}

const FORMAT = "tidu checkpoint 1";
const SUM = "sha256";
const SUM_BYTES = 32;

/**
 * The bytes of a checkpoint: a safetensors file whose last 32 bytes, the tensor `sha256`, are the SHA-256 of all bytes
 * before them.
 */
export async function encodeCheckpoint({ groups, identity, progress, good, note }: Checkpoint): Promise<Uint8Array> {
  const tensors: Record<string, TensorData> = {};
  for (const [group, snapshot] of Object.entries(groups)) {
    for (const [name, values] of snapshot) tensors[`${group}.${name}`] = tensorData(values);
  }
  // Narrow elements come last in the file, and among equals this name does.
  tensors[SUM] = { dtype: "u8", shape: [SUM_BYTES], data: new Uint8Array(SUM_BYTES) };
  const bytes = encodeSafetensors(tensors, {
    format: FORMAT,
    identity: JSON.stringify(identity),
    progress: JSON.stringify(progress, spellNumber),
    ...(good === undefined ? {} : { good }),
    ...(note === undefined ? {} : { note }),
  });
  const end = bytes.length - SUM_BYTES;
  bytes.set(await sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * Reads the bytes of a checkpoint; `file` names it in errors.
 *
 * @throws FormatError if they are not a checkpoint, or not as they were written.
 */
export async function decodeCheckpoint(bytes: Uint8Array, file: string): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  if (metadata.format !== FORMAT) {
    const found = metadata.format === undefined ? "no format" : JSON.stringify(metadata.format);
    throw new FormatError(
      file,
      LENGTH_BYTES,
      `it is not a checkpoint: its metadata says ${found}, expected "${FORMAT}"`,
    );
  }
  const end = bytes.length - SUM_BYTES;
  const [sum, wanted] = [await sha256(bytes.subarray(0, end)), bytes.subarray(end)];
  if (sum.some((byte, i) => byte !== wanted[i])) {
    throw new FormatError(file, end, "the checksum does not match the content: the file is damaged");
  }
  tensors.delete(SUM);
  return { ...readNotes(metadata, file), groups: grouped(tensors) };
}

/** A correct checksum shows that the bytes are unchanged, but not that Tidu wrote them. */
function readNotes({ identity, progress, good, note }: Readonly<Record<string, string>>, file: string) {
  const notes = { identity: parsed(identity), progress: parsed(progress, readNumber) };
  if (isIdentity(notes.identity) && isProgress(notes.progress)) {
    return { identity: notes.identity, progress: notes.progress, ...defined({ good, note }) };
  }
  throw new FormatError(file, LENGTH_BYTES, "checkpoint metadata is incomplete; resume from an earlier checkpoint");
}

const defined = (texts: Readonly<Record<string, string | undefined>>): { good?: string; note?: string } =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));

/** The value of a JSON text; undefined if it is not JSON. */
function parsed(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

const tensorData = ({ shape, data }: Values): TensorData => {
  if (data instanceof Float32Array) return { dtype: "f32", shape, data };
  // Whole numbers of i64 are among them.
  if (data instanceof Float64Array) return { dtype: "f64", shape, data };
  return data instanceof Int32Array ? { dtype: "i32", shape, data } : { dtype: "u8", shape, data: data as Uint8Array };
};

function grouped(tensors: ReadonlyMap<string, TensorData>): Record<string, Snapshot> {
  const groups = new Map<string, Map<string, Values>>();
  for (const [path, { shape, data }] of tensors) {
    const dot = path.indexOf(".");
    const [group, name] = [path.slice(0, dot), path.slice(dot + 1)];
    if (!groups.has(group)) groups.set(group, new Map());
    groups.get(group)?.set(name, { shape, data: data as Values["data"] });
  }
  return Object.fromEntries(groups);
}
