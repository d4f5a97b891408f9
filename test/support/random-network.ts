import fc from "fast-check";
import { printGraph } from "../../packages/tidu/src/compile/print.js";
import type { Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { moments } from "../../packages/tidu/src/tensor/moments.js";
import { concat, Tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";
import { Choices } from "./choices.js";
import type { RandomProgram } from "./random-program.js";
import { type Fill, Shelf } from "./shelf.js";

/**
 * Draws a training step of a small network: convolutions and dense layers of any kind, pooling, activations, a loss,
 * its gradient by every weight, and the updates of weights and momenta in place.
 */
export const randomNetwork = (): fc.Arbitrary<RandomProgram> =>
  fc
    .array(fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }), { minLength: 2, maxLength: 7, size: "max" })
    .map((layers) => new Network(new Choices(layers[0])).build(layers.slice(1).map((l) => new Choices(l))))
    .map((p) => Object.assign(p, { [fc.toStringMethod]: () => `\n${printGraph(p.updates.map((u) => u.value))}\n` }));

class Network {
  readonly #shelf = new Shelf();
  readonly #weights: { storage: Storage; value: Tensor }[] = [];
  readonly #exact: boolean;
  readonly #fill: Fill;
  #seed: number;

  constructor(readonly c: Choices) {
    this.#exact = c.below(2) === 0;
    this.#fill = this.#exact ? "integers" : "numbers";
    this.#seed = c.below(1000);
  }

  #input(shape: readonly number[], fill: Fill = this.#fill): { storage: Storage; value: Tensor } {
    const storage = this.#shelf.add(shape, fill, this.#seed++);
    return { storage, value: new Tensor(ops.fromStorage(storage)) };
  }

  #weight(shape: readonly number[]): Tensor {
    const made = this.#input(shape);
    this.#weights.push(made);
    return made.value;
  }

  build(layers: readonly Choices[]): RandomProgram {
    const { c } = this;
    const batch = c.pick([2, 1, 3, 4, 5, 8, 16]);
    let x = this.#image(batch);
    for (const l of layers) {
      if (x.rank === 4)
        x = l
          .pick([this.#convolution, this.#convolution, this.#pool, this.#activation, this.#flatten, this.#normalize])
          .call(this, x, l);
      else x = l.pick([this.#dense, this.#activation, this.#normalize]).call(this, x, l);
    }
    const y = x.rank === 4 ? x.flatten(1) : x;
    const cost = this.#loss(this.#dense(y, c, c.pick([10, 3, 1])));
    const slopes = grad(
      cost,
      this.#weights.map((w) => w.value),
    );
    const rate = 0.5;
    const updates = this.#weights.flatMap(({ storage, value }, i) => {
      const velocity = this.#input(value.shape);
      const next = velocity.value.mul(rate).add(slopes[i]);
      return [
        { storage: velocity.storage, value: next.node },
        { storage, value: value.sub(next.mul(rate)).node },
      ];
    });
    const result = this.#shelf.empty(cost.shape, "f32");
    return { updates: [...updates, { storage: result, value: cost.node }], contents: this.#shelf.contents };
  }

  /** A batch of images, stored directly or picked by number from a data set of pixels. */
  #image(batch: number): Tensor {
    const { c } = this;
    const shape = [c.pick([1, 2, 3]), c.pick([8, 5, 6, 7, 9, 12]), c.pick([8, 5, 6, 7, 10])];
    if (c.oneIn(2)) return this.#input([batch, ...shape]).value;
    const pixels = this.#input([9, ...shape], "bytes").value;
    return pixels.gather(this.#input([batch], "bytes").value).toFloat();
  }

  #convolution(x: Tensor, c: Choices): Tensor {
    const [, channels, height, width] = x.shape;
    const padding = c.below(4);
    const longest = c.pick([3, 3, 5, 7]);
    const dilation = c.pick([1, 1, 2]);
    const kernel = [height, width].map((size) =>
      c.between(1, Math.min(longest, Math.floor((size + 2 * padding - 1) / dilation) + 1)),
    );
    const stride = c.pick([1, 1, 2, 3]);
    const filters = c.pick([2, 1, 4, 5, 8]);
    const seen = windows(x, kernel, {
      stride: [stride, stride],
      padding: [padding, padding],
      dilation: [dilation, dilation],
    });
    const a = ["n", "c", "h", "w", "i", "j"];
    // Sometimes a depthwise convolution: one filter for each channel.
    const own = c.oneIn(5);
    const b = own ? ["c", "i", "j"] : ["f", "c", "i", "j"];
    const weight = this.#weight(own ? [channels, ...kernel] : [filters, channels, ...kernel]);
    const out = own ? ["n", "c", "h", "w"] : ["n", "f", "h", "w"];
    const y = new Tensor(ops.contract(seen.node, weight.node, { a, b, out }));
    return c.oneIn(3) ? y : y.add(this.#weight([y.shape[1], 1, 1]));
  }

  #pool(x: Tensor, c: Choices): Tensor {
    const kernel = x.shape.slice(2).map((size) => c.between(1, Math.min(3, size)));
    const stride = c.oneIn(3) ? [c.between(1, 3), c.between(1, 3)] : kernel;
    const seen = windows(x, kernel, { stride, padding: [0, 0], dilation: [1, 1] });
    if (c.oneIn(2)) return this.#exact ? seen.sum([-2, -1]) : seen.mean([-2, -1]);
    return this.#exact ? seen.max([-2, -1]) : seen.sum([-2, -1]);
  }

  #activation(x: Tensor, c: Choices): Tensor {
    if (c.oneIn(5)) return x.add(x.flip(x.rank - 1));
    if (c.oneIn(5)) return concat([x, x.abs()], c.below(2));
    if (this.#exact) return c.pick([x.relu(), x.abs(), x.maximum(zeros(x.shape)), x.minimum(4)]);
    return c.pick([x.tanh(), x.sigmoid(), x.softplus(), x.softmax(), x.mul(0.5).erf()]);
  }

  /** Relative to all elements along some axes: those of a batch, of a layer, or any others. */
  #normalize(x: Tensor, c: Choices): Tensor {
    const every = x.shape.map((_, i) => i);
    const axes = c.pick([every.filter((i) => i !== 1), every.slice(1), [c.below(x.rank)]]);
    if (this.#exact) return x.sub(x.max(axes, true));
    if (c.oneIn(4)) return x.softmax(axes[0]);
    const { variance, centred } = moments(x, axes);
    const scale = this.#weight(x.shape.map((size, i) => (axes.includes(i) ? 1 : size)));
    return centred.div(variance.add(0.1).sqrt()).mul(scale);
  }

  #flatten(x: Tensor): Tensor {
    return x.flatten(1);
  }

  #dense(x: Tensor, c: Choices, features = c.pick([8, 1, 5, 13, 16])): Tensor {
    const weight = this.#weight([features, x.shape[1]]);
    return x.matmul(weight.transpose()).add(this.#weight([features]));
  }

  #loss(scores: Tensor): Tensor {
    const [batch, classes] = scores.shape;
    if (this.#exact) return scores.mul(this.#input(scores.shape).value).sum();
    const labels = this.#input([batch], "bytes").value;
    const hot = new Tensor(ops.index([classes])).eq(labels.reshape([batch, 1])).toFloat();
    return scores.logSoftmax().mul(hot).sum().neg().div(batch);
  }
}
