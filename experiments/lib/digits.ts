// Digits of MNIST for the experiments, drawn anew for each seed.
import { type Tensor, tensor } from "tidu";
import { Dataset, mnist, Sampler } from "tidu/data";

/** Where digits come from. */
export interface Source {
  /** Training digits by their numbers. */
  training(rows: Int32Array): Promise<Dataset>;
  /** The first so many test digits. */
  tests(samples: number): Promise<Dataset>;
}

/** Training digits that there are to draw from. */
const TRAINING = 60_000;

let files: ReturnType<typeof mnist> | undefined;
const digits = (): ReturnType<typeof mnist> => (files ??= mnist());
let source: Source = {
  training: async (rows) => pick((await digits()).train, rows),
  tests: async (samples) => {
    const { test } = await digits();
    return samples >= test.count ? test : pick(test, order(test.count, undefined).subarray(0, samples));
  },
};

/** Has digits come from elsewhere than MNIST's files: a page has only some of them. */
export function takeDigitsFrom(own: Source): void {
  source = own;
}

/** A data set of some rows of another, with copies of its own. */
export async function pick({ inputs, targets, ...options }: Dataset, rows: Int32Array): Promise<Dataset> {
  const [x, t] = [inputs, targets].map((all) => all.gather(tensor(rows)));
  return new Dataset((await x.realize()).detach(), (await t.realize()).detach(), options);
}

/** So many of MNIST's training digits, others for each seed. */
export const trainingDigits = (seed: number, samples: number): Promise<Dataset> =>
  source.training(order(TRAINING, seed).subarray(0, samples));

/** So many more of them, none of which is among the training digits of that seed. */
export const validationDigits = (seed: number, samples: number): Promise<Dataset> =>
  source.training(order(TRAINING, seed).subarray(TRAINING - samples));

/** The first so many of MNIST's 10,000 test digits. */
export const testDigits = (samples: number): Promise<Dataset> => source.tests(samples);

/** The numbers 0…count - 1 in an order of each seed's own, or rising. */
export const order = (count: number, seed: number | undefined): Int32Array =>
  new Sampler({ count, batchSize: count, shuffle: seed !== undefined, dropLast: false, seed: seed ?? 0 }).epoch(0);

/** All of a data set as a network sees it. */
export async function all(data: Dataset): Promise<{ x: Tensor; t: Tensor }> {
  const { x, t } = data.batch(tensor(order(data.count, undefined)));
  return { x: (await x.realize()).detach(), t: (await t.realize()).detach() };
}

/** The same digits with pixels from 0 (paper) to 1 (ink), so that what moves in from outside is paper. */
export const onBlack = ({ inputs, targets, classes }: Dataset): Dataset =>
  new Dataset(inputs, targets, { classes, transform: (batch) => batch.toFloat().mul(1 / 255) });

/** The four directions, as (down, right). */
export const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** The same digits moved by so many pixels; what moves out is lost. */
export async function moved({ inputs, targets, ...options }: Dataset, down: number, right: number): Promise<Dataset> {
  const [n, , height, width] = inputs.shape;
  const pixels = await inputs.data();
  const image = new Uint8Array(pixels.length);
  for (let i = 0; i < n; i++) {
    for (let row = Math.max(down, 0); row < height + Math.min(down, 0); row++) {
      const to = (i * height + row) * width;
      const from = (i * height + row - down) * width;
      const line = pixels.subarray(from + Math.max(-right, 0), from + width - Math.max(right, 0));
      image.set(line, to + Math.max(right, 0));
    }
  }
  return new Dataset(tensor(image, inputs.shape), targets, options);
}
