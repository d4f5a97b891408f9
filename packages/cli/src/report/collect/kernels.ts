// The convolution kernels of a network as pictures.
import type { nn } from "tidu";
import { KernelLayer, Linear, type Shape, sizeOf } from "tidu/internal";
import type { KernelFindings } from "../data.js";
import { toPicture } from "../picture.js";
import { diverging, signed } from "./colors.js";

const MOST = 64;

/** The weights of the first layer as pictures, where it sees images; undefined where it does not. */
export async function findKernels(net: nn.Module, inputShape: Shape): Promise<KernelFindings | undefined> {
  const first = net.namedModules().find(([, m]) => m.children().length === 0 && m.parameters().length > 0);
  const weight = first && imageWeight(first[1], inputShape);
  if (first === undefined || weight === undefined) return undefined;
  const [kernels, channels, height, width] = weight.shape;
  const numbers = Array.from(await weight.layer.weight.data());
  const colored = channels === 3;
  const each = colored ? channels * height * width : height * width;
  const count = numbers.length / each;
  const shown = numbers.slice(0, Math.min(count, MOST) * each);
  const most = shown.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
  const pictures = Array.from({ length: shown.length / each }, (_, i) => {
    const own = shown.slice(i * each, (i + 1) * each).map((w) => w / (most || 1));
    const data = colored ? signed(own) : diverging(own);
    const name = count === kernels ? `kernel ${i}` : `kernel ${Math.floor(i / channels)}, channel ${i % channels}`;
    return { name, ...toPicture({ width, height, channels: 3, data }) };
  });
  return { layer: `${first[0]} ${first[1]}`, count, most, colored, pictures };
}

/** The layer and its weight's shape as [kernels, channels, height, width]. */
function imageWeight(layer: nn.Module, inputShape: Shape): { layer: KernelLayer | Linear; shape: Shape } | undefined {
  if (layer instanceof KernelLayer) {
    const [kernels, channels, ...sides] = layer.weight.shape;
    return { layer, shape: [kernels, channels, ...(sides.length === 1 ? [1] : []), ...sides] };
  }
  // A fully connected layer whose inputs are the pixels of an image.
  if (layer instanceof Linear && inputShape.length === 3 && layer.inFeatures === sizeOf(inputShape)) {
    return { layer, shape: [layer.outFeatures, ...inputShape] };
  }
  return undefined;
}
