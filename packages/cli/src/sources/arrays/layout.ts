// How samples lie in an array.
import { DataError } from "tidu";
import { formatShape, type Shape, sizeOf } from "tidu/internal";
import type { Frame } from "../images/decode.js";
import type { NumberArray, StoredArray } from "./stored-array.js";

export interface Layout {
  /** Shape of one sample as a network sees it; channels come first. */
  readonly shape: Shape;
  /** Whether the channels come last in the file, as Keras and most image libraries have them. */
  readonly channelsLast: boolean;
  /** Set if samples are images: bytes with one channel or three. */
  readonly image?: Frame;
}

const isChannels = (size: number): size is 1 | 3 => size === 1 || size === 3;

/** Layout of the samples in an array [samples, …]; throws DataError if there are none, or they are no numbers. */
export function layoutOf({ file, shape, values }: StoredArray): Layout {
  if (shape.length === 0 || sizeOf(shape) === 0) {
    throw new DataError(
      `${file}: inputs have shape ${formatShape(shape)}; it must be [samples, …], with at least one sample`,
    );
  }
  if (typeof values[0] === "string") throw new DataError(`${file}: inputs are strings; convert them to numbers`);
  const bytes = values instanceof Uint8Array;
  const size = shape.slice(1);
  if (size.length === 0) return { shape: [1], channelsLast: false };
  if (size.length === 2 && bytes) return picture([1, size[0], size[1]], bytes, false);
  if (size.length !== 3) return { shape: size, channelsLast: false };
  const [a, b, c] = size;
  return isChannels(c) && !isChannels(a) ? picture([c, a, b], bytes, true) : picture([a, b, c], bytes, false);
}

function picture(shape: readonly [number, number, number], bytes: boolean, channelsLast: boolean): Layout {
  const [channels, height, width] = shape;
  if (!bytes || !isChannels(channels)) return { shape, channelsLast };
  return { shape, channelsLast, image: { channels, height, width } };
}

/** The numbers of all samples, channels first; throws DataError for one that is not finite. */
export function toSamples({ file, values }: StoredArray, { shape, channelsLast }: Layout): NumberArray {
  const numbers = values as NumberArray;
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) {
    const bad = (numbers as Float32Array).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const sample = Math.floor(bad / sizeOf(shape));
      throw new DataError(`${file}: sample ${sample} has the value ${numbers[bad]}; correct it or leave it out`);
    }
  }
  return channelsLast ? channelsFirst(numbers, shape[0], sizeOf(shape)) : numbers;
}

/** From [samples, height, width, channels] to [samples, channels, height, width]. */
function channelsFirst(values: NumberArray, channels: number, size: number): NumberArray {
  if (channels === 1) return values;
  const out = values.slice();
  const pixels = size / channels;
  for (let start = 0; start < values.length; start += size) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < pixels; i++) out[start + c * pixels + i] = values[start + i * channels + c];
    }
  }
  return out;
}
