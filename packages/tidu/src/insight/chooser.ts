import { type Shape, sizeOf } from "../base/shape.js";
import { makeStorage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { Dropout } from "../nn/dropout.js";
import type { Module } from "../nn/module.js";
import { observe } from "../nn/observe.js";
import { Generator, withGenerator } from "../tensor/random.js";
import { full, Tensor } from "../tensor/tensor.js";
import { trace } from "../tensor/trace.js";
import { byName } from "./layers.js";
import { choosing, type Draw, independent } from "./masks.js";

/**
 * Replaces the random generator: gives a network's dropout layers, which draw masks from random numbers, the numbers
 * that make a chosen mask. So the layers' own code drops and scales.
 */
export class Chooser {
  readonly #net: Module;
  readonly #numbers = new Numbers(0);
  readonly #draws: readonly DropoutDraw[];

  /** For a network and inputs like x. */
  constructor(net: Module, x: Tensor) {
    this.#net = net;
    this.#draws = this.#find(x);
  }

  /** The draws of a forward pass, in their order. */
  get draws(): readonly Draw[] {
    return this.#draws;
  }

  /** The output under a mask [units of all draws], 1 for kept and 0 for dropped. */
  forward(x: Tensor, mask: Tensor): Tensor {
    let [next, start] = [0, 0];
    return this.#forward(x, (shape) => {
      const { units, numbers } = this.#draws[next++];
      return numbers(mask.slice(0, start, (start += units)), shape);
    });
  }

  #forward(x: Tensor, give: Give): Tensor {
    this.#numbers.give = give;
    return this.#net.during(false, () => {
      for (const [, m] of this.#net.namedModules()) m.training = m instanceof Dropout;
      return withGenerator(this.#numbers, () => this.#net.forward(x));
    });
  }

  /** Traces x through the network without computing anything. */
  #find(x: Tensor): DropoutDraw[] {
    const shapes: Shape[] = [];
    const input = new Tensor(fromStorage(makeStorage(x.shape, x.dtype)));
    const give: Give = (shape) => {
      shapes.push(shape);
      return full(shape, 1);
    };
    const seen = observe(this.#net, () => trace(() => this.#forward(input, give)));
    return [...byName(seen)]
      .flatMap(([name, { layer }]) => (layer instanceof Dropout && layer.p > 0 ? [{ name, layer }] : []))
      .map(({ name, layer }, i) => drawOf(name, layer, shapes[i]));
  }
}

type Give = (shape: Shape) => Tensor;

class Numbers extends Generator {
  give: Give = (shape) => full(shape, 1);

  override uniform(shape: Shape): Tensor {
    return this.give(shape);
  }
}

interface DropoutDraw extends Draw {
  /** The numbers in [0, 1], of a shape, from which the layer makes the mask [units]. */
  readonly numbers: (mask: Tensor, shape: Shape) => Tensor;
}

/** The draw of a dropout layer that asks for numbers of a shape. */
function drawOf(name: string, { p, options }: Dropout, shape: Shape): DropoutDraw {
  if (options.drop === "units") {
    const units = sizeOf(shape);
    // The units with the smallest numbers are kept.
    return { name, units, probability: choosing(units, Math.round((1 - p) * units)), numbers: (m) => m.neg().add(1) };
  }
  const units = sizeOf(shape.slice(1));
  return {
    name,
    units,
    probability: independent(units, p),
    // Units with numbers below p are dropped.
    numbers: (mask, full) => mask.reshape([1, ...full.slice(1)]).broadcastTo(full),
  };
}
