import { setDevice, WasmDevice } from "tidu";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type ActivationName,
  curve,
  DEPTH,
  GRID,
  gradientsThrough,
} from "../../../studio/src/notes/compute/activation.js";
import { chain, EDGES, pathsOf, START, WEIGHTS } from "../../../studio/src/notes/compute/chain.js";
import { above, contour, framed } from "../../../studio/src/notes/compute/contours.js";
import * as convolution from "../../../studio/src/notes/compute/convolution.js";
import { CELLS, Descent, EDGE, type Pair, SAMPLES } from "../../../studio/src/notes/compute/descent.js";
import { ALL_PRODUCTS, DROPPABLE, Thinning } from "../../../studio/src/notes/compute/dropout.js";
import { EnsembleLab } from "../../../studio/src/notes/compute/ensemble.js";
import { POINTS as LOOP_POINTS, Loop } from "../../../studio/src/notes/compute/loop.js";
import { GRID as MAXOUT_GRID, MaxoutFit } from "../../../studio/src/notes/compute/maxout.js";
import { TwoLayers } from "../../../studio/src/notes/compute/network.js";
import { fits, LAMBDAS, GRID as OVERFIT_GRID } from "../../../studio/src/notes/compute/overfit.js";
import { START as FLAG, pool, SIDE } from "../../../studio/src/notes/compute/pooling.js";
import { ticks } from "../../../studio/src/ui/ticks.js";

beforeAll(() => setDevice(new WasmDevice({ portable: true, threads: 1 })));

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Every number of one list close to that of another. */
function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-5): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i]), `element ${i}`).toBeLessThan(tolerance);
}

describe("the network of two layers", () => {
  test("gives what its weights say, and without activation is one linear function", async () => {
    const net = new TwoLayers();
    const [x, y] = [0.7, -1.3];
    const { values, sums, weights } = await net.signals([x, y], true);
    close(values[1], sums[0].map(sigmoid));
    close(values[2], sums[1].map(sigmoid));
    const zero = await net.signals([0, 0], true);
    close(
      sums[0],
      weights[0].map(([a, b], i) => a * x + b * y + zero.sums[0][i]),
    );
    const linear = await net.signals([x, y], false);
    const [a, b, c] = linear.collapsed ?? [];
    close(linear.values[2], [a * x + b * y + c]);
    expect(linear.values[2][0]).not.toBe(values[2][0]);
  });
});

describe("the loop of three steps", () => {
  test("lowers the cost, and a single hidden unit cannot do what eight can", async () => {
    const costAfter = async (hidden: number) => {
      const loop = new Loop(hidden, 0.03);
      const first = await loop.measure();
      expect(first.slope).toBeGreaterThan(0);
      const curve = await loop.curve();
      const squares = LOOP_POINTS.map(({ t, at }) => (curve[at] - t) ** 2);
      expect(first.cost).toBeCloseTo(squares.reduce((a, b) => a + b) / squares.length, 5);
      for (let i = 0; i < 250; i++) await loop.improve();
      return [first.cost, (await loop.measure()).cost];
    };
    const [many, one] = [await costAfter(8), await costAfter(1)];
    expect(many[1]).toBeLessThan(0.02);
    expect(many[1]).toBeLessThan(many[0] / 10);
    expect(one[1]).toBeGreaterThan(0.1);
    expect(new Loop(8, 0.03).parameters).toBe(25);
  });
});

