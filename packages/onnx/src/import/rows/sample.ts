// Reading images at places that lie between their elements, and putting windows back where they were taken from.
import { full, Tensor, tensor } from "tidu";
import { type Shape, scatter, sizeOf } from "tidu/internal";
import { numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { counted, rounded } from "../numbers.js";

const PADDINGS = ["zeros", "border", "reflection"] as const;

/** Which elements along an axis count at each place, and how much. */
type Tap = readonly [index: Tensor, weight: Tensor];

/** How places along an axis of `size` elements are read. */
interface Axis {
  readonly size: number;
  readonly padding: (typeof PADDINGS)[number];
  /** Between which places an axis reflects. */
  readonly ends: readonly [low: number, high: number];
}

const clamped = (x: Tensor, size: number): Tensor => x.maximum(0).minimum(size - 1);

/** Places brought inside by reflection at both ends, as often as it takes. */
function reflected(x: Tensor, [low, high]: Axis["ends"]): Tensor {
  const width = high - low;
  if (width === 0) return x.mul(0).add(low);
  const from = x.sub(low);
  const rest = from.sub(
    from
      .div(2 * width)
      .floor()
      .mul(2 * width),
  );
  return rest
    .gt(width)
    .where(rest.neg().add(2 * width), rest)
    .add(low);
}

function inside(x: Tensor, { size, padding, ends }: Axis): Tensor {
  if (padding === "border") return clamped(x, size);
  return padding === "reflection" ? reflected(x, ends) : x;
}

/** An element that counts so much: none outside, if what is there is 0. */
function tap(at: Tensor, weight: Tensor, axis: Axis): Tap {
  const index = clamped(inside(at, axis), axis.size).toInt();
  if (axis.padding !== "zeros") return [index, weight];
  return [index, at.lt(0).where(0, at.gt(axis.size - 1).where(0, weight))];
}

/** Keys' cubic convolution with a = -0.75, of distances up to 1 and from 1 to 2. */
const near = (d: Tensor): Tensor => d.mul(1.25).sub(2.25).mul(d).mul(d).add(1);
const far = (d: Tensor): Tensor => d.mul(-0.75).add(3.75).mul(d).sub(6).mul(d).add(3);

const MODES: Readonly<Record<string, (x: Tensor, axis: Axis) => Tap[]>> = {
  nearest: (x, axis) => {
    const at = inside(rounded(x), axis);
    return [tap(at, at.mul(0).add(1), axis)];
  },
  linear: (x, axis) => {
    const at = inside(x, axis);
    const low = at.floor();
    const rest = at.sub(low);
    return [tap(low, rest.neg().add(1), axis), tap(low.add(1), rest, axis)];
  },
  // Each of the four elements is brought inside by itself, as in PyTorch.
  cubic: (at, axis) => {
    const low = at.floor();
    const [before, after] = [at.sub(low), low.sub(at).add(1)];
    return [
      tap(low.sub(1), far(before.add(1)), axis),
      tap(low, near(before), axis),
      tap(low.add(1), near(after), axis),
      tap(low.add(2), far(after.add(1)), axis),
    ];
  },
};
// Their names before version 20.
const modeOf = (name: string): string => ({ bilinear: "linear", bicubic: "cubic" })[name] ?? name;

/** Every choice of one tap for each axis. */
const choices = (axes: readonly (readonly Tap[])[]): Tap[][] =>
  axes.reduce<Tap[][]>((all, taps) => all.flatMap((chosen) => taps.map((t) => [...chosen, t])), [[]]);

/** What x [n, c, …] holds at places [n, …, axes], which count from -1 to 1 and from the last axis to the first. */
const gridSample: Row = (node) => {
  node.needs(2);
  const [mode, corners] = [modeOf(node.text("mode", "linear")), node.int("align_corners", 0) !== 0];
  const wanted = node.text("padding_mode", "zeros");
  const padding = PADDINGS.find((name) => name === wanted) ?? node.damaged(`has padding_mode ${wanted}`);
  const taps = MODES[mode] ?? node.damaged(`has mode ${mode}`);
  return (x, grid) => {
    const [n, c, ...sizes] = x.shape;
    const [, ...places] = grid.shape.slice(0, -1);
    if (grid.shape[grid.rank - 1] !== sizes.length || grid.shape[0] !== n) {
      node.damaged(`has a grid [${grid.shape}] for an input [${x.shape}]`);
    }
    const axes = sizes.map((size, i) => {
      const k = sizes.length - 1 - i;
      const at = grid.slice(grid.rank - 1, k, k + 1).reshape([n, ...places]);
      const ends: Axis["ends"] = corners ? [0, size - 1] : [-0.5, size - 0.5];
      return taps(
        at
          .add(1)
          .mul((ends[1] - ends[0]) / 2)
          .add(ends[0]),
        { size, padding, ends },
      );
    });
    const rows = x
      .reshape([n, c, sizeOf(sizes)])
      .transpose(1, 2)
      .reshape([n * sizeOf(sizes), c]);
    const first = counted([n, ...places], 0).mul(sizeOf(sizes));
    const sum = choices(axes)
      .map((chosen) => {
        const index = chosen.reduce((at, [i], k) => at.add(i.mul(sizeOf(sizes.slice(k + 1)))), first);
        const weight = chosen.map(([, w]) => w).reduce((a, b) => a.mul(b));
        return rows.gather(index).mul(weight.unsqueeze(-1));
      })
      .reduce((a, b) => a.add(b));
    return sum.permute([0, sum.rank - 1, ...places.map((_, i) => i + 1)]);
  };
};

/** The places of a grid of so many, from -1 to 1 with ends or middles of elements there. */
const linear = (size: number, corners: boolean): Tensor =>
  tensor(
    Float32Array.from({ length: size }, (_, i) =>
      corners ? (size === 1 ? 0 : (2 * i) / (size - 1) - 1) : (2 * i + 1) / size - 1,
    ),
  );

/** Matrices [n, axes, axes + 1] of a grid's places [n, …, axes], of which the last coordinate belongs to the first axis. */
const affineGrid: Row = (node) => {
  node.needs(2);
  const corners = node.int("align_corners", 0) !== 0;
  return (theta, size) => {
    const [n, , ...sizes] = numbersIn(node, "size", size);
    node.table(sizeOf(sizes));
    const shapes = sizes.map((s, i) => sizes.map((_, k) => (k === i ? s : 1)));
    const parts = sizes.map((s, i) => linear(s, corners).reshape(shapes[i]).broadcastTo(sizes)).reverse();
    const ones = full(sizes, 1);
    const base = [...parts, ones].map((p) => p.reshape([1, sizeOf(sizes), 1]));
    const columns = theta.transpose(1, 2);
    const grid = base.map((p, i) => p.mul(columns.slice(1, i, i + 1))).reduce((a, b) => a.add(b));
    return grid.reshape([n, ...sizes, sizes.length]);
  };
};

/** Windows [n, c · elements of a window, windows] added up where they stand in images of a given shape. */
const col2Im: Row = (node) => {
  node.needs(3);
  const [strides, dilations, borders] = ["strides", "dilations", "pads"].map((name) => node.ints(name));
  return (x, imageShape, blockShape) => {
    const [image, block] = [numbersIn(node, "image_shape", imageShape), numbersIn(node, "block_shape", blockShape)];
    const [stride, dilation] = [strides, dilations].map((given) => given ?? image.map(() => 1));
    const pads = borders ?? [...image, ...image].map(() => 0);
    if (block.length !== image.length || x.rank !== 3 || x.shape[1] % sizeOf(block) !== 0) {
      node.damaged(`has windows [${block}] of images [${image}] in an input [${x.shape}]`);
    }
    const padded = image.map((size, i) => size + pads[i] + pads[i + image.length]);
    const windows = padded.map((size, i) => Math.floor((size - dilation[i] * (block[i] - 1) - 1) / stride[i]) + 1);
    const [n, channels] = [x.shape[0], x.shape[1] / sizeOf(block)];
    const places = placesOf(node, block, windows, padded, stride, dilation);
    const rows = x.reshape([n * channels, sizeOf(block) * sizeOf(windows)]).transpose(0, 1);
    const sum = new Tensor(scatter(rows.toFloat().node, places.node, { axis: 0, size: sizeOf(padded) })).transpose(
      0,
      1,
    );
    const whole = sum.reshape([n, channels, ...padded]);
    return image.reduce((y, size, i) => y.slice(i + 2, pads[i], pads[i] + size), whole);
  };
};

/** Where each element of each window stands in the image, as one number. */
function placesOf(
  node: GraphNode,
  block: Shape,
  windows: Shape,
  padded: Shape,
  stride: readonly number[],
  dilation: readonly number[],
): Tensor {
  const inner = sizeOf(windows);
  const numbers = Int32Array.from({ length: node.table(sizeOf(block) * inner) }, (_, k) => {
    let [element, window, place, step] = [Math.floor(k / inner), k % inner, 0, 1];
    for (let i = padded.length - 1; i >= 0; i--) {
      place += step * ((window % windows[i]) * stride[i] + (element % block[i]) * dilation[i]);
      [element, window, step] = [Math.floor(element / block[i]), Math.floor(window / windows[i]), step * padded[i]];
    }
    return place;
  });
  return tensor(numbers);
}

export const SAMPLE: Rows = { GridSample: gridSample, AffineGrid: affineGrid, Col2Im: col2Im };
