// The messages of TensorBoard that are written here, with the field numbers of event.proto, summary.proto and
// histogram.proto (github.com/tensorflow/tensorboard).
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** How numbers are spread: the bins' upper ends, and how many numbers are in each. */
export interface BoardHistogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

export interface BoardImage {
  readonly width: number;
  readonly height: number;
  /** 1 for gray, 3 for red, green and blue. */
  readonly channels: number;
  readonly png: Uint8Array;
}

/** A value under its tag: one of a number, a picture and a histogram. */
export type BoardValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly image: BoardImage }
  | { readonly histogram: BoardHistogram }
);

/** What happened at a time, in seconds since 1970: the file was begun, or values were measured after a step. */
export type BoardEvent = { readonly time: number } & (
  | { readonly version: string }
  | { readonly step: number; readonly values: readonly BoardValue[] }
);

/** The bytes of an event. */
export function encodeEvent(event: BoardEvent): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.Bit64).double(event.time);
  if ("version" in event) return writer.tag(3, WireType.LengthDelimited).string(event.version).finish();
  writer.tag(2, WireType.Varint).int64(event.step);
  return inside(writer, 5, () => {
    for (const value of event.values) inside(writer, 1, () => writeValue(writer, value));
  }).finish();
}

function writeValue(writer: BinaryWriter, value: BoardValue): void {
  writer.tag(1, WireType.LengthDelimited).string(value.tag);
  if ("scalar" in value) writer.tag(2, WireType.Bit32).float(value.scalar);
  else if ("image" in value) inside(writer, 4, () => writeImage(writer, value.image));
  else inside(writer, 5, () => writeHistogram(writer, value.histogram));
}

function writeImage(writer: BinaryWriter, { width, height, channels, png }: BoardImage): void {
  [height, width, channels].forEach((size, i) => writer.tag(i + 1, WireType.Varint).int32(size));
  writer.tag(4, WireType.LengthDelimited).bytes(png);
}

function writeHistogram(writer: BinaryWriter, histogram: BoardHistogram): void {
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogram;
  [min, max, count, sum, sumOfSquares].forEach((number, i) => writer.tag(i + 1, WireType.Bit64).double(number));
  [limits, counts].forEach((numbers, i) =>
    inside(writer, i + 6, () => {
      for (const number of numbers) writer.double(number);
    }),
  );
}

/** Writes a message, or a list of numbers, as a field. */
function inside(writer: BinaryWriter, field: number, write: () => void): BinaryWriter {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  return writer.join();
}
