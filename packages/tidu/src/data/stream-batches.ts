import { type TypedArray, typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import type { Batch, BatchOptions } from "./batches.js";
import { inputOf, type Numbered, type StreamForm } from "./stream-samples.js";

/** Collects samples into batches, after skipping the first `from` batches. */
export async function* gathered(
  samples: AsyncIterable<Numbered>,
  form: StreamForm,
  typesOf: (samples: number) => readonly ValueType[],
  { batchSize, dropLast, reads }: BatchOptions,
  from: number,
): AsyncGenerator<Batch> {
  let [skip, held, batch]: [number, Numbered[], number] = [from * batchSize, [], from];
  const next = (): Promise<Batch> => {
    const [all, n] = [held, batch++];
    held = [];
    return batchOf(all, form, typesOf(all.length), (place) => reads?.(n, place) ?? true);
  };
  for await (const sample of samples) {
    if (skip-- > 0) continue;
    held.push(sample);
    if (held.length === batchSize) yield await next();
  }
  if (held.length > 0 && !dropLast) yield await next();
}

async function batchOf(
  samples: readonly Numbered[],
  form: StreamForm,
  types: readonly ValueType[],
  reads: (place: number) => boolean,
): Promise<Batch> {
  const [inputs, targets] = types.map(({ dtype, shape }) => typedArray(dtype, sizeOf(shape)));
  await Promise.all(
    samples.map(async (sample, i) => {
      if (!reads(i)) return;
      const input = await inputOf(sample, form);
      inputs.set(input, i * input.length);
      put(targets, sample.target, i);
    }),
  );
  return { arrays: [inputs, targets], samples: Int32Array.from(samples, ({ number }) => number) };
}

function put(targets: TypedArray, target: number | ArrayLike<number>, at: number): void {
  if (typeof target === "number") targets[at] = target;
  else targets.set(target, at * target.length);
}
