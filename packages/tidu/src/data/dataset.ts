// Data sets in memory.
import { callback, check, checkOptional, checkOptions, listOf, oneOrMore, place, text } from "../base/check.js";
import { type ArrayData, byteSize, dtypeOf, storeAs, type TypedArray } from "../base/dtype.js";
import { DataError } from "../base/errors.js";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import { sha256Hex } from "../io/digest.js";
import { adopt, aTensor, checkTensor, needWhole, type Tensor } from "../tensor/tensor.js";
import type { Batch, Batches, BatchOptions, BatchProvider } from "./batches.js";
import { checkClasses, checkFinite, checkTargets, through, wrongLabel } from "./checks.js";
import { BATCHES, Sampler } from "./sampler.js";

/** Options of `dataset`. */
export interface DatasetOptions {
  /** Names of the classes, if the targets are class numbers. */
  readonly classes?: readonly string[];
  /** What a network sees of a batch of stored inputs; default: the same as f32; `(x) => x` keeps tokens whole numbers. Runs inside the compiled step. */
  readonly transform?: (batch: Tensor) => Tensor;
}

const OPTIONS = { classes: listOf(text), transform: callback };

/**
 * Samples and their targets, kept in engine memory as they are stored: u8 pixels stay u8. A mini-batch is a vector of
 * sample numbers; gathering, converting and scaling happen inside the compiled step.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { Dataset } from "tidu/data";
 *
 * const data = new Dataset(tensor([[0, 0], [0, 1], [1, 0]]), tensor(Uint8Array.of(0, 1, 1)), { classes: ["same", "different"] });
 * console.log(data.count, data.inputShape); // 3 [2]
 * ```
 */
export class Dataset implements BatchProvider {
  /** All inputs, [samples, …]. */
  readonly inputs: Tensor;
  /** All targets, [samples, …]: class numbers (u8 or i32) or values (f32). */
  readonly targets: Tensor;
  readonly classes?: readonly string[];
  readonly transform: (batch: Tensor) => Tensor;

  constructor(inputs: Tensor, targets: Tensor, options: DatasetOptions = {}) {
    checkTensor("Dataset", "inputs", inputs);
    checkTensor("Dataset", "targets", targets);
    if (!(options instanceof Dataset)) checkOptions("Dataset", options, OPTIONS);
    if (inputs.shape[0] !== targets.shape[0]) {
      throw new DataError(
        `dataset: ${inputs.shape[0]} inputs (shape ${formatShape(inputs.shape)}) and ${targets.shape[0]} targets (shape ${formatShape(targets.shape)}); every input needs one target`,
      );
    }
    this.inputs = inputs;
    this.targets = targets;
    this.classes = options.classes;
    this.transform = options.transform ?? ((batch) => batch.toFloat());
  }

  /** Number of samples. */
  get count(): number {
    return this.inputs.shape[0];
  }

  /** Shape of one input. */
  get inputShape(): Shape {
    return this.inputs.shape.slice(1);
  }

  /** Bytes that all samples and targets take in engine memory. */
  get bytes(): number {
    return this.inputs.size * byteSize(this.inputs.dtype) + this.targets.size * byteSize(this.targets.dtype);
  }

  /**
   * The samples `start` (inclusive) to `end` (exclusive) as a data set of copies.
   *
   * @throws ShapeError unless 0 <= start < end <= count.
   */
  slice(start: number, end = this.count): Dataset {
    const among = (given: number, least: number, most: number) => place(given, least, most, (n) => `use count - ${-n}`);
    check("slice", "start", start, among(start, 0, this.count - 1));
    check("slice", "end", end, among(end, start + 1, this.count));
    return new Dataset(this.inputs.slice(0, start, end), this.targets.slice(0, start, end), this);
  }

  /**
   * Inputs and targets of a batch, by sample numbers (i32), as a network sees them. `change`, if given, is applied to the
   * inputs as they are stored, before `transform`.
   */
  batch(indices: Tensor, change: (inputs: Tensor) => Tensor = (inputs) => inputs): { x: Tensor; t: Tensor } {
    checkTensor("batch", "indices", indices);
    needWhole("batch", "indices", indices);
    check("batch", "change", change, callback);
    const inputs = through("batch", "change", change, this.inputs.gather(indices));
    return { x: through("batch", "transform", this.transform, inputs), t: this.targets.gather(indices) };
  }

