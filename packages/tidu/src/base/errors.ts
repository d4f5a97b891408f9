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
 * Shapes that do not fit together. The message names the op or layer, the shapes and the fix.
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
 * An argument that is not allowed. The message names the argument, its value and the allowed range.
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
 * A file whose bytes are not what its format promises. `offset` is the byte at which the fault shows.
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
    /** Byte offset at which the fault shows; 0 where it concerns the whole file, and then not in the message. */
    readonly offset: number,
    problem: string,
  ) {
    super(offset === 0 ? `${file}: ${problem}` : `${file}: byte ${offset}: ${problem}`);
  }
}

/**
 * Something that a file format, or Tidu, cannot express. The message names it, and what to use instead.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, UnsupportedError } from "tidu";
 * import { exportOnnx } from "@tidu/onnx";
 *
 * class Alternating extends nn.Module {
 *   forward(x: Tensor): Tensor {
 *     return x.shape[0] % 2 === 0 ? x : x.neg();
 *   }
 * }
 * // An ONNX model computes the same for every number of samples.
 * const problem = await Promise.resolve().then(() => exportOnnx(new Alternating(), [3])).catch((error) => error);
 * console.log(problem instanceof UnsupportedError); // true
 * ```
 */
export class UnsupportedError extends TiduError {
  override name = "UnsupportedError";
}

/**
 * More memory than the engine can address or the caller allowed. `bytes` is what would have been needed.
 *
 * @example
 * ```ts
 * import { MemoryError, WasmDevice, setDevice, device, zeros } from "tidu";
 *
 * const before = device();
 * setDevice(new WasmDevice({ memoryLimit: 2 ** 26 }));
 * const problem = await zeros([10_000, 10_000]).add(1).data().catch((error) => error);
 * setDevice(before);
 * console.log(problem instanceof MemoryError); // true
 * ```
 */
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

/**
 * A value that stopped being a finite number during training.
 *
 * @example
 * ```ts
 * import { loss, nn, NumericError, optim, Trainer } from "tidu";
 * import { dataset } from "tidu/data";
 *
 * const data = dataset(Float32Array.of(1, 2), [1], Float32Array.of(1e30, -1e30));
 * const trainer = new Trainer(nn.linear(1, 1), { loss: loss.mse, optimizer: optim.sgd({ lr: 1 }), seed: 1 });
 * let problem: unknown;
 * try {
 *   for await (const _ of trainer.fit(data, { epochs: 1, batchSize: 2 }));
 * } catch (error) {
 *   problem = error;
 * }
 * console.log(problem instanceof NumericError); // true
 * ```
 */
export class NumericError extends TiduError {
  override name = "NumericError";
}

/**
 * Something that this device or JavaScript engine cannot do.
 *
 * @example
 * ```ts
 * import { DeviceError } from "tidu";
 * import { mpi } from "tidu/mpi";
 *
 * // This process was not started by mpirun.
 * const problem = await mpi().catch((error) => error);
 * console.log(problem instanceof DeviceError); // true
 * ```
 */
export class DeviceError extends TiduError {
  override name = "DeviceError";
}
