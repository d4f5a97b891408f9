// What loops are held against on every device: all that they give, and the gradients of that.
import { compile, grad, scan, type Tensor, tensor } from "../../../packages/tidu/src/index.js";
import { type Case, type Kind, wave } from "./bodies.js";
import type { Run } from "./by-hand.js";

/** All that a loop gives, and what may be made of it: gradients, and unless told theirs too. */
export function results(
  { body, first, xs, weights, length }: Case,
  run: Run,
  reverse: boolean,
  twice = true,
): readonly Tensor[] {
  const [last, outputs] = run((s, x) => body(s, x, weights), first, xs, { reverse, length });
  const all = [...last, ...outputs];
  const floats = all.filter((t) => t.dtype === "f32");
  const inputs = [...first, ...xs, ...weights].filter((t) => t.dtype === "f32");
  const cost = floats.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 3)).sum()), tensor(0));
  const slopes = grad(cost, inputs);
  if (!twice) return [...all, ...slopes];
  const again = slopes.reduce((sum, t, i) => sum.add(t.mul(wave(t.shape, i + 5)).sum()), tensor(0));
  return [...all, ...slopes, ...grad(again, inputs)];
}

/** The results of bodies on the device in use, each a list of numbers; one program, so that a compiler is called once. */
export async function resultsTogether(kinds: readonly Kind[], reverse: boolean, twice: boolean): Promise<number[][]> {
  const program = compile(() => kinds.flatMap((it) => results(it.of(it.lengths[0]), scan as Run, reverse, twice)));
  return Promise.all((await program()).map(async (t) => Array.from(await t.data())));
}

/** How far numbers are from others, as a share of the largest of these. */
export const far = (a: readonly number[], b: readonly number[]): number => {
  const size = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(0, ...a.map((x, i) => Math.abs(x - b[i]) / size));
};
