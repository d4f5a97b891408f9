// Runs a network over a data set and keeps its outputs and losses.
import { compile, type loss, type nn, type Tensor, tensor } from "tidu";
import type { Dataset } from "tidu/data";
import { areClasses } from "tidu/internal";

const BATCH = 250;

/** What a network gives for a whole data set. */
export interface Outputs {
  /** Row-major, [samples, numbers of a sample]. */
  readonly values: Float32Array;
  /** Numbers of a sample. */
  readonly width: number;
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Whether the numbers are scores of classes. */
  readonly classifies: boolean;
}

/** Runs a network, in inference mode, on all samples of a data set. */
export async function runOn(net: nn.Module, data: Dataset, loss: loss.Loss): Promise<Outputs> {
  await data.load();
  let classifies = false;
  const run = compile((rows: Tensor) => {
    const { x, t } = data.batch(rows);
    const output = net.during(false, () => net.forward(x));
    classifies = areClasses(output, t);
    return [output, loss(output, t)];
  });
  let values = new Float32Array(0);
  let sum = 0;
  for (let from = 0; from < data.count; from += BATCH) {
    const rows = Int32Array.from({ length: Math.min(BATCH, data.count - from) }, (_, i) => from + i);
    const [output, cost] = await run(tensor(rows));
    const part = await output.data();
    if (from === 0) values = new Float32Array((part.length / rows.length) * data.count);
    values.set(part, (values.length / data.count) * from);
    sum += (await cost.item()) * rows.length;
  }
  return { values, width: values.length / data.count, loss: sum / data.count, classifies };
}
