import { type Tensor, tensor } from "tidu";
import { Dataset, mnist, Sampler } from "tidu/data";

let files: ReturnType<typeof mnist> | undefined;
const digits = (): ReturnType<typeof mnist> => (files ??= mnist());

/** A data set of some rows of another, with copies of its own. */
async function pick({ inputs, targets, ...options }: Dataset, rows: Int32Array): Promise<Dataset> {
  const [x, t] = [inputs, targets].map((all) => all.gather(tensor(rows)));
  return new Dataset((await x.realize()).detach(), (await t.realize()).detach(), options);
}

/** So many of MNIST's training digits, others for each seed. */
export async function trainingDigits(seed: number, samples: number): Promise<Dataset> {
  const { train } = await digits();
  return pick(train, order(train.count, seed).subarray(0, samples));
}

/** So many more of them, none of which is among the training digits of that seed. */
export async function validationDigits(seed: number, samples: number): Promise<Dataset> {
  const { train } = await digits();
  return pick(train, order(train.count, seed).subarray(train.count - samples));
}

/** The first so many of MNIST's 10,000 test digits. */
export async function testDigits(samples: number): Promise<Dataset> {
  const { test } = await digits();
  return samples >= test.count ? test : pick(test, order(test.count, undefined).subarray(0, samples));
}

/** The numbers 0…count - 1 in an order of each seed's own, or rising. */
export const order = (count: number, seed: number | undefined): Int32Array =>
  new Sampler({ count, batchSize: count, shuffle: seed !== undefined, dropLast: false, seed: seed ?? 0 }).epoch(0);

/** All of a data set as a network sees it. */
export async function all(data: Dataset): Promise<{ x: Tensor; t: Tensor }> {
  const { x, t } = data.batch(tensor(order(data.count, undefined)));
  return { x: (await x.realize()).detach(), t: (await t.realize()).detach() };
}