describe("the chain rule", () => {
  /** The cost in plain arithmetic. */
  const cost = (g: Readonly<Record<string, number>>): number => {
    const [a1, a2] = [sigmoid(g.w11 * g.x1 + g.w12 * g.x2), sigmoid(g.w21 * g.x1 + g.w22 * g.x2)];
    const [y1, y2] = [sigmoid(g.w31 * a1 + g.w32 * a2), sigmoid(g.w41 * a1 + g.w42 * a2)];
    return ((y1 - g.t1) ** 2 + (y2 - g.t2) ** 2) / 2;
  };

  test.each(WEIGHTS)(
    "along every path from %s adds up to the engine's gradient and the slope of the cost",
    async (name) => {
      const answer = await chain(START);
      const paths = pathsOf(name, answer);
      expect(paths.length).toBe(Number(name[1]) <= 2 ? 2 : 1);
      for (const { factors, product } of paths) expect(product).toBe(factors.reduce((p, f) => p * f, 1));
      const sum = paths.reduce((s, { product }) => s + product, 0);
      expect(sum).toBeCloseTo(answer.gradient[name], 7);
      const slope =
        (cost({ ...START, [name]: START[name] + 1e-4 }) - cost({ ...START, [name]: START[name] - 1e-4 })) / 2e-4;
      expect(answer.gradient[name]).toBeCloseTo(slope, 6);
      expect(answer.nodes.C).toBeCloseTo(cost(START), 6);
    },
  );

  test("knows of each edge its own derivative only", async () => {
    const { local, nodes } = await chain(START);
    expect(Object.keys(local).length).toBe(EDGES.length);
    expect(local["x2→z1"]).toBeCloseTo(START.w12, 6);
    expect(local["z2→a2"]).toBeCloseTo(nodes.a2 * (1 - nodes.a2), 6);
    expect(local["y2→C"]).toBeCloseTo(nodes.y2 - START.t2, 6);
  });
});

describe("activations", () => {
  const FORMULAS: Readonly<Record<ActivationName, readonly [(z: number) => number, (z: number) => number]>> = {
    sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
    relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
    leakyRelu: [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1)],
    elu: [(z) => (z > 0 ? z : 0.1 * Math.expm1(z)), (z) => (z > 0 ? 1 : 0.1 * Math.exp(z))],
  };

  test.each(Object.keys(FORMULAS) as ActivationName[])(
    "%s has the value and the slope of its formula",
    async (name) => {
      const { value, slope } = await curve(name, 0.1);
      close(value, Array.from(GRID, FORMULAS[name][0]));
      close(slope, Array.from(GRID, FORMULAS[name][1]));
    },
  );

  test("ten layers of sigmoid leave almost nothing of a gradient, ten of ReLU keep it at a gain of √2", async () => {
    const vanished = await gradientsThrough("sigmoid", 0, 1);
    expect(vanished.length).toBe(DEPTH + 1);
    expect(vanished[DEPTH]).toBe(1);
    expect(vanished[0]).toBeLessThan(1e-5);
    const kept = await gradientsThrough("relu", 0, Math.SQRT2);
    expect(kept[0]).toBeGreaterThan(0.3);
    expect(kept[0]).toBeLessThan(3);
    // The gradient is linear in the weights where no unit changes side: half the gain, a 2¹⁰th of it.
    const half = await gradientsThrough("relu", 0, Math.SQRT2 / 2);
    expect((half[0] * 2 ** DEPTH) / kept[0]).toBeCloseTo(1, 3);
  });
});

describe("maxout", () => {
  test("is the upper envelope of its pieces, and learns convex functions", async () => {
    const fit = new MaxoutFit(4, 1, "square");
    const before = await fit.look();
    await fit.learn(300);
    const { cost, units, output } = await fit.look();
    const highest = Array.from(MAXOUT_GRID, (x) => Math.max(...units[0].lines.map((l) => l.slope * x + l.offset)));
    close(units[0].envelope, highest);
    close(output, units[0].envelope, 1e-9);
    // The gradient of (y - t)² at a place goes to the largest piece: 2 (y - t) x and 2 (y - t).
    const { pieces, output: y, wanted } = await fit.at(0.5);
    const largest = pieces.reduce((best, piece, i) => (piece.value > pieces[best].value ? i : best), 0);
    close(
      pieces.flatMap(({ slope, offset }) => [slope, offset]),
      pieces.flatMap((_, i) => (i === largest ? [y - wanted, 2 * (y - wanted)] : [0, 0])),
    );
    expect(cost).toBeLessThan(before.cost / 10);
  });

  test("learns a wave only as the difference of two", async () => {
    const costOf = async (count: 1 | 2) => {
      const fit = new MaxoutFit(4, count, "wave");
      await fit.learn(400);
      return (await fit.look()).cost;
    };
    expect(await costOf(2)).toBeLessThan((await costOf(1)) / 3);
  });
});

