// Samples in memory, preprocessed as the training samples were.
import { DataError, type Tensor } from "tidu";
import { adopt, BYTES, check, formatShape, sizeOf } from "tidu/internal";
import { decodeImage } from "./images/decode.js";
import { FORMATS } from "./images/header.js";
import { pixelTransform } from "./images/pixels.js";
import { NUMBERS } from "./options.js";
import type { ArrayPreprocess, ImagePreprocess, Preprocess, TablePreprocess } from "./source.js";
import { checkNear, standardize } from "./statistics.js";
import { recordEncoder, type TableRecord } from "./tables/records.js";

/** A row of a table by the names of its columns; the bytes of an image file; or the numbers of an array's sample. */
export type MemorySample = TableRecord | Uint8Array | ArrayLike<number>;

export interface MemoryInput {
  /** [samples, …], for `net.predict`. */
  readonly input: Tensor;
  /** For each sample, the columns with a category that training did not have. */
  readonly unknown?: readonly (readonly string[])[];
}

/** Makes inputs of samples, at least one. */
export type MemoryEncoder = (samples: readonly unknown[]) => Promise<MemoryInput>;

/** How samples in memory become inputs. */
export function memoryEncoder(preprocess: Preprocess): MemoryEncoder {
  if (preprocess.kind === "table") return rowEncoder(preprocess);
  return preprocess.kind === "image" ? imageEncoder(preprocess) : arrayEncoder(preprocess);
}

function rowEncoder(preprocess: TablePreprocess): MemoryEncoder {
  const encode = recordEncoder(preprocess);
  return async (rows) => {
    const { inputs, unknown } = encode(rows);
    return { input: adopt(inputs, [rows.length, inputs.length / rows.length]), unknown };
  };
}

const FILE = { ...BYTES, says: `the bytes of a file of ${FORMATS}, as a Uint8Array` };

function imageEncoder(preprocess: ImagePreprocess): MemoryEncoder {
  const { channels, height, width } = preprocess;
  const transform = pixelTransform(preprocess);
  return async (files) => {
    const pixels = new Uint8Array(files.length * channels * height * width);
    for (const [i, file] of files.entries()) {
      check("predict", `samples[${i}]`, file, FILE);
      pixels.set(await decodeImage(file as Uint8Array, `samples[${i}]`, preprocess), i * channels * height * width);
    }
    return { input: transform(adopt(pixels, [files.length, channels, height, width])) };
  };
}

function arrayEncoder(preprocess: ArrayPreprocess): MemoryEncoder {
  const { shape, mean } = preprocess;
  const size = sizeOf(shape);
  return async (samples) => {
    const values = new Float32Array(samples.length * size);
    for (const [i, sample] of samples.entries()) {
      check("predict", `samples[${i}]`, sample, NUMBERS);
      const numbers = sample as ArrayLike<number>;
      if (numbers.length !== size) {
        throw new DataError(
          `predict: samples[${i}] has ${numbers.length} numbers; it must have ${size}, of shape ${formatShape(shape)} in row-major order`,
        );
      }
      const own = standardize(numbers, preprocess, size / mean.length);
      checkNear(own, numbers, `predict: samples[${i}]`);
      values.set(own, i * size);
    }
    return { input: adopt(values, [samples.length, ...shape]) };
  };
}
