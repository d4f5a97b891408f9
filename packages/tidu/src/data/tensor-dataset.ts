// Samples of several inputs or targets, from a tensor for each.
import { callback, check, checkOptional, checkOptions, listOf, oneOrMore, refuseShape } from "../base/check.js";
import { byteSize } from "../base/dtype.js";
import { formatShape, type Shape } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import { sha256Hex } from "../io/digest.js";
import { aTensor, type Tensor } from "../tensor/tensor.js";
import type { Batches, BatchOptions, BatchProvider } from "./batches.js";
import { checkFinite, checkTargets, through } from "./checks.js";
import { rowsOf } from "./dataset.js";
import { BATCHES, Sampler } from "./sampler.js";

/** Options of `tensorDataset`. */
export interface TensorDatasetOptions {
  /** What a network sees of a batch of stored inputs; default: the same as f32; `(x) => x` keeps tokens whole numbers. Runs inside the compiled step. */
  readonly transform?: (inputs: readonly Tensor[]) => readonly Tensor[];
}

const TENSORS = listOf(aTensor, "a list of tensors");

/**
 * Samples with several inputs or targets, kept in engine memory as they are stored; see `tensorDataset`.
 *
 * @example
 * ```ts
 * import { TensorDataset } from "tidu/data";
 * import { zeros } from "tidu";
 *
 * const data = new TensorDataset([zeros([8, 3]), zeros([8, 2])], [zeros([8, 1])]);
 * console.log(data.count, data.inputs.length); // 8 2
 * ```
 */
export class TensorDataset implements BatchProvider {
  /** All inputs, each [samples, …]. */
  readonly inputs: readonly Tensor[];
  /** All targets, each [samples, …]. */
  readonly targets: readonly Tensor[];
  readonly transform: (inputs: readonly Tensor[]) => readonly Tensor[];

  constructor(inputs: readonly Tensor[], targets: readonly Tensor[], options: TensorDatasetOptions = {}) {
    check("tensorDataset", "inputs", inputs, TENSORS);
    check("tensorDataset", "targets", targets, TENSORS);
    checkOptions("tensorDataset", options, { transform: callback });
    for (const [name, list] of Object.entries({ inputs, targets })) {
      if (list.length === 0) check("tensorDataset", `${name}.length`, 0, oneOrMore);
      list.forEach((x, i) => {
        if (x.rank === 0 || x.shape[0] !== inputs[0].shape[0])
          refuseShape(
            "tensorDataset",
            `${name}[${i}]`,
            x,
            `[${inputs[0].shape[0] ?? "samples"}, …], a row for each sample`,
          );
      });
    }
    this.inputs = [...inputs];
    this.targets = [...targets];
    this.transform = options.transform ?? ((batch) => batch.map((x) => x.toFloat()));
  }

  /** Number of samples. */
  get count(): number {
    return this.inputs[0].shape[0];
  }

  /** Shape of one first input. */
  get inputShape(): Shape {
    return this.inputs[0].shape.slice(1);
  }

  /** Bytes that all samples and targets take in engine memory. */
  get bytes(): number {
    return this.#all.reduce((sum, x) => sum + x.size * byteSize(x.dtype), 0);
  }

  get #all(): readonly Tensor[] {
    return [...this.inputs, ...this.targets];
  }

  /** A step's input is sample numbers. */
  types(samples: number): readonly ValueType[] {
    check("types", "samples", samples, oneOrMore);
    return [{ shape: [samples], dtype: "i32" }];
  }

  /** Lists of inputs and targets, or a tensor where there is one. `change` is for the first input. */
  read(
    given: readonly Tensor[],
    change: (inputs: Tensor) => Tensor = (x) => x,
  ): { readonly x: Tensor | readonly Tensor[]; readonly t: Tensor | readonly Tensor[] } {
    check("read", "given", given, listOf(aTensor, "a list of one tensor", 1));
    checkOptional("read", "change", change, callback);
    const [first, ...rest] = this.inputs.map((x) => x.gather(given[0]));
    const targets = this.targets.map((t) => t.gather(given[0]));
    const inputs = this.transform([through("read", "change", change, first), ...rest]);
    check("read", "what transform returns", inputs, TENSORS);
    return { x: single(inputs), t: single(targets) };
  }

  /** The mini-batches of the data, epoch by epoch. */
  batches(options: BatchOptions): Batches {
    check("batches", "options", options, BATCHES);
    const sampler = new Sampler({ ...options, count: this.count });
    return { perEpoch: sampler.batchesPerEpoch, epoch: (n, from = 0) => rowsOf(sampler, n, from) };
  }

  async load(): Promise<void> {
    for (const x of this.#all) await x.realize();
  }

  async check(outputs: number | undefined): Promise<void> {
    checkOptional("check", "outputs", outputs, oneOrMore);
    if (outputs !== undefined) checkTargets(await this.targets[0].data(), outputs);
    for (const x of this.inputs) await checkFinite("input", x);
    for (const t of this.targets) await checkFinite("target", t);
  }

  async identity(): Promise<Readonly<Record<string, unknown>>> {
    const described = async (list: readonly Tensor[]) =>
      Promise.all(list.map(async (x) => `${x.dtype} ${formatShape(x.shape)} ${await sha256Hex(await x.data())}`));
    return { inputs: await described(this.inputs), targets: await described(this.targets) };
  }
}

const single = (list: readonly Tensor[]): Tensor | readonly Tensor[] => (list.length === 1 ? list[0] : list);

/**
 * A data set whose samples have several inputs or targets, a tensor [samples, …] for each: `tensorDataset([images,
 * ages], [labels, boxes])`. A network gets the inputs as separate arguments, `forward(image, age)`. Several targets
 * need your own training step; see `Trainer`.
 *
 * @throws ShapeError unless all have the same number of samples.
 *
 * @example
 * ```ts
 * import { zeros } from "tidu";
 * import { tensorDataset } from "tidu/data";
 *
 * const samples = tensorDataset([zeros([8, 4]), zeros([8, 2])], [zeros([8, 1])]);
 * console.log(samples.count); // 8
 * ```
 */
export const tensorDataset = (
  inputs: readonly Tensor[],
  targets: readonly Tensor[],
  options?: TensorDatasetOptions,
): TensorDataset => new TensorDataset(inputs, targets, options);
