// Transposed convolutions as layers.
import { anything, refuse, refuseShape } from "../base/check.js";
import { contract } from "../graph/ops/index.js";
import { Tensor } from "../tensor/tensor.js";
import { checkAxes } from "./check.js";
import { type ConvOptions, KERNEL, KernelLayer } from "./conv.js";
import { axisNames, type Pair, type PerAxis, perAxis } from "./spatial.js";
import { overlapAdd } from "./windows.js";

export interface ConvTransposeOptions<P extends PerAxis = Pair> extends ConvOptions<P> {
  /**
   * Rows and columns added at the end of the output, fewer than the stride or the dilation: a convolution shrinks
   * several sizes to one, and this chooses among them. Default 0.
   */
  readonly outputPadding?: P;
}

/**
 * The transpose of `conv2d` (Zeiler et al., "Deconvolutional networks", CVPR 2010): every input element adds its
 * multiple of the kernel to the output, so a stride enlarges the output. It maps shapes back as the gradient of
 * `conv2d` does. Input [n, in, h, w], output [n, out, h', w'] with h' = (h - 1)s - 2p + d(k - 1) + outputPadding + 1.
 * Weight [in, out / groups, k, l], bias [out].
 */
export class ConvTranspose<I extends number = number, O extends number = number> extends KernelLayer<I, O> {
  readonly outputPadding: readonly number[];

  constructor(
    inChannels: I,
    outChannels: O,
    kernel: PerAxis,
    options?: ConvTransposeOptions<PerAxis>,
    axes: 1 | 2 | 3 = 2,
  ) {
    const name = `convTranspose${axes}d`;
    super(name, axes, inChannels, outChannels, kernel, options, (groups) => [inChannels, outChannels / groups], {
      ...KERNEL,
      outputPadding: anything,
    });
    this.outputPadding = perAxis(
      name,
      "outputPadding",
      options?.outputPadding === undefined ? 0 : options.outputPadding,
      axes,
      0,
    );
    const { stride, dilation } = this.window;
    if (this.outputPadding.some((e, i) => e >= stride[i] && e >= dilation[i]))
      refuse(name, "outputPadding", this.outputPadding, "below the stride or the dilation");
  }

  override forward(x: Tensor): Tensor {
    checkAxes(String(this), x, axisNames(this.kernel.length));
    const taken = this.taken(x);
    const { g, s, k } = this.labels();
    // As many windows as the output has: those of the output padding are zeros.
    const more = this.outputPadding.map((e, i) => [0, Math.floor(e / this.window.stride[i])] as const);
    const whole = more.some(([, e]) => e > 0) ? taken.pad([[0, 0], [0, 0], ...more]) : taken;
    const [n, , ...sizes] = whole.shape;
    const input = whole.reshape([n, ...this.split(this.inChannels), ...sizes]);
    const weight = this.weight.reshape([...this.split(this.inChannels), ...this.weight.shape.slice(1)]);
    const stamps = contract(input.node, weight.node, {
      a: ["n", ...g, "c", ...s],
      b: [...g, "c", "o", ...k],
      out: ["n", ...g, "o", ...s, ...k],
    });
    const out = this.#sizes(x);
    const y = overlapAdd(new Tensor(stamps), [n, ...this.split(this.outChannels), ...out], this.kernel, this.window);
    return this.withBias(y.reshape([n, this.outChannels, ...out]));
  }

  #sizes(x: Tensor): number[] {
    const { stride, padding, dilation } = this.window;
    const span = this.kernel.map((k, i) => dilation[i] * (k - 1) + 1 + this.outputPadding[i] - 2 * padding[i]);
    const sizes = span.map((size, i) => (x.shape[2 + i] - 1) * stride[i] + size);
    if (sizes.some((size) => size < 1)) {
      refuseShape(String(this), "padding", padding, `smaller, since no output is left for a ${x}; use less padding`);
    }
    return sizes;
  }
}

/**
 * A layer that enlarges images [n, in, height, width] by learned kernels; see `ConvTranspose`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.convTranspose2d(8, 3, 4, { stride: 2, padding: 1 }).forward(zeros([2, 8, 7, 7])).shape); // [2, 3, 14, 14]
 * ```
 */
export const convTranspose2d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: Pair,
  options?: ConvTransposeOptions,
): ConvTranspose<I, O> => new ConvTranspose(inChannels, outChannels, kernel, options);

/**
 * A layer that enlarges sequences [n, in, length] by learned kernels; see `ConvTranspose`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.convTranspose1d(4, 1, 4, { stride: 2 }).forward(zeros([2, 4, 5])).shape); // [2, 1, 12]
 * ```
 */
export const convTranspose1d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: number,
  options?: ConvTransposeOptions<number>,
): ConvTranspose<I, O> => new ConvTranspose(inChannels, outChannels, kernel, options, 1);

/**
 * A layer that enlarges volumes [n, in, depth, height, width] by learned kernels; see `ConvTranspose`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.convTranspose3d(4, 1, 2, { stride: 2 }).forward(zeros([1, 4, 3, 3, 3])).shape); // [1, 1, 6, 6, 6]
 * ```
 */
export const convTranspose3d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: PerAxis,
  options?: ConvTransposeOptions<PerAxis>,
): ConvTranspose<I, O> => new ConvTranspose(inChannels, outChannels, kernel, options, 3);
