// Computes the figures of convolution.
import { nn, signal, tensor } from "tidu";

/** Functions that slide over each other, all with area 1 or close to it. */
export const FUNCTIONS = {
  box: (a: number) => (Math.abs(a) <= 0.5 ? 1 : 0),
  triangle: (a: number) => Math.max(0, 1 - Math.abs(a)),
  bell: (a: number) => Math.exp((-a * a) / 0.18) / Math.sqrt(0.18 * Math.PI),
  decay: (a: number) => (a < 0 ? 0 : 1.5 * Math.exp(-1.5 * a)),
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

/** Where the functions are sampled; what lies outside counts as 0. */
export const RANGE = { from: -2, to: 2, count: 160 } as const;
export const STEP = (RANGE.to - RANGE.from) / RANGE.count;
/** The middles of the parts of RANGE. */
export const PLACES = Float32Array.from({ length: RANGE.count }, (_, i) => RANGE.from + (i + 0.5) * STEP);

export interface Sliding {
  readonly t: readonly number[];
  /** The convolution at each t. */
  readonly s: readonly number[];
}

/** s = x * w. */
export async function slide(x: FunctionName, w: FunctionName): Promise<Sliding> {
  const { t, s } = signal.convolveFunctions(FUNCTIONS[x], FUNCTIONS[w], RANGE);
  return { t: Array.from(await t.data()), s: Array.from(await s.data()) };
}

export interface Overlap {
  /** x(a), w(t - a) and their product at PLACES. */
  readonly x: readonly number[];
  readonly turned: readonly number[];
  readonly product: readonly number[];
  /** The area below the product. */
  readonly area: number;
}

/** What is integrated for one t. */
export async function overlap(x: FunctionName, w: FunctionName, t: number): Promise<Overlap> {
  const own = Array.from(PLACES, FUNCTIONS[x]);
  const inside = (a: number) => a > RANGE.from && a < RANGE.to;
  const turned = Array.from(PLACES, (a) => (inside(t - a) ? FUNCTIONS[w](t - a) : 0));
  const product = tensor(own).mul(tensor(turned));
  const area = await product.sum().mul(STEP).item();
  return { x: own, turned, product: Array.from(await product.data()), area };
}

/** Dice, by the probabilities of 1 to 6. */
export const DICE = {
  fair: [1, 1, 1, 1, 1, 1].map((n) => n / 6),
  loaded: [1, 1, 1, 1, 2, 4].map((n) => n / 10),
  low: [4, 3, 1, 1, 1, 0].map((n) => n / 10),
} as const;
export type DieName = keyof typeof DICE;

/** Probabilities of the sums 2 to 12 of two dice: a convolution. */
export const diceSum = async (a: DieName, b: DieName): Promise<number[]> =>
  Array.from(await signal.convolve(tensor([...DICE[a]]), tensor([...DICE[b]])).data());

/** Kernels [3, 3] of the figure; most look different when they are turned. */
export const KERNELS = {
  edge: [1, 0, -1, 2, 0, -2, 1, 0, -1],
  corner: [1, 1, 0, 1, 0, -1, 0, -1, -1],
  shift: [0, 0, 0, 0, 0, 1, 0, 0, 0],
  blur: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((n) => n / 16),
} as const;
export type KernelName = keyof typeof KERNELS;
export const KERNEL_SIDE = 3;

export interface Filtered {
  readonly side: number;
  readonly output: readonly number[];
}

/** Slides a kernel [3, 3] over an image [side, side]: with the flip a convolution, without it a correlation. */
export async function filter(
  image: readonly number[],
  side: number,
  kernel: readonly number[],
  flip: boolean,
): Promise<Filtered> {
  const [x, w] = [tensor([...image], [side, side]), tensor([...kernel], [KERNEL_SIDE, KERNEL_SIDE])];
  const output = flip ? signal.convolve2d(x, w, "valid") : signal.correlate2d(x, w, "valid");
  return { side: side - KERNEL_SIDE + 1, output: Array.from(await output.data()) };
}

export interface Meeting {
  readonly pixels: readonly number[];
  /** The kernel as it lies there, turned round if it is flipped. */
  readonly weights: readonly number[];
  readonly products: readonly number[];
  readonly sum: number;
}

/** What the kernel meets at one place of the output. */
export async function meeting(
  image: readonly number[],
  side: number,
  kernel: readonly number[],
  flip: boolean,
  [row, column]: readonly [number, number],
): Promise<Meeting> {
  const seen = tensor([...image], [side, side])
    .slice(0, row, row + KERNEL_SIDE)
    .slice(1, column, column + KERNEL_SIDE);
  const w = tensor([...kernel], [KERNEL_SIDE, KERNEL_SIDE]);
  const lying = flip ? w.flip() : w;
  const products = seen.mul(lying);
  return {
    pixels: Array.from(await seen.data()),
    weights: Array.from(await lying.data()),
    products: Array.from(await products.data()),
    sum: await products.sum().item(),
  };
}

export interface Counts {
  /** Numbers to be learned, weights and biases: of the convolution, and of a full layer from and to the same sizes. */
  readonly convolution: number;
  readonly full: number;
  /** Products for one image. */
  readonly convolutionProducts: number;
  readonly fullProducts: number;
  /** Numbers that go in and come out. */
  readonly inputs: number;
  readonly outputs: number;
}

const sizeOf = (layer: nn.Module): number => layer.parameters().reduce((sum, p) => sum + p.size, 0);

/** Counts of a convolution k × k over an image [channels, side, side] without a border, beside a full layer. */
export function counts(side: number, k: number, channels: number, outChannels: number): Counts {
  const out = side - k + 1;
  const [inputs, outputs] = [channels * side * side, outChannels * out * out];
  return {
    convolution: sizeOf(nn.conv2d(channels, outChannels, k)),
    full: sizeOf(nn.linear(inputs, outputs)),
    convolutionProducts: outputs * channels * k * k,
    fullProducts: inputs * outputs,
    ...{ inputs, outputs },
  };
}
