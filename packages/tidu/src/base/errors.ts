/** Base of every error that Tidu throws on purpose: catch this to tell misuse from a bug. */
export class TiduError extends Error {
  override name = "TiduError";
}

/** Shapes that do not fit together. The message names the op or layer, the shapes and the mend. */
export class ShapeError extends TiduError {
  override name = "ShapeError";
}

/** An argument outside what is allowed. The message names the argument, its value and the allowed range. */
export class ArgumentError extends TiduError {
  override name = "ArgumentError";
}

/** Data that cannot be trained on: empty, labels out of range, not finite. */
export class DataError extends TiduError {
  override name = "DataError";
}

/** A file whose bytes are not what its format promises. `offset` is the byte at which that shows. */
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