describe("dropout", () => {
  test("thins the network anew at every update, by its own share", async () => {
    const thinning = new Thinning(0.25);
    const updates = [];
    for (let i = 0; i < 120; i++) updates.push(await thinning.update());
    const kept = updates.flatMap((u) => [...u.kept]);
    expect(kept.length).toBe(120 * DROPPABLE);
    expect(kept.filter(Boolean).length / kept.length).toBeCloseTo(0.75, 1);
    expect(new Set(updates.map((u) => u.kept.join())).size).toBeGreaterThan(60);
    for (const { kept: k, products } of updates) {
      const [a, b] = [k.slice(0, 6), k.slice(6)].map((units) => units.filter(Boolean).length);
      expect(products).toBe(2 * a + a * b + b);
      expect(products).toBeLessThanOrEqual(ALL_PRODUCTS);
    }
  });

  test("gives the same networks for the same seed, and others for another", async () => {
    const masks = async (seed: number) => {
      const thinning = new Thinning(0.5, seed);
      return [(await thinning.update()).kept, (await thinning.update()).kept].join();
    };
    expect(await masks(1)).toBe(await masks(1));
    expect(await masks(1)).not.toBe(await masks(2));
  });

  test("is an average of all thinned networks, which scaling gives exactly only before a linear layer", async () => {
    const lab = new EnsembleLab(4, 0.3, "linear");
    await lab.learn(60);
    const all = await lab.all();
    expect(all.nets.length).toBe(16);
    expect(all.nets.reduce((sum, net) => sum + net.probability, 0)).toBeCloseTo(1, 6);
    const mean = all.mean.map((_, i) => all.nets.reduce((sum, net) => sum + net.probability * net.curve[i], 0));
    close(all.mean, mean);
    expect(all.gap).toBeLessThan(1e-5);
    expect(all.unscaledGap).toBeGreaterThan(0.05);
    const bent = new EnsembleLab(4, 0.3, "tanh");
    await bent.learn(60);
    expect((await bent.all()).gap).toBeGreaterThan(1e-3);
  });
});

describe("pooling", () => {
  /** Max pooling in plain arithmetic. */
  const pooled = (image: readonly number[], size: number): number[] =>
    Array.from({ length: (SIDE / size) ** 2 }, (_, i) => {
      const [row, column] = [Math.floor(i / (SIDE / size)) * size, (i % (SIDE / size)) * size];
      const cells = Array.from(
        { length: size ** 2 },
        (_, j) => (row + Math.floor(j / size)) * SIDE + column + (j % size),
      );
      return Math.max(...cells.map((cell) => image[cell]));
    });

  test.each([2, 3, 4])("takes the largest of each window of %i, and counts what a shift changes", async (size) => {
    for (const shift of [
      [0, 0],
      [1, 0],
      [-2, 3],
    ] as const) {
      const { input, output, winners, inputChanged, outputChanged } = await pool(FLAG, size, shift);
      expect(output).toEqual(pooled(input, size));
      expect(winners.map((cell) => input[cell])).toEqual(output);
      expect(inputChanged).toBe(input.filter((v, i) => v !== FLAG[i]).length);
      const rest = pooled(FLAG, size);
      expect(outputChanged).toBe(output.filter((v, i) => v !== rest[i]).length);
    }
  });

  test("of averages gives averages, and a drawing that is moved out is gone", async () => {
    const { output } = await pool(FLAG, 2, [0, 0], "average");
    expect(output.reduce((a, b) => a + b) * 4).toBe(FLAG.reduce((a, b) => a + b));
    expect((await pool(FLAG, 2, [11, 11])).output.every((v) => v === 0)).toBe(true);
  });
});

