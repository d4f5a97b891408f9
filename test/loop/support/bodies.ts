// Steps of many kinds for loops to run.
import { concat, scan, type Tensor, tensor } from "../../../packages/tidu/src/index.js";

/** Numbers between -1 and 1 that differ. */
export const wave = (shape: readonly number[], by = 1): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 0.7 * by + by)),
    shape,
  );

export interface Case {
  readonly first: readonly Tensor[];
  readonly xs: readonly Tensor[];
  readonly weights: readonly Tensor[];
  readonly length?: number;
  body(
    state: readonly Tensor[],
    x: readonly Tensor[],
    weights: readonly Tensor[],
  ): readonly [readonly Tensor[], readonly Tensor[]];
}

export interface Kind {
  readonly name: string;
  readonly lengths: readonly number[];
  readonly tolerance?: number;
  of(length: number): Case;
}

const part = (x: Tensor, i: number, width: number): Tensor => x.slice(1, i * width, (i + 1) * width);

export const bodies: readonly Kind[] = [
  {
    name: "an LSTM",
    lengths: [2, 5],
    of: (length) => ({
      first: [wave([3, 4], 2), wave([3, 4], 3)],
      xs: [wave([length, 3, 16])],
      weights: [wave([16, 4], 5).mul(0.5), wave([16], 6)],
      body([h, c], [gates], [w, b]) {
        const all = gates.add(h.matmul(w.transpose()).add(b));
        const [i, f, o] = [0, 1, 3].map((k) => part(all, k, 4).sigmoid());
        const next = f.mul(c).add(i.mul(part(all, 2, 4).tanh()));
        const out = o.mul(next.tanh());
        return [[out, next], [out]];
      },
    }),
  },
  {
    name: "a sum, its square and a product, of single numbers",
    lengths: [1, 4],
    of: (length) => ({
      first: [tensor(0.5), tensor(1)],
      xs: [wave([length]), wave([length], 2)],
      weights: [tensor(0.7)],
      body([sum, product], [x, y], [w]) {
        const next = sum.mul(w).add(x);
        return [
          [next, product.mul(y.add(1.5))],
          [next.square(), sum],
        ];
      },
    }),
  },
  {
    name: "halves: a state, a sequence, a matrix and what it is multiplied by",
    lengths: [1, 4],
    of: (length) => ({
      first: [wave([3, 5], 2).to("f16")],
      xs: [wave([length, 3, 5], 3).to("bf16")],
      weights: [wave([5, 5], 4).to("f16"), wave([5], 5)],
      body([s], [x], [w, b]) {
        const next = s
          .matmul(w)
          .add(x.mul(b.to("bf16")))
          .tanh();
        return [[next.to("f16")], [next]];
      },
    }),
  },
  {
    name: "a state without a sequence",
    lengths: [3],
    of: (length) => ({
      first: [wave([2, 3])],
      xs: [],
      weights: [wave([3, 3], 4)],
      length,
      body: ([s], _, [w]) => [[s.matmul(w).tanh()], [s.sum()]],
    }),
  },
  {
    name: "outputs without a state",
    lengths: [3],
    of: (length) => ({
      first: [],
      xs: [wave([length, 2, 3])],
      weights: [wave([3, 5], 4)],
      body: (_, [x], [w]) => [[], [x.matmul(w), x.transpose().add(1), x]],
    }),
  },
  {
    name: "states that change places, and one of whole numbers",
    lengths: [1, 4],
    of: (length) => ({
      first: [wave([2, 3]), wave([2, 3], 2), tensor(Int32Array.of(1, 2))],
      xs: [
        wave([length, 2, 1], 3),
        tensor(
          Int32Array.from({ length: length * 2 }, (_, i) => i % 3),
          [length, 2],
        ),
      ],
      weights: [wave([3], 4)],
      body: ([a, b, n], [x, k], [w]) => [
        [b.mul(x).add(w), a, n.add(k)],
        [n.gt(3).unsqueeze(1).where(a, b), n],
      ],
    }),
  },
  {
    name: "rows of a table, and windows of a state",
    lengths: [1, 4],
    of: (length) => ({
      first: [wave([2, 6])],
      xs: [
        tensor(
          Int32Array.from({ length: 2 * length }, (_, i) => (i * 3) % 5),
          [length, 2],
        ),
      ],
      weights: [wave([5, 6], 4)],
      body([s], [rows], [table]) {
        const moved = concat([s.slice(1, 2, 6), s.slice(1, 0, 2)], 1);
        const next = moved.mul(0.5).add(table.gather(rows)).tanh();
        return [[next], [next.max(1), next.slice(1, 1, 3)]];
      },
    }),
  },
  {
    name: "weights that are changed before they are used",
    lengths: [3],
    of: (length) => ({
      first: [wave([2, 4])],
      xs: [wave([length, 4])],
      weights: [wave([4, 4], 2), wave([1, 4], 3)],
      body([s], [x], [w, g]) {
        const scaled = w.mul(g.exp()).div(w.square().sum().sqrt());
        return [[s.matmul(scaled).add(x).sigmoid()], [s.matmul(scaled.transpose()).sum(0)]];
      },
    }),
  },
  {
    name: "a normalization of each state",
    lengths: [3],
    tolerance: 2e-4,
    of: (length) => ({
      first: [wave([2, 20])],
      xs: [wave([length, 2, 20])],
      weights: [wave([20], 2), wave([20], 3)],
      body([s], [x], [g, b]) {
        const y = s.add(x);
        const centered = y.sub(y.mean(1).unsqueeze(1));
        const next = centered.div(centered.square().mean(1).unsqueeze(1).add(0.1).sqrt()).mul(g).add(b);
        return [[next.mul(0.5)], [next.softmax(1)]];
      },
    }),
  },
  {
    name: "a loop in a loop",
    lengths: [3],
    of: (length) => ({
      first: [wave([2, 3])],
      xs: [wave([length, 4, 3])],
      weights: [wave([3, 3], 2)],
      body([s], [x], [w]) {
        const [last, all] = scan((inner, row) => [inner.matmul(w).add(row).tanh(), inner], s, x, { reverse: true });
        return [[last.mul(0.8)], [all.sum(0), all]];
      },
    }),
  },
];
