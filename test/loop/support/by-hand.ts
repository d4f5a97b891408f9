// The same as `scan`, one step after the other in JavaScript: what loops are held against.
import { stack, type Tensor } from "../../../packages/tidu/src/index.js";

/** What a body makes of a list of states and a list of rows: the next states, and outputs. */
export type Body = (state: readonly Tensor[], x: readonly Tensor[]) => readonly [readonly Tensor[], readonly Tensor[]];

export type Run = (
  body: Body,
  first: readonly Tensor[],
  xs: readonly Tensor[],
  options?: { reverse?: boolean; length?: number },
) => readonly [readonly Tensor[], readonly Tensor[]];

/** Runs the steps one after the other. */
export const byHand: Run = (body, first, xs, { reverse = false, length = xs[0]?.shape[0] } = {}) => {
  let state = first;
  const outputs: (readonly Tensor[])[] = [];
  for (let i = 0; i < length; i++) {
    const t = reverse ? length - 1 - i : i;
    const [next, output] = body(
      state,
      xs.map((x) => x.slice(0, t, t + 1).squeeze(0)),
    );
    state = next;
    outputs[t] = output;
  }
  return [state, outputs[0].map((_, k) => stack(outputs.map((o) => o[k])))];
};
