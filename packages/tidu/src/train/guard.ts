// Watches that training stays finite.
import { NumericError } from "../base/errors.js";
import type { Batch } from "../data/batches.js";
import { findNonFinite } from "../data/finite.js";
import { type Tensor, zeros } from "../tensor/tensor.js";
import { findSource } from "./diagnose.js";
import type { Feed } from "./feed.js";
import { type Copy, LastGood } from "./last-good.js";
import type { BatchResult } from "./metrics.js";
import type { Ingredients, Steps } from "./steps.js";

/** Steps between two copies of the weights, of which the last good one is kept. */
const COPY_EVERY = 32;

/** Checks that training stays finite; if not, ends it with the last good weights. */
export class Guard {
  readonly #of: Ingredients;
  readonly #good: LastGood;

  /** @param good the good weights of an earlier guard, if its training is resumed. */
  constructor(of: Ingredients, steps: Steps, good?: Copy) {
    this.#of = of;
    this.#good = new LastGood(() => new Map([...steps.beside, ...of.net.state()]), good);
  }

  /** The weights to return to, once there are any. */
  get good(): Copy | undefined {
    return this.#good.good;
  }

  /** To be called before each step, numbered from 1; `where` describes it in errors. */
  async before(step: number, where: string): Promise<void> {
    if (step % COPY_EVERY === 1) await this.#good.copy(`before ${where}`);
  }

  /**
   * To be called after a step on a batch; `feed` loads it again if the cause has to be found.
   *
   * @throws NumericError if its cost is not finite; the step has then changed nothing.
   */
  async after(where: string, feed: Feed, batch: Batch, { loss, penalty }: BatchResult): Promise<void> {
    // The cost is their sum in the engine's precision.
    if (Number.isFinite(Math.fround(loss + penalty))) return this.#good.confirm();
    const found = Number.isFinite(loss) ? `the regularizer adds ${penalty}` : `the loss is ${loss}`;
    const inputs = [feed.data.read(feed.load(batch)).x].flat() as Tensor[];
    for (const x of inputs) {
      const bad = await findNonFinite(x);
      if (bad === undefined) continue;
      throw new NumericError(
        `${where}: ${found}, because the data set's transform turns element ${bad.element} of sample ${batch.samples[bad.row]} into ${bad.value}; correct the sample or the transform. The weights are those from before this step`,
      );
    }
    const source = Number.isFinite(loss) ? "the penalty" : await findSource(this.#of.net, inputs);
    const first = `${where}: ${found}; the first value that is not finite is in ${source}`;
    if (this.good === undefined && source.startsWith("parameter"))
      throw new NumericError(`${first}, as it was before training; give the network other weights`);
    throw this.#failure(first);
  }

  /**
   * To be called after the last step of an epoch, whose update no further step has checked.
   *
   * @throws NumericError if a parameter is not finite.
   */
  async checkWeights(where: string): Promise<void> {
    for (const [name, v] of this.#of.net.state()) {
      const values = await v.data();
      if (!values.every(Number.isFinite)) throw this.#failure(`${where}: the update makes ${name} not finite`);
    }
  }

  /** Returns to the last good weights and what an own step keeps beside them, and resets the optimizer. */
  #failure(problem: string): NumericError {
    const { net, optimizer } = this.#of;
    const when = this.#good.restore();
    if (when !== undefined) {
      for (const v of optimizer.state(net.namedParameters()).values()) v.assign(zeros(v.shape).to(v.dtype));
    }
    return new NumericError(
      `${problem}. The weights are those from ${when ?? "before this step"}; use a lower learning rate (now ${optimizer.lr})`,
    );
  }
}
