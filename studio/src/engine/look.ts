// Looks at what the last batch did in each layer.
import { compile, Generator, grad, type nn, ones, type Tensor, tensor, withGenerator } from "tidu";
import { lossOf } from "./costs.js";
import { histogram } from "./histogram.js";
import { outputsOf } from "./network.js";
import type { BatchLook, Pictures } from "./protocol.js";
import type { Session } from "./session.js";

/** Rows of a mask that are shown: samples. */
const ROWS = 16;
const COLUMNS = 64;

/**
 * A function that looks at what the last update's batch does in each layer now, with the masks of that very update: they
 * are drawn again from the same place in the same sequence. Layers other than dropout are in use, not learning.
 */
export function lookAtBatch({ settings, data, layers, generator, ...session }: Looked): () => Promise<BatchLook[]> {
  const again = new Generator(settings.seed);
  const drops = settings.layers.map(({ kind, values }) => kind === "dropout" && Number(values.p) > 0);
  const run = compile((samples) =>
    withGenerator(again, () => {
      const { x, t } = data.train.batch(samples);
      const masks: Tensor[] = [];
      const stages = layers.map((layer, i) => (drops[i] ? masked(layer, masks) : inUse(layer)));
      const outputs = outputsOf(stages, x);
      const cost = lossOf(settings, data.classes)(outputs[outputs.length - 1], t);
      const numbers = outputs.filter(({ dtype }) => dtype === "f32");
      return [...outputs, ...grad(cost, numbers), ...masks];
    }),
  );
  return async () => {
    const [seed, runs] = await generator.state.data();
    again.state.assign(tensor(Int32Array.of(seed, Math.max(0, runs - 1))));
    const found = await Promise.all(
      (await run(tensor(session.samples()))).map(async (v) => ({
        dtype: v.dtype,
        shape: v.shape,
        values: await v.data(),
      })),
    );
    const outputs = found.splice(0, layers.length);
    // What follows are gradients of those that have one, then masks of those that drop.
    const histograms = outputs.map(({ values }) => histogram(values));
    const gradients = outputs.map(({ dtype }) => (dtype === "f32" ? histogram(take(found).values) : undefined));
    const masks = drops.map((drop) => (drop ? pictureOf(take(found)) : undefined));
    return layers.map((_, i) => ({ activations: histograms[i], gradients: gradients[i], mask: masks[i] }));
  };
}

const take = <T>(list: T[]): T => list.shift() as T;

type Looked = Pick<Session, "settings" | "data" | "layers" | "generator"> & { readonly samples: () => Int32Array };

/** A layer that is not learning. */
export const inUse = (layer: nn.Module): Pick<nn.Module, "forward"> => ({
  forward: (x) => layer.during(false, () => layer.forward(x)),
});

/** A dropout layer that notes its mask: what it makes of ones. */
const masked = (layer: nn.Module, masks: Tensor[]): Pick<nn.Module, "forward"> => ({
  forward: (x) => {
    const mask = layer.during(true, () => layer.forward(ones(x.shape)));
    masks.push(mask);
    return x.mul(mask);
  },
});

/** The first rows and columns of [samples, …]. */
function pictureOf({ shape, values }: { shape: readonly number[]; values: ArrayLike<number> }): Pictures {
  const elements = shape.slice(1).reduce((n, d) => n * d, 1);
  const [width, height] = [Math.min(COLUMNS, elements), Math.min(ROWS, shape[0])];
  const part = Float32Array.from(
    { length: width * height },
    (_, i) => values[Math.floor(i / width) * elements + (i % width)],
  );
  return { width, height, count: 1, values: part };
}
