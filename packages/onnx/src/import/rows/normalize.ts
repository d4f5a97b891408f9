// Normalizations without a layer in nn.
import { full, type Tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import { border } from "../border.js";
import type { Row, Rows } from "../node.js";

/** All axes after the channels. */
export const spatial = (x: Tensor): number[] => x.shape.flatMap((_, i) => (i < 2 ? [] : [i]));

/** One number for each channel, under a shape that broadcasts to x. */
export const perChannel = (x: Tensor, t: Tensor): Tensor => t.reshape([1, -1, ...spatial(x).map(() => 1)]);

/** Mean 0 and variance 1 along some axes. */
export function standardized(
  x: Tensor,
  axes: readonly number[],
  eps: number,
): { unit: Tensor; mean: Tensor; inverse: Tensor } {
  const mean = x.mean(axes, true);
  const centred = x.sub(mean);
  const inverse = full([], 1).div(centred.square().mean(axes, true).add(eps).sqrt());
  return { unit: centred.mul(inverse), mean, inverse };
}

const instanceNorm: Row = (node) => {
  node.needs(3);
  const eps = node.float("epsilon", 1e-5);
  return (x, scale, shift) => standardized(x, spatial(x), eps).unit.mul(perChannel(x, scale)).add(perChannel(x, shift));
};

/** Until opset 20 scale and shift were one number for each group. */
const groupNorm: Row = (node) => {
  node.needs(3);
  node.ignore("stash_type");
  const [eps, groups] = [node.float("epsilon", 1e-5), node.int("num_groups", 1)];
  return (x, scale, shift) => {
    const [n, channels, ...sizes] = x.shape;
    if (channels % groups !== 0) node.damaged(`has ${groups} groups for ${channels} channels`);
    const split = x.reshape([n, groups, channels / groups, ...sizes]);
    const unit = standardized(split, [...split.shape.keys()].slice(2), eps).unit;
    if (node.opset >= 21) return unit.reshape(x.shape).mul(perChannel(x, scale)).add(perChannel(x, shift));
    return unit.mul(perChannel(split, scale)).add(perChannel(split, shift)).reshape(x.shape);
  };
};

const rmsNorm: Row = (node) => {
  node.needs(2);
  node.ignore("stash_type");
  const [axis, eps] = [node.int("axis", -1), node.float("epsilon", 1e-5)];
  return (x, scale) => {
    const axes = [...x.shape.keys()].slice(normalizeAxis("axis", axis, x.rank));
    return x.div(x.square().mean(axes, true).add(eps).sqrt()).mul(scale);
  };
};

/** x / (bias + alpha / size · the squares of `size` neighboring channels)^beta (Krizhevsky et al., NIPS 2012). */
const localResponse: Row = (node) => {
  node.needs(1);
  const [alpha, beta, bias] = [node.float("alpha", 1e-4), node.float("beta", 0.75), node.float("bias", 1)];
  const size = node.table(node.int("size", 1));
  return (x) => {
    const before = Math.floor((size - 1) / 2);
    const around = x.shape.map((_, i) => (i === 1 ? ([before, size - 1 - before] as const) : ([0, 0] as const)));
    const squares = border(x.square(), around);
    const sums = Array.from({ length: size }, (_, k) => squares.slice(1, k, k + x.shape[1])).reduce((a, b) => a.add(b));
    return x.div(
      sums
        .mul(alpha / size)
        .add(bias)
        .pow(beta),
    );
  };
};

const lpNorm: Row = (node) => {
  node.needs(1);
  const [axis, p] = [node.int("axis", -1), node.int("p", 2)];
  if (p !== 1 && p !== 2) return node.damaged(`has p ${p}, expected 1 or 2`);
  return (x) => {
    const norm = p === 1 ? x.abs().sum(axis, true) : x.square().sum(axis, true).sqrt();
    return norm.eq(0).where(0, x.div(norm));
  };
};

const meanVariance: Row = (node) => {
  node.needs(1);
  const axes = node.ints("axes", [0, 2, 3]);
  return (x) => {
    const centred = x.sub(x.mean(axes, true));
    return centred.div(centred.square().mean(axes, true).sqrt().add(1e-9));
  };
};

export const NORMALIZE: Rows = {
  InstanceNormalization: instanceNorm,
  GroupNormalization: groupNorm,
  RMSNormalization: rmsNorm,
  LRN: localResponse,
  LpNormalization: lpNorm,
  MeanVarianceNormalization: meanVariance,
  GlobalMaxPool: (node) => {
    node.needs(1);
    return (x) => x.max(spatial(x), true);
  },
  GlobalLpPool: (node) => {
    node.needs(1);
    const p = node.int("p", 2);
    return (x) =>
      x
        .abs()
        .pow(p)
        .sum(spatial(x), true)
        .pow(1 / p);
  },
};
