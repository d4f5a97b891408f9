// How single values are encoded in the protobuf wire format. Varints and fields are read by @bufbuild/protobuf, which
// does not generate code at run time; strict content security policies forbid that.
import { type BinaryReader, type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** How values of one type are read and written. `end` is where the enclosing message ends. */
export interface Codec<R, W = R> {
  readonly wire: WireType;
  read(reader: BinaryReader, end: number): R;
  write(writer: BinaryWriter, value: W): void;
}

export interface Single<R, W> {
  readonly number: number;
  readonly codec: Codec<R, W>;
  readonly repeated: false;
}
export interface Repeated<R, W> {
  readonly number: number;
  readonly codec: Codec<R, W>;
  readonly repeated: true;
}

/** Field `number`, there at most once. */
export const field = <R, W>(number: number, codec: Codec<R, W>): Single<R, W> => ({ number, codec, repeated: false });
/** Field `number`, there any number of times. */
export const list = <R, W>(number: number, codec: Codec<R, W>): Repeated<R, W> => ({ number, codec, repeated: true });

/** A message's fields by name. */
export type Fields = Readonly<Record<string, Single<unknown, never> | Repeated<unknown, never>>>;

const scalar = <T>(
  wire: WireType,
  read: (reader: BinaryReader) => T,
  write: (writer: BinaryWriter, value: T) => void,
): Codec<T> => ({ wire, read, write });

/** Whole numbers of up to 64 bits; beyond 2^53 one near it that 64 bits hold. */
export const int = scalar<number>(
  WireType.Varint,
  (r) => Math.min(Number(r.int64()), 2 ** 63 - 1024),
  (w, v) => w.int64(v),
);
export const float = scalar<number>(
  WireType.Bit32,
  (r) => r.float(),
  (w, v) => w.float(v),
);
export const double = scalar<number>(
  WireType.Bit64,
  (r) => r.double(),
  (w, v) => w.double(v),
);
export const text = scalar<string>(
  WireType.LengthDelimited,
  (r) => r.string(true),
  (w, v) => w.string(v),
);
/** A part of the file, not a copy. */
export const bytes = scalar<Uint8Array>(
  WireType.LengthDelimited,
  (r) => r.bytes(),
  (w, v) => w.bytes(v),
);

/** The position of a message that is read on demand. */
export interface Part {
  readonly reader: BinaryReader;
  readonly begin: number;
  readonly end: number;
  /** The same as a part of the file. */
  readonly bytes: Uint8Array;
}

export const part: Codec<Part, Uint8Array | Part> = {
  wire: WireType.LengthDelimited,
  read(reader) {
    const bytes = reader.bytes();
    return { reader, begin: reader.pos - bytes.length, end: reader.pos, bytes };
  },
  write: (writer, value) => writer.bytes(value instanceof Uint8Array ? value : value.bytes),
};
