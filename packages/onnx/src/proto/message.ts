// Messages of the protobuf wire format, declared as tables. Every message remembers its position in the file, and no
// field may reach beyond its message.
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FormatError } from "tidu";
import type { Codec, Fields, Part, Repeated, Single } from "./codec.js";

/** A message as it is written; what is left out is not in the file. */
type Written<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends Repeated<unknown, infer W>
    ? readonly W[]
    : F[K] extends Single<unknown, infer W>
      ? W
      : never;
};

/** A message as it was read: lists are never missing. */
type Read<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Repeated<infer R, never>
    ? readonly R[]
    : F[K] extends Single<infer R, never>
      ? R | undefined
      : never;
} & {
  /** Byte of the file at which the message's content starts. */
  readonly at: number;
};

/** What reading a message gives. */
export type Decoded<M> = M extends Message<infer F> ? Read<F> : never;
/** What writing a message takes. */
export type Encodable<M> = M extends Message<infer F> ? Written<F> : never;

const NONE: readonly never[] = Object.freeze([]);

/** A kind of message, by its fields' names. */
export class Message<F extends Fields> implements Codec<Read<F>, Written<F>> {
  readonly wire = WireType.LengthDelimited;
  readonly #names: ReadonlyMap<number, string>;

  constructor(readonly fields: F) {
    this.#names = new Map(Object.entries(fields).map(([name, { number }]) => [number, name]));
  }

  read(reader: BinaryReader, end: number): Read<F> {
    const length = reader.uint32();
    const own = reader.pos + length;
    if (own > end) throw new Error(`a message has ${length} bytes, but only ${end - reader.pos} follow`);
    return this.content(reader, own);
  }

  /** Reads fields up to `end`. */
  content(reader: BinaryReader, end: number): Read<F> {
    const values: Record<string, unknown> = { at: reader.pos };
    for (const [name, { repeated }] of Object.entries(this.fields)) values[name] = repeated ? NONE : undefined;
    while (reader.pos < end) {
      const [number, wire] = reader.tag();
      const name = this.#names.get(number);
      if (name === undefined) reader.skip(wire, number);
      else values[name] = readField(reader, end, wire, name, this.fields[name], values[name]);
      if (reader.pos > end) throw new Error(`field ${name ?? number} reaches beyond its message`);
    }
    return values as Read<F>;
  }

  write(writer: BinaryWriter, value: Written<F>): void {
    writer.fork();
    this.writeContent(writer, value);
    writer.join();
  }

  writeContent(writer: BinaryWriter, value: Written<F>): void {
    for (const [name, { number, codec, repeated }] of Object.entries(this.fields)) {
      const given = value[name] as unknown;
      if (given === undefined) continue;
      const all = (repeated ? given : [given]) as never[];
      for (const v of all) codec.write(writer.tag(number, codec.wire), v);
    }
  }
}

/** The field's value, or for a list (whose numbers may be packed into one field) the list so far with it. */
function readField<T, W>(
  reader: BinaryReader,
  end: number,
  wire: WireType,
  name: string,
  { codec, repeated }: Single<T, W> | Repeated<T, W>,
  before: unknown,
): T | T[] {
  const packed = repeated && wire === WireType.LengthDelimited && codec.wire !== WireType.LengthDelimited;
  if (!packed && wire !== codec.wire) throw new Error(`field ${name} has wire type ${wire}, expected ${codec.wire}`);
  if (!repeated) return codec.read(reader, end);
  const values = before === NONE ? [] : (before as T[]);
  if (!packed) {
    values.push(codec.read(reader, end));
    return values;
  }
  const stop = reader.uint32() + reader.pos;
  if (stop > end) throw new Error(`field ${name} reaches beyond its message`);
  while (reader.pos < stop) values.push(codec.read(reader, stop));
  if (reader.pos > stop) throw new Error(`the packed numbers of field ${name} are cut short`);
  return values;
}

/** The bytes of a message. */
export function encode<F extends Fields>(message: Message<F>, value: Written<F>): Uint8Array {
  const writer = new BinaryWriter();
  message.writeContent(writer, value);
  return writer.finish();
}

/** Reads a message that fills `source`; throws FormatError, with the byte of the fault, if it is not valid. */
export function decode<F extends Fields>(message: Message<F>, source: Uint8Array, file: string): Read<F> {
  return decodePart(message, { reader: new BinaryReader(source, decodeText), begin: 0, end: source.length }, file);
}

/** The same for a message inside another one that has been read. */
export function decodePart<F extends Fields>(
  message: Message<F>,
  { reader, begin, end }: Omit<Part, "bytes">,
  file: string,
): Read<F> {
  try {
    reader.pos = begin;
    return message.content(reader, end);
  } catch (error) {
    // The package throws plain errors and, where bytes end too early, RangeError; anything else is a bug.
    if (error instanceof TypeError) throw error;
    const at = Math.min(reader.pos, reader.len);
    throw new FormatError(file, at, `it is not a protobuf message: ${(error as Error).message}`);
  }
}

function decodeText(part: Uint8Array): string {
  try {
    // The copy makes this work on shared memory, which browsers do not decode.
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(part));
  } catch {
    throw new Error("a string is not UTF-8");
  }
}
