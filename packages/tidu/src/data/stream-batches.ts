import { type TypedArray, typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import type { Batch, BatchOptions } from "./batches.js";
import type { Numbered } from "./stream-samples.js";

/** Puts samples together to batches, after leaving out those of the first `from` batches. */
export async function* gathered(
  samples: AsyncIterable<Numbered>,
  typesOf: (samples: number) => readonly ValueType[],
  { batchSize, dropLast }: BatchOptions,
  from: number,
): AsyncGenerator<Batch> {
  let [skip, held]: [number, Numbered[]] = [from * batchSize, []];
  for await (const sample of samples) {
    if (skip-- > 0) continue;
    held.push(sample);
    if (held.length < batchSize) continue;
    yield batchOf(held, typesOf(batchSize));
    held = [];
  }
  if (held.length > 0 && !dropLast) yield batchOf(held, typesOf(held.length));
}

function batchOf(samples: readonly Numbered[], types: readonly ValueType[]): Batch {
  const [inputs, targets] = types.map(({ dtype, shape }) => typedArray(dtype, sizeOf(shape)));
  samples.forEach(({ input, target }, i) => {
    inputs.set(input, i * input.length);
    put(targets, target, i);
  });
  return { arrays: [inputs, targets], samples: Int32Array.from(samples, ({ number }) => number) };
}

function put(targets: TypedArray, target: number | ArrayLike<number>, at: number): void {
  if (typeof target === "number") targets[at] = target;
  else targets.set(target, at * target.length);
}
