// Maximum, mean or norm of windows.
import { nn, ones, Tensor, windows } from "tidu";
import { scatter, sizeOf } from "tidu/internal";

import { border } from "../border.js";
import { numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { counted } from "../numbers.js";
import { pair, readWindow, type Window } from "./window.js";

/** Reads a pool. Those of nn are for images; sequences are images that are one element high. */
const pool =
  (
    make: (node: GraphNode, window: Window) => (images: Tensor) => Tensor,
    general: (node: GraphNode, window: Window) => (x: Tensor) => Tensor,
  ): Row =>
  (node) => {
    node.needs(1);
    node.ignore("storage_order");
    const kernel = node.ints("kernel_shape") ?? node.damaged("has no kernel_shape");
    const window = readWindow(node, kernel);
    if (kernel.length > 2 || window.dilation.some((d) => d !== 1)) return general(node, window);
    if (kernel.length === 2) return make(node, window);
    const apply = make(node, heighten(window));
    return (x) => apply(x.unsqueeze(2)).squeeze(2);
  };

/** A window over sequences as one over images. */
const heighten = (window: Window): Window => ({
  kernel: [1, ...window.kernel],
  stride: [1, ...window.stride],
  dilation: [1, ...window.dilation],
  padding: window.padding && [0, ...window.padding],
  given: [[0, 0], ...window.given],
  borders: (x, complete) => {
    const [samples, channels, length] = window.borders(x.squeeze(2), complete);
    return [samples, channels, [0, 0], length];
  },
});

/** The layer's own border, which may be at most half the kernel; undefined for others. */
const ownPadding = ({ padding, kernel }: Window): readonly number[] | undefined =>
  padding?.every((p, i) => p <= kernel[i] / 2) ? padding : undefined;

const settings = (window: Window) => ({
  stride: pair(window.stride),
  padding: pair(ownPadding(window) ?? [0, 0]),
});

/** Windows of any number of axes over what has its border, and the axes inside them. */
function seen(x: Tensor, { kernel, stride, dilation }: Window): [windows: Tensor, inside: number[]] {
  const all = windows(x, kernel, { stride, dilation, padding: kernel.map(() => 0) });
  return [all, kernel.map((_, i) => x.rank + i)];
}

const LOWEST = Number.NEGATIVE_INFINITY;

const largest = (window: Window) => (x: Tensor) => {
  const [all, inside] = seen(border(x, window.borders(x), LOWEST), window);
  return all.max(inside).to(x.dtype);
};

const plainMaxPool = pool(
  (node, window) => {
    const layer = node.layer(() => nn.maxPool2d(pair(window.kernel), settings(window)));
    return (x) => {
      if (ownPadding(window) !== undefined) return layer.forward(x).to(x.dtype);
      return layer.forward(border(x, window.borders(x), LOWEST)).to(x.dtype);
    };
  },
  (_, window) => largest(window),
);

/** The second output says where in the whole input each largest element was. */
const maxPool: Row = (node) => {
  if (!node.gives(1)) return plainMaxPool(node);
  node.results = 2;
  node.needs(1);
  const columns = node.int("storage_order", 0) !== 0;
  const window = readWindow(node, node.ints("kernel_shape") ?? node.damaged("has no kernel_shape"));
  return (x) => {
    const around = window.borders(x);
    const [all, inside] = seen(border(x, around, LOWEST), window);
    const [own] = seen(border(numbered(x, columns), around), window);
    const flat = (t: Tensor) => t.reshape([...t.shape.slice(0, x.rank), -1]);
    const winner = flat(all).argmax(-1).unsqueeze(-1);
    const isWinner = counted(flat(all).shape, x.rank).eq(winner);
    return [all.max(inside).to(x.dtype), isWinner.where(flat(own), 0).sum(-1).toInt()];
  };
};

/** Each element's number among all, images counted row by row or (each) column by column. */
function numbered(x: Tensor, columns: boolean): Tensor {
  const order = x.shape.map((_, i) => i);
  const turned = columns ? [...order.slice(0, 2), ...order.slice(2).reverse()] : order;
  const strides = new Array<number>(x.rank).fill(1);
  for (let i = x.rank - 2; i >= 0; i--) strides[turned[i]] = strides[turned[i + 1]] * x.shape[turned[i + 1]];
  return order
    .map((i) => counted(x.shape, i).mul(strides[i]))
    .reduce((a, b) => a.add(b))
    .broadcastTo(x.shape);
}

/** The mean of what is inside: sums, divided by how much of each window counts. */
const mean =
  (window: Window, countIncludePad: boolean) =>
  (x: Tensor): Tensor => {
    const [sums, inside] = seen(border(x, window.borders(x)), window);
    const [shares, places] = seen(countedPlaces(x, window, countIncludePad), window);
    return sums.sum(inside).div(shares.sum(places));
  };

/** Ones where an element counts, zeros beyond. */
function countedPlaces(x: Tensor, window: Window, countIncludePad: boolean): Tensor {
  const widths = window.borders(x);
  const own = countIncludePad ? window.borders(x, false) : x.shape.map(() => [0, 0] as const);
  const counts = ones(x.shape.map((size, i) => (i < 2 ? 1 : size + own[i][0] + own[i][1])));
  return border(
    counts,
    widths.map(([before, after], i) => [before - own[i][0], after - own[i][1]] as const),
  );
}

/** Where the layer cannot have the border: means that count it, divided by the share of each window that counts. */
const averagePool = pool(
  (node, window) => {
    const countIncludePad = node.int("count_include_pad", 0) !== 0;
    const layer = node.layer(() => nn.avgPool2d(pair(window.kernel), { ...settings(window), countIncludePad }));
    if (ownPadding(window) !== undefined) return (x) => layer.forward(x);
    return (x) =>
      layer.forward(border(x, window.borders(x))).div(layer.forward(countedPlaces(x, window, countIncludePad)));
  },
  (node, window) => mean(window, node.int("count_include_pad", 0) !== 0),
);

const lpPool: Row = (node) => {
  node.needs(1);
  const p = node.int("p", 2);
  const window = readWindow(node, node.ints("kernel_shape") ?? node.damaged("has no kernel_shape"));
  return (x) => {
    const [all, inside] = seen(border(x, window.borders(x)), window);
    return all
      .abs()
      .pow(p)
      .sum(inside)
      .pow(1 / p);
  };
};

/** Puts the elements that a pool chose back to their places, zeros elsewhere; the places must be different. */
const maxUnpool: Row = (node) => {
  node.needs(2);
  const window = readWindow(node, node.ints("kernel_shape") ?? node.damaged("has no kernel_shape"));
  return (x, places, shape) => {
    const { kernel, stride, given } = window;
    const natural = kernel.map((k, i) => (x.shape[i + 2] - 1) * stride[i] + k - given[i][0] - given[i][1]);
    const inner = [...x.shape.slice(0, 2), ...natural];
    const outer = shape === undefined ? inner : numbersIn(node, "output_shape", shape);
    return scattered(x, places, inner, outer);
  };
};

/** ONNX counts the places in the shape that the pool would have come from, and keeps those numbers in the larger one. */
function scattered(x: Tensor, places: Tensor, inner: readonly number[], outer: readonly number[]): Tensor {
  const flat = (t: Tensor) => t.reshape([t.size]);
  const y = new Tensor(scatter(flat(x).node, flat(places.toInt()).node, { axis: 0, size: sizeOf(inner) })).reshape(
    inner,
  );
  return y.pad(inner.map((size, i) => [0, outer[i] - size]));
}

const globalMax: Row = (node) => {
  node.needs(1);
  return (x) => x.max([...x.shape.keys()].slice(2), true);
};

export const POOLS: Rows = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  MaxUnpool: maxUnpool,
  GlobalMaxPool: globalMax,
};
