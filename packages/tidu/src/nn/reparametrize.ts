// Weights that are computed from other parameters before each use.
import { check, checkOptions, instance, positive, refuse, whole } from "../base/check.js";
import { norm } from "../tensor/functions/reduce.js";
import { ones, Tensor, type Tensor as Value } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import { around } from "./forward.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

type Weighted = Module & { weight: Value };

const WEIGHTED = instance(Module, "a layer with a weight, such as nn.linear(4, 2)");

function weightOf(where: string, layer: Module): Parameter {
  check(where, "layer", layer, WEIGHTED);
  const { weight } = layer as Weighted;
  return weight instanceof Parameter ? weight : refuse(where, "layer", layer, WEIGHTED.says);
}

/** Makes a layer compute its weight before each use; `make` is told whether the use is a forward pass. */
function computed(layer: Module, make: (forward: boolean) => Value): void {
  let current: Value | undefined;
  Object.defineProperty(layer, "weight", { get: () => current ?? make(false), enumerable: false, configurable: true });
  around(layer, (forward) => {
    current = make(true);
    try {
      return forward();
    } finally {
      current = undefined;
    }
  });
}

/**
 * The weight as a length for each output and a direction, g · v / |v| (Salimans and Kingma, NIPS 2016): parameters `weight_g` [out, 1, …] and
 * `weight_v`. Returns the layer.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * console.log([...nn.weightNorm(nn.linear(4, 2)).state().keys()].length); // 3
 * ```
 */
export function weightNorm<L extends Module>(layer: L): L {
  const weight_v = weightOf("weightNorm", layer);
  const axes = weight_v.shape.flatMap((_, i) => (i === 0 ? [] : [i]));
  const length = () => norm(weight_v, axes, { keep: true });
  // Set after the directions are drawn, so that the weight begins as the layer draws it.
  const weight_g = new Parameter(
    weight_v.shape.map((d, i) => (i === 0 ? d : 1)),
    length,
  );
  computed(layer, () => weight_v.mul(weight_g.div(length())));
  return Object.assign(layer, { weight_v, weight_g });
}

/**
 * The weight divided by its largest singular value, whose estimate each training step improves, unless the layer is
 * frozen (Miyato et al., ICLR 2018): parameter `weight_orig`, buffers `weight_u`, `weight_v`, in the order and with the
 * names of PyTorch's `nn.utils.spectral_norm`. Returns the layer.
 *
 * @param options.iterations iterations of the power method in each step, at most 1000. Default 1.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.spectralNorm(nn.linear(4, 2)).forward(zeros([1, 4])).shape); // [1, 2]
 * ```
 */
export function spectralNorm<L extends Module>(
  layer: L,
  options: { readonly iterations?: number; readonly eps?: number } = {},
): L {
  const weight_orig = weightOf("spectralNorm", layer);
  checkOptions("spectralNorm", options, { iterations: whole(1, 1000), eps: positive });
  const { iterations = 1, eps = 1e-12 } = options;
  const rows = weight_orig.shape[0];
  const columns = weight_orig.size / rows;
  const unit = (x: Value): Value => x.div(norm(x).maximum(eps));
  const weight_u = new Variable(unit(ones([rows])));
  const weight_v = new Variable(unit(ones([columns])));
  computed(layer, (forward) => {
    const matrix = weight_orig.reshape([rows, columns]);
    let [u, v]: Value[] = [new Tensor(weight_u.node), new Tensor(weight_v.node)];
    if (forward && layer.training && layer.trainable) {
      for (let i = 0; i < iterations; i++) {
        v = unit(u.matmul(matrix)).detach();
        u = unit(matrix.matmul(v)).detach();
      }
      weight_u.assign(u);
      weight_v.assign(v);
    }
    return weight_orig.div(u.matmul(matrix.matmul(v)));
  });
  return Object.assign(layer, { weight_orig, weight_u, weight_v });
}
