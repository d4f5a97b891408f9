/**
 * Base of every error that Tidu throws on purpose: catch this to tell misuse from a bug.
 *
 * @example
 * ```ts
 * import { nn, TiduError, zeros } from "tidu";
 *
 * const problem = await Promise.resolve().then(() => nn.linear(2, 1).forward(zeros([1, 3]))).catch((error) => error);
 * console.log(problem instanceof TiduError); // true
 * ```
 */
export class TiduError extends Error {
  override name = "TiduError";
}

/**
 * Shapes that do not fit together. The message names the op or layer, the shapes and the mend.
 *
 * @example
 * ```ts
 * import { ShapeError, tensor } from "tidu";
 *
 * const problem = await Promise.resolve().then(() => tensor([1, 2]).add(tensor([1, 2, 3]))).catch((error) => error);
 * console.log(problem instanceof ShapeError); // true
 * ```
 */
export class ShapeError extends TiduError {
  override name = "ShapeError";
}

/**
 * An argument outside what is allowed. The message names the argument, its value and the allowed range.
 *
 * @example
 * ```ts
 * import { ArgumentError, nn } from "tidu";
 *
 * const problem = await Promise.resolve().then(() => nn.dropout(2)).catch((error) => error);
 * console.log(problem instanceof ArgumentError); // true
 * ```
 */
export class ArgumentError extends TiduError {
  override name = "ArgumentError";
}

/**
 * Data that cannot be trained on: empty, labels out of range, not finite.
 *
 * @example
 * ```ts
 * import { DataError, nn, tensor } from "tidu";
 *
 * const problem = await Promise.resolve(tensor(Int32Array.of(7))).then((rows) => nn.embedding(3, 2).forward(rows)).catch((error) => error);
 * console.log(problem instanceof DataError); // true
 * ```
 */
export class DataError extends TiduError {
  override name = "DataError";
}

/**
 * A file whose bytes are not what its format promises. `offset` is the byte at which that shows.
 *
 * @example
 * ```ts
 * import { FormatError, readSafetensors } from "tidu";
 *
 * const problem = await readSafetensors(Uint8Array.of(1, 2, 3)).catch((error) => error);
 * console.log(problem instanceof FormatError); // true
 * ```
 */
export class FormatError extends TiduError {
  override name = "FormatError";
  constructor(
    /** Path or name of the file. */
    readonly file: string,
    /** Byte offset at which the fault shows. */
    readonly offset: number,
    problem: string,
  ) {
    super(`${file}: byte ${offset}: ${problem}`);
  }
}

/** Something that has no form in a file format, or in Tidu. The message names it and what there is instead. */
export class UnsupportedError extends TiduError {
  override name = "UnsupportedError";
}

/** More memory than the engine can address or the caller allowed. `bytes` is what would have been needed. */
export class MemoryError extends TiduError {
  override name = "MemoryError";
  constructor(
    readonly bytes: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A value that stopped being a finite number during training. */
export class NumericError extends TiduError {
  override name = "NumericError";
}

/** Something that this device or JavaScript engine cannot do. */
export class DeviceError extends TiduError {
  override name = "DeviceError";
}