describe("convolution", () => {
  test("of functions is the area below the product, at every t", async () => {
    const { t, s } = await convolution.slide("triangle", "decay");
    for (const at of [40, 159, 200, 300]) {
      const { area, product, x, turned } = await convolution.overlap("triangle", "decay", t[at]);
      expect(area).toBeCloseTo(s[at], 4);
      close(
        product,
        x.map((v, i) => v * turned[i]),
      );
    }
    expect(s.reduce((a, b) => a + b) * convolution.STEP).toBeCloseTo(1, 1);
  });

  test("of two dice gives the chances of their sums", async () => {
    const sums = await convolution.diceSum("fair", "loaded");
    const byHand = Array.from({ length: 11 }, (): number => 0);
    convolution.DICE.fair.forEach((p, i) => convolution.DICE.loaded.forEach((q, j) => (byHand[i + j] += p * q)));
    close(sums, byHand);
  });

  test.each([true, false])("of a picture adds the products at every place; flip %s", async (flip) => {
    const image = Array.from({ length: 36 }, (_, i) => ((i * 7) % 11) / 10);
    const kernel: readonly number[] = convolution.KERNELS.corner;
    const { output, side } = await convolution.filter(image, 6, kernel, flip);
    const lying = flip ? [...kernel].reverse() : kernel;
    const byHand = Array.from({ length: side ** 2 }, (_, i) =>
      lying.reduce(
        (sum, w, j) => sum + w * image[(Math.floor(i / side) + Math.floor(j / 3)) * 6 + (i % side) + (j % 3)],
        0,
      ),
    );
    close(output, byHand);
    const { sum, weights } = await convolution.meeting(image, 6, kernel, flip, [2, 1]);
    expect(weights).toEqual(lying);
    expect(sum).toBeCloseTo(output[2 * side + 1], 5);
  });

  test("shares its weights: their number does not depend on the picture", () => {
    const [small, large] = [convolution.counts(10, 3, 2, 4), convolution.counts(40, 3, 2, 4)];
    expect(small.convolution).toBe(4 * 2 * 9 + 4);
    expect(large.convolution).toBe(small.convolution);
    expect(small.full).toBe(200 * 256 + 256);
    expect(small.convolutionProducts).toBe(256 * 18);
  });
});

describe("gradient descent", () => {
  test("moves against the gradient by the rate, and arrives at the bottom of the plane", async () => {
    const descent = new Descent({ problem: "line", rate: 0.2 });
    const begin = await descent.begin();
    let place = await descent.update();
    place.weights.forEach((w, i) => expect(w).toBeCloseTo(begin.weights[i] - 0.2 * place.gradient[i], 5));
    for (let i = 0; i < 60; i++) place = await descent.update();
    const plane = await descent.plane();
    const lowest = plane.indexOf(Math.min(...plane));
    const at = (cell: number) => -EDGE + ((cell + 0.5) * 2 * EDGE) / CELLS;
    close(place.weights, [at(lowest % CELLS), -at(Math.floor(lowest / CELLS))], (2 * EDGE) / CELLS);
    expect(Math.hypot(...place.gradient)).toBeLessThan(1e-4);
  });

  test("does not come to rest on small batches, whose mean gradient is that of all samples", async () => {
    const gradients: Pair[] = [];
    // A rate so small that the place is the same throughout.
    const descent = new Descent({ problem: "line", rate: 1e-4, batchSize: 4 });
    for (let i = 0; i < SAMPLES / 4; i++) gradients.push((await descent.update()).gradient);
    const { gradient } = await new Descent({ problem: "line", rate: 1e-4 }).update();
    const mean = [0, 1].map((i) => gradients.reduce((sum, g) => sum + g[i], 0) / gradients.length);
    close(mean, gradient, 0.02);
    expect(new Set(gradients.map(String)).size).toBe(gradients.length);
  });

  test("under L1 leaves out what helps little; L2 only shrinks it", async () => {
    const settled = async (penalty: "l1" | "l2") => {
      const descent = new Descent({ problem: "weighing", rate: 0.02, penalty, lambda: 0.8 });
      let place = await descent.begin();
      for (let i = 0; i < 300; i++) place = await descent.update();
      return place.weights.map(Math.abs);
    };
    const [l1, l2] = [await settled("l1"), await settled("l2")];
    expect(l1[1]).toBeLessThan(0.02);
    expect(l2[1]).toBeGreaterThan(0.05);
    expect(l1[0]).toBeGreaterThan(0.5);
  });

  test("comes to rest at 0 exactly by proximal steps, where subgradient steps jump around it", async () => {
    const last = async (proximal: boolean) => {
      const descent = new Descent({ problem: "weighing", rate: 0.1, penalty: "l1", lambda: 0.5, proximal });
      const second: number[] = [];
      for (let i = 0; i < 200; i++) second.push((await descent.update()).weights[1]);
      return second.slice(-10);
    };
    expect(await last(true)).toEqual(new Array(10).fill(0));
    expect(Math.max(...(await last(false)).map(Math.abs))).toBeGreaterThan(0.01);
  });
});

