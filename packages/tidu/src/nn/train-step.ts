// The one definition of a training step, for training, measuring and counting.
import { isFloat } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import type { Node } from "../graph/node.js";
import { apply, elementwise } from "../graph/ops/index.js";
import type { Optimizer } from "../optim/optimizer.js";
import { defaultGenerator, type Generator, withGenerator } from "../tensor/random.js";
import { checkTensor, stretch, type Tensor } from "../tensor/tensor.js";
import { tracing } from "../tensor/trace.js";
import { forwardIn } from "./forward.js";
import type { Layered } from "./layered.js";
import type { Loss } from "./loss.js";
import type { Parameter } from "./parameter.js";

/** The options of a training step. */
export interface TrainStepOptions {
  readonly net: Layered;
  /** The cost of a batch, one number, from the outputs and the targets. */
  readonly loss: Loss;
  readonly optimizer: Pick<Optimizer, "minimize">;
  /** A penalty on the parameters that is added to the cost. */
  readonly regularize?: (parameters: readonly Parameter[]) => Tensor | undefined;
  /** The generator of dropout masks and the like; default the default generator. */
  readonly generator?: Generator;
}

/** The result of a step. */
export interface TrainStepResult {
  readonly output: Tensor;
  readonly loss: Tensor;
  /** The regularizer's penalty, if there is one. */
  readonly penalty: Tensor | undefined;
}

/**
 * A training step, for use inside a compiled function: forward pass in training mode, loss, regularizer, and the
 * optimizer's update. If the cost is not a finite number, every variable keeps its value.
 *
 * @param x a batch of inputs [samples, …], or a list of them for a network that takes several.
 * @param t its targets, as the loss takes them.
 * @throws ArgumentError outside a compiled function, for a network that uses a parameter that is not part of its
 *   `state()`, and where there is nothing to train.
 *
 * @example
 * ```ts
 * import { compile, loss, nn, optim, tensor, trainStep, zeros } from "tidu";
 *
 * const net = nn.linear(2, 2);
 * const optimizer = optim.sgd({ lr: 0.1 });
 * const step = compile((x, t) => trainStep({ net, loss: loss.crossEntropy, optimizer }, x, t).loss);
 * console.log((await step(zeros([4, 2]), tensor(Int32Array.of(0, 1, 0, 1)))).shape); // []
 * ```
 */
export function trainStep(
  { net, loss, optimizer, regularize, generator = defaultGenerator() }: TrainStepOptions,
  x: Tensor | readonly Tensor[],
  t: Tensor,
): TrainStepResult {
  return withGenerator(generator, () => {
    const output = forwardIn(net, true, [x].flat() as Tensor[]);
    const parameters = net.parameters();
    const cost = costOf(loss, output, t);
    const penalty = penaltyOf(regularize, parameters);
    const whole = penalty === undefined ? cost : cost.add(penalty);
    keepUnlessFinite(whole, () => optimizer.minimize(whole, parameters));
    return { output, loss: cost, penalty };
  });
}

/** The result of a loss. @throws ArgumentError if it is not a tensor. */
export function costOf(loss: Loss, output: Tensor, target: Tensor): Tensor {
  const cost = loss(output, target);
  checkTensor("loss", "what it returns", cost);
  return cost;
}

/** The result of a regularizer, which may be undefined. @throws ArgumentError if it is something else than a tensor. */
export function penaltyOf(
  regularize: TrainStepOptions["regularize"],
  parameters: readonly Parameter[],
): Tensor | undefined {
  const penalty = regularize?.(parameters);
  if (penalty !== undefined) checkTensor("regularize", "what it returns", penalty);
  return penalty;
}

/**
 * Makes the step's assignments, those of `update` included, take effect only if its cost is finite. Counters, which are
 * no floats, go on.
 */
export function keepUnlessFinite(cost: Tensor, update: () => unknown): void {
  const finite = cost.sub(cost).eq(0).node;
  const change = (old: Node, next: Node): Node =>
    isFloat(next.dtype) ? apply(elementwise.where, stretch(finite, next.shape), next, old) : next;
  const trace = tracing();
  if (trace === undefined)
    throw new ArgumentError("trainStep: it is called outside compile; call it inside a function that is compiled");
  trace.amend(change, update);
}
