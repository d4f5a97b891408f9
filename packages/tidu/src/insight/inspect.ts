// Activations and gradients of every layer of a network for an input.
import { callback, checkOptions, flag, integer } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import type { Node } from "../graph/node.js";
import { Activation } from "../nn/activation.js";
import { Maxout } from "../nn/maxout.js";
import { checkNet, type Module } from "../nn/module.js";
import { type Observation, observe } from "../nn/observe.js";
import { compile } from "../tensor/compile.js";
import { grad } from "../tensor/grad.js";
import { Generator, withGenerator } from "../tensor/random.js";
import { aTensor, checkTensor, type Tensor } from "../tensor/tensor.js";
import { type Trace, tracing } from "../tensor/trace.js";
import { byName } from "./layers.js";

/** Options of `inspect`. */
export interface InspectOptions {
  /**
   * The cost, one number from the outputs and the target, such as `loss.crossEntropy`. Without it there are no
   * gradients.
   */
  readonly loss?: (output: Tensor, target: Tensor) => Tensor;
  /** The second argument of `loss`; only a loss of the outputs alone needs none. */
  readonly target?: Tensor;
  /** Whether layers such as dropout behave as during training. Default false. */
  readonly training?: boolean;
  /** Seed of dropout masks and the like where `training` is true. Default 0. */
  readonly seed?: number;
}

/** One layer's values for a batch. Gradients have the shape of the value that they belong to. */
export interface LayerInspection {
  readonly layer: Module;
  readonly output: Tensor;
  /** Gradient of the cost with respect to the output; absent without a loss, or if the output is not f32. */
  readonly outputGradient?: Tensor;
  /** For an activation, its input: z in σ(z). Absent for other layers. */
  readonly preActivation?: Tensor;
  readonly preActivationGradient?: Tensor;
}

/** The output, the cost and every layer of a network for one batch. */
export interface Inspection {
  /** The network's output. */
  readonly output: Tensor;
  /** The cost, if there is a loss. */
  readonly cost?: number;
  /** Keyed by the layers' names, such as "3", in the order of the calls; a layer's second call is named "3:2". */
  readonly layers: ReadonlyMap<string, LayerInspection>;
}

/**
 * Every layer's output and pre-activation for a batch [samples, …], and the gradient of the cost with respect to each:
 * everything that backpropagation passes on. Computed by one compiled program, which changes nothing in the network.
 *
 * @throws ArgumentError for a target without a loss, or a loss without its target; ShapeError where layers do not fit
 *   or the loss is not one number.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 * import { inspect } from "tidu/insight";
 *
 * const net = nn.sequential(nn.linear(4, 8), nn.relu());
 * const { layers } = await inspect(net, zeros([2, 4]));
 * console.log(layers.size); // 2
 * ```
 */
export async function inspect(net: Module, batch: Tensor, options: InspectOptions = {}): Promise<Inspection> {
  checkNet("inspect", net);
  checkTensor("inspect", "batch", batch);
  checkOptions("inspect", options, { loss: callback, target: aTensor, training: flag, seed: integer });
  const { loss, target, training = false, seed = 0 } = options;
  if (loss === undefined && target !== undefined) throw new ArgumentError("inspect: target is given without a loss");
  if (loss !== undefined && loss.length > 1 && target === undefined) {
    throw new ArgumentError("inspect: loss is given without a target, which it takes as its second argument");
  }
  const generator = new Generator(seed);
  let pass: Pass | undefined;
  const run = compile((x: Tensor, ...t: Tensor[]) => {
    // Assignments of the pass, such as running means, are discarded.
    const result = (tracing() as Trace).forget(() => withGenerator(generator, () => follow(net, x, training)));
    const cost = loss?.(result.output, t[0]);
    pass = { ...result, cost, slopes: slopesOf(cost, result.seen) };
    return [...valuesOf(pass).values()];
  });
  const results = await run(batch, ...(target === undefined ? [] : [target]));
  return describe(pass as Pass, results);
}

/** A forward pass as it was traced. */
interface Pass {
  readonly output: Tensor;
  readonly seen: readonly Observation<Module>[];
  readonly cost?: Tensor;
  /** Gradients of the cost by the values that it may depend on. */
  readonly slopes: ReadonlyMap<Node, Tensor>;
}

function follow(net: Module, x: Tensor, training: boolean): Pick<Pass, "output" | "seen"> {
  let output = x;
  const seen = observe(net, () => {
    output = net.during(training, () => net.forward(x));
  });
  return { output, seen };
}

/** The input of activation functions (not of layers that only rearrange or reduce); for maxout its pieces. */
function preActivation({ layer, input, output }: Observation<Module>): Tensor | undefined {
  if (layer instanceof Maxout) return layer.piecesOf(output);
  if (!(layer instanceof Activation) || input.node === output.node || input.rank !== output.rank) return undefined;
  return input.shape.every((size, axis) => axis === 1 || size === output.shape[axis]) ? input : undefined;
}

const inspected = (o: Observation<Module>): Tensor[] => [o.output, preActivation(o) ?? o.output];

function slopesOf(cost: Tensor | undefined, seen: readonly Observation<Module>[]): Map<Node, Tensor> {
  if (cost === undefined) return new Map();
  const values = new Map(seen.flatMap(inspected).map((t) => [t.node, t]));
  const real = [...values.values()].filter((t) => t.dtype === "f32");
  return new Map(grad(cost, real).map((slope, i) => [real[i].node, slope]));
}

/** Everything to be computed, each value once. */
function valuesOf({ output, seen, cost, slopes }: Pass): Map<Node, Tensor> {
  const all = [output, ...(cost === undefined ? [] : [cost]), ...seen.flatMap(inspected), ...slopes.values()];
  return new Map(all.map((t) => [t.node, t]));
}

async function describe(pass: Pass, results: readonly Tensor[]): Promise<Inspection> {
  const computed = new Map([...valuesOf(pass).keys()].map((node, i) => [node, results[i]]));
  const value = (t: Tensor): Tensor => computed.get(t.node) as Tensor;
  const slope = (t: Tensor): Tensor | undefined => {
    const traced = pass.slopes.get(t.node);
    return traced && value(traced);
  };
  const layers = new Map<string, LayerInspection>();
  for (const [name, o] of byName(pass.seen)) {
    const z = preActivation(o);
    layers.set(name, {
      layer: o.layer,
      output: value(o.output),
      outputGradient: slope(o.output),
      preActivation: z && value(z),
      preActivationGradient: z && slope(z),
    });
  }
  const cost = pass.cost && (await value(pass.cost).item());
  return { output: value(pass.output), cost, layers };
}
