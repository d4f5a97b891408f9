// Windows of signal processing, and Fourier transforms as products with their matrices.
import { concat, full, type Tensor, tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import { knownTensor } from "../known.js";
import { numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";

/** A sum of cosines over a window: a0 - a1 cos(2πi/n) + a2 cos(4πi/n). */
const cosines =
  (...a: readonly number[]): Row =>
  (node) => {
    node.needs(1);
    node.ignore("output_datatype");
    const periodic = node.int("periodic", 1) !== 0;
    return (size) => {
      const count = node.table(numbersIn(node, "size", size)[0]);
      const n = periodic ? count : count - 1;
      const values = Array.from({ length: count }, (_, i) =>
        a.reduce((sum, c, k) => sum + (k % 2 === 0 ? c : -c) * Math.cos((2 * Math.PI * k * i) / n), 0),
      );
      return knownTensor(values, [count], "f32");
    };
  };

/** The parts of e^(∓2πijk/n): [length, bins], the signal cut or filled with zeros to n. */
function waves(length: number, bins: number, n: number, sign: number): readonly [Tensor, Tensor] {
  const table = (f: (angle: number) => number) =>
    tensor(
      Float32Array.from({ length: length * bins }, (_, i) => {
        // Whole turns are taken out while the numbers are whole.
        const turn = (Math.floor(i / bins) * (i % bins)) % n;
        return f((sign * 2 * Math.PI * turn) / n);
      }),
      [length, bins],
    );
  return [table(Math.cos), table(Math.sin)];
}

/** Real and imaginary parts, the last axis of x, which is 1 long where x is real. */
function transformed(node: GraphNode, x: Tensor, axis: number, n: number, bins: number, inverse: boolean): Tensor {
  const length = Math.min(x.shape[axis], n);
  node.table(length * bins);
  const own = x.slice(axis, 0, length).transpose(axis, -2);
  const part = (i: number) => own.slice(own.rank - 1, i, i + 1).squeeze(own.rank - 1);
  const [cos, sin] = waves(length, bins, n, inverse ? 1 : -1);
  const isReal = own.shape[own.rank - 1] === 1;
  const [re, im] = [part(0), isReal ? undefined : part(1)];
  const y = [
    im === undefined ? re.matmul(cos) : re.matmul(cos).sub(im.matmul(sin)),
    im === undefined ? re.matmul(sin) : re.matmul(sin).add(im.matmul(cos)),
  ];
  const joined = concat(
    y.map((t) => t.unsqueeze(-1)),
    y[0].rank,
  ).transpose(axis, -2);
  return inverse ? joined.div(n) : joined;
}

/** The axis became an input in opset 20. */
const dft: Row = (node) => {
  node.needs(1);
  const own = node.int("axis", node.opset < 20 ? 1 : -2);
  const [inverse, oneSided] = [node.int("inverse", 0) !== 0, node.int("onesided", 0) !== 0];
  return (x, length, axis) => {
    const at = normalizeAxis("axis", axis === undefined ? own : numbersIn(node, "axis", axis)[0], x.rank);
    const n = length === undefined ? x.shape[at] : numbersIn(node, "dft_length", length)[0];
    return transformed(node, x, at, n, oneSided ? Math.floor(n / 2) + 1 : n, inverse);
  };
};

/** Transforms of the pieces of a signal [samples, length, 1], every `step` elements. */
const stft: Row = (node) => {
  node.needs(2);
  if (!node.proto.input[2] && !node.proto.input[3]) node.damaged("has neither a window nor a frame_length");
  const oneSided = node.int("onesided", 1) !== 0;
  return (x, step, window, frame) => {
    const [hop] = numbersIn(node, "frame_step", step);
    const size = frame === undefined ? window.shape[0] : numbersIn(node, "frame_length", frame)[0];
    const count = node.table(Math.floor((x.shape[1] - size) / hop) + 1);
    const shape = window === undefined ? full([1], 1) : window;
    const frames = Array.from({ length: count }, (_, i) => x.slice(1, i * hop, i * hop + size).unsqueeze(1));
    const cut = concat(frames, 1).mul(shape.reshape([1, 1, -1, 1]));
    return transformed(node, cut, 2, size, oneSided ? Math.floor(size / 2) + 1 : size, false);
  };
};

export const SIGNAL: Rows = {
  HannWindow: cosines(0.5, 0.5),
  HammingWindow: cosines(25 / 46, 21 / 46),
  BlackmanWindow: cosines(0.42, 0.5, 0.08),
  DFT: dft,
  STFT: stft,
};
