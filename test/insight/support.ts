import { threefry2x32 } from "../../packages/tidu/src/base/threefry.js";
import { type Module, Parameter } from "../../packages/tidu/src/nn/index.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";

/** Numbers in [-1, 1) that are the same in every run. */
export const noise = (shape: readonly number[], seed = 1): Tensor => {
  const count = shape.reduce((n, d) => n * d, 1);
  const unit = (i: number) => threefry2x32(seed, 0, i, 0)[0] / 2 ** 31 - 1;
  return tensor(
    Float32Array.from({ length: count }, (_, i) => unit(i)),
    shape,
  );
};

/** Gives a network weights that are the same in every run. */
export function filled<M extends Module>(net: M): M {
  for (const [i, p] of net.parameters().entries()) if (p instanceof Parameter) p.assign(noise(p.shape, 100 + i));
  return net;
}

export const numbers = async (t: Tensor): Promise<number[]> => [...(await t.data())];