describe("lines of equal cost", () => {
  test("lie where the numbers equal the level", () => {
    // Heights x + 2 y over a grid of 4 columns and 3 rows.
    const heights = Array.from({ length: 12 }, (_, i) => (i % 4) + 2 * Math.floor(i / 4));
    const [line, ...others] = contour(heights, 4, 2.5);
    expect([line.length, others]).toEqual([5, []]);
    for (const [x, y] of line) expect(x + 2 * y).toBeCloseTo(2.5, 12);
    expect(contour(heights, 4, 100)).toEqual([]);
    // What is higher: all of the grid between them, cut along the line.
    const area = (level: number) =>
      above(heights, 4, level).reduce((sum, polygon) => {
        const twice = polygon.map(([x, y], i) => {
          const [nextX, nextY] = polygon[(i + 1) % polygon.length];
          return x * nextY - nextX * y;
        });
        return sum + twice.reduce((all, part) => all + part, 0) / 2;
      }, 0);
    // Left of the line from (2.5, 0) to (0, 1.25) is a triangle.
    expect([area(-1), area(2.5), area(7)]).toEqual([6, expect.closeTo(6 - (2.5 * 1.25) / 2, 12), 0]);
    // The border is half a step away, along the same slope.
    const whole = framed(heights, 4);
    expect([whole.length, whole[0], whole[1], whole[5]]).toEqual([30, -1.5, -1, 2.5]);
  });
});

test("axes have a few round numbers", () => {
  expect(ticks([-5, 5])).toEqual([-4, -2, 0, 2, 4]);
  expect(ticks([0, 0.35])).toEqual([0, 0.1, 0.2, 0.3]);
});

test("polynomials through few points: the lowest cost without a penalty, a lower error on unseen points with one", async () => {
  const { train, unseen, curves, points } = await fits(11);
  // Twelve weights, twelve points.
  expect(train[0]).toBeLessThan(1e-6);
  expect(curves[0].length).toBe(OVERFIT_GRID.length);
  // A stronger penalty never fits the training points better.
  for (let i = 1; i < LAMBDAS.length; i++) expect(train[i]).toBeGreaterThanOrEqual(train[i - 1] - 1e-6);
  const best = unseen.indexOf(Math.min(...unseen));
  expect(best).toBeGreaterThan(0);
  expect(best).toBeLessThan(LAMBDAS.length - 1);
  expect(unseen[0]).toBeGreaterThan(10 * unseen[best]);
  // The weights are where the gradient of J + λ‖w‖² is 0: of a line, worked out by hand.
  const { curves: lines } = await fits(1);
  const [n, strength] = [points.x.length, LAMBDAS[17]];
  const mean = (values: Iterable<number>) => [...values].reduce((sum, v) => sum + v, 0) / n;
  const slope = mean(points.x.map((x, i) => x * points.t[i])) / (mean(points.x.map((x) => x * x)) + strength);
  close(
    lines[17],
    Array.from(OVERFIT_GRID, (x) => mean(points.t) + slope * x),
    1e-5,
  );
});