  /** A step's input is sample numbers. */
  types(samples: number): readonly ValueType[] {
    check("types", "samples", samples, oneOrMore);
    return [{ shape: [samples], dtype: "i32" }];
  }

  read(given: readonly Tensor[], change?: (inputs: Tensor) => Tensor): { x: Tensor; t: Tensor } {
    check("read", "given", given, listOf(aTensor, "a list of one tensor", 1));
    checkOptional("read", "change", change, callback);
    return this.batch(given[0], change);
  }

  /** The mini-batches of the data, epoch by epoch. */
  batches(options: BatchOptions): Batches {
    check("batches", "options", options, BATCHES);
    const sampler = new Sampler({ ...options, count: this.count });
    return { perEpoch: sampler.batchesPerEpoch, epoch: (n, from = 0) => rowsOf(sampler, n, from) };
  }

  /** Computes samples and targets once, so that they are not computed again in every step. */
  async load(): Promise<void> {
    await this.inputs.realize();
    await this.targets.realize();
  }

  async check(outputs: number | undefined): Promise<void> {
    checkOptional("check", "outputs", outputs, oneOrMore);
    if (outputs !== undefined) {
      checkClasses(this.classes?.length ?? 0, outputs);
      checkTargets(await this.targets.data(), outputs);
    }
    await checkFinite("input", this.inputs);
    await checkFinite("target", this.targets);
  }

  async identity(): Promise<Readonly<Record<string, unknown>>> {
    const { inputs, targets, classes } = this;
    return {
      inputs: `${inputs.dtype} ${formatShape(inputs.shape)}`,
      targets: `${targets.dtype} ${formatShape(targets.shape)}`,
      classes,
      inputValues: await sha256Hex(await inputs.data()),
      targetValues: await sha256Hex(await targets.data()),
    };
  }
}

/** Batches of sample numbers. */
export async function* rowsOf(sampler: Sampler, epoch: number, from: number): AsyncGenerator<Batch> {
  for (let i = from; i < sampler.batchesPerEpoch; i++) {
    const samples = sampler.batch(epoch, i);
    yield { arrays: [samples], samples };
  }
}

/**
 * A data set from typed arrays, which are used as they are and must not be changed afterwards.
 *
 * @param inputs row-major elements of all samples, one after the other.
 * @param shape shape of one sample.
 * @param targets one class number for each sample (u8 or i32), or values (f32).
 * @throws DataError if there are no samples, sizes do not add up, or a class number is outside 0…classes - 1.
 *
 * @example
 * ```ts
 * import { dataset } from "tidu/data";
 *
 * const samples = dataset(new Float32Array(12), [2], Int32Array.of(0, 1, 0, 1, 0, 1));
 * console.log(samples.count); // 6
 * ```
 */
export function dataset(inputs: ArrayData, shape: Shape, targets: ArrayData, options: DatasetOptions = {}): Dataset {
  const values = storeAs("dataset", "inputs", inputs);
  const wanted = storeAs("dataset", "targets", targets, dtypeOf(targets) === "f16" ? "f32" : undefined);
  checkShape("dataset", shape);
  checkOptions("dataset", options, OPTIONS);
  const size = sizeOf(shape);
  const count = values.length / size;
  if (values.length === 0) throw new DataError("dataset: it is empty; training needs at least one sample");
  if (!Number.isInteger(count)) {
    throw new DataError(
      `dataset: ${values.length} elements are not a whole number of samples of shape ${formatShape(shape)}`,
    );
  }
  if (wanted.length % count !== 0 || wanted.length === 0) {
    throw new DataError(
      `dataset: ${count} samples and ${wanted.length} targets; every sample needs the same number of targets`,
    );
  }
  if (options.classes !== undefined) checkLabels(wanted, options.classes.length);
  const width = wanted.length / count;
  const targetShape = width === 1 && !(wanted instanceof Float32Array) ? [count] : [count, width];
  return new Dataset(adopt(values, [count, ...shape], dtypeOf(inputs)), adopt(wanted, targetShape), options);
}

function checkLabels(labels: TypedArray, classes: number): void {
  const at = wrongLabel(labels, classes);
  if (at < 0) return;
  throw new DataError(
    `dataset: label ${labels[at]} of sample ${at} is not one of the ${classes} classes, 0…${classes - 1}`,
  );
}
