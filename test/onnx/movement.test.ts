// Views of the input and of what is computed from it, those that change nothing among them, for any number of samples.
import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import {
  at,
  concat,
  init,
  nn,
  pad,
  roll,
  split,
  stack,
  type Tensor,
  tensor,
  tile,
} from "../../packages/tidu/src/index.js";
import { expectNumbers } from "../nn/support/close.js";
import { expectSameInRuntime, randomBatch, randomize } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { opsOf } from "./support/graph.js";

onOneThread();

/** A sample is [2, 4]; the first of the two passes that the exporter makes has as many samples as a sample has rows. */
const SAMPLE = [2, 4];

/** What must leave no operation behind. */
const NOTHING: Record<string, (x: Tensor) => Tensor> = {
  "slice of all samples": (x) => x.slice(0, 0),
  "slice of all columns": (x) => x.slice(2, 0, 4),
  "permute in order": (x) => x.permute([0, 1, 2]),
  "pad by nothing": (x) => pad(x, [[0, 0], [0, 0], [0, 0]]), // biome-ignore format: one line
  "flip of no axis": (x) => x.flip([]),
  "reshape to its shape": (x) => x.reshape(x.shape),
  "the one part of a split": (x) => split(x, 2, 1)[0],
  "roll by nothing": (x) => roll(x, 0, 1),
  "broadcast to its shape": (x) => x.broadcastTo(x.shape),
  "concat of one": (x) => concat([x], 1),
  detached: (x) => x.detach(),
  "detached twice": (x) => x.detach().detach(),
  "a sum over no axis": (x) => x.sum([]),
};

const MOVES: Record<string, (x: Tensor) => Tensor> = {
  "flatten and back": (x) => x.reshape([x.shape[0], 8]).reshape([x.shape[0], 2, 4]).reshape(x.shape),
  "unsqueeze and squeeze": (x) => x.unsqueeze(1).squeeze(1),
  "transposed twice": (x) => x.transpose(1, 2).transpose(1, 2),
  "tile once": (x) => tile(x, [1, 1, 1]),
  "slice of columns": (x) => x.slice(2, 1, 3),
  "every second column": (x) => x.slice(2, 0, 4, 2),
  "first sample": (x) => x.slice(0, 0, 1),
  "one column, repeated": (x) => x.slice(2, 1, 2).broadcastTo(x.shape),
  "first column, repeated": (x) => x.slice(2, 0, 1).broadcastTo(x.shape),
  "first row, repeated by arithmetic": (x) => x.add(x.slice(1, 0, 1)),
  "at a row": (x) => at(x, ":", 1),
  "at the first row": (x) => at(x, ":", 0),
  "exchange of axes as long as the batch": (x) => x.permute([1, 0, 2]),
  "columns by rows": (x) => x.permute([0, 2, 1]),
  "pad of columns": (x) => pad(x, [[0, 0], [0, 0], [1, 2]]), // biome-ignore format: one line
  "pad of samples": (x) => pad(x, [[1, 2], [0, 0], [0, 0]]), // biome-ignore format: one line
  "flip of columns": (x) => x.flip([2]),
  "flip of both": (x) => x.flip([1, 2]),
  "second part of a split": (x) => split(x, 2, 2)[1],
  "parts of a split, exchanged": (x) => concat(split(x, 2, 2).reverse(), 2),
  tile: (x) => tile(x, [1, 2, 1]),
  "roll of columns": (x) => roll(x, 1, 2),
  unsqueeze: (x) => x.unsqueeze(2),
  "new axis, repeated": (x) => x.unsqueeze(1).broadcastTo([x.shape[0], 3, 2, 4]),
  "stack with itself": (x) => stack([x, x], 1),
  "concat with its flip": (x) => concat([x, x.flip([1])], 1),
  "detached in a sum": (x) => x.detach().add(x),
  "detached cut": (x) => x.detach().slice(2, 1),
  "cut, detached": (x) => x.slice(2, 1).detach(),
};

class Net extends nn.Module {
  /** @param around what stands before and after the move. */
  constructor(
    readonly move: (x: Tensor) => Tensor,
    readonly around: "alone" | "before" | "after" | "between",
  ) {
    super();
  }
  forward(x: Tensor): Tensor {
    const before = this.around === "after" || this.around === "between" ? x.relu() : x;
    const moved = this.move(before);
    return this.around === "before" || this.around === "between" ? moved.mul(2) : moved;
  }
}

describe.each(["alone", "before", "after", "between"] as const)("%s", (around) => {
  const OWN = { alone: ["Identity"], before: ["Mul"], after: ["Relu"], between: ["Relu", "Mul"] }[around];

  it.each(Object.entries({ ...NOTHING, ...MOVES }))("%s, of any number of samples", async (name, move) => {
    const net = new Net(move, around);
    const model = await exportOnnx(net, SAMPLE);
    if (name in NOTHING) expect(opsOf(model).filter((op) => op !== "Constant")).toEqual(OWN);
    await expectSameInRuntime(net, model, SAMPLE);
    const again = importOnnx(model);
    for (const samples of [1, 2, 3, 5]) {
      const x = randomBatch([samples, ...SAMPLE], "f32", samples);
      const [want, got] = [await net.predict(x), await again.predict(x)];
      expect(got.shape).toEqual(want.shape);
      expectNumbers(name, await got.data(), await want.data(), 0);
    }
  });
});

it("whole numbers are moved alike", async () => {
  for (const [name, move] of Object.entries({ ...NOTHING, ...MOVES })) {
    const net = new Net(move, "alone");
    const model = await exportOnnx(net, SAMPLE, { dtype: "i32" });
    const x = randomBatch([3, ...SAMPLE], "i32");
    const [want, got] = [await net.predict(x), await importOnnx(model).predict(x)];
    expect([name, await got.array()]).toEqual([name, await want.array()]);
  }
});

it("a fixed number of samples is kept", async () => {
  for (const [name, move] of Object.entries({ ...NOTHING, ...MOVES })) {
    const net = new Net(move, "between");
    const x = randomBatch([2, ...SAMPLE]);
    const again = importOnnx(await exportOnnx(net, SAMPLE, { batchSize: 2 }));
    expect([name, await (await again.predict(x)).array()]).toEqual([name, await (await net.predict(x)).array()]);
  }
});

it("the first two samples are a cut, though the first pass has no more", async () => {
  const net = new Net((x) => x.slice(0, 0, 2), "alone");
  const model = await exportOnnx(net, SAMPLE);
  expect(opsOf(model)).toContain("Slice");
  const x = randomBatch([5, ...SAMPLE]);
  expect(await (await importOnnx(model).predict(x)).array()).toEqual(await (await net.predict(x)).array());
  const sum = new Net((x) => x.slice(0, 0, 2).add(1), "alone");
  const got = await importOnnx(await exportOnnx(sum, SAMPLE)).predict(x);
  expect(await got.array()).toEqual(await (await sum.predict(x)).array());
});

describe("a network behind a detached input", () => {
  class Frozen extends nn.Module {
    readonly l = nn.linear(2, 2, { init: init.constant(1), bias: false });
    forward(x: Tensor): Tensor {
      return this.l.forward(x.detach());
    }
  }

  it("reads its input", async () => {
    const model = await exportOnnx(new Frozen(), [2]);
    expect(opsOf(model)).toEqual(["Gemm"]);
    expect(await (await importOnnx(model).predict(tensor([[5, 5]]))).array()).toEqual([[10, 10]]);
    await expectSameInRuntime(new Frozen(), model, [2]);
  });

  it("also an imported one, exported again", async () => {
    const net = importOnnx(await exportOnnx(new Frozen(), [2]));
    await expectSameInRuntime(new Frozen(), await exportOnnx(net, [2]), [2]);
  });

  it("also an embedding of whole numbers", async () => {
    class Words extends nn.Module {
      readonly e = nn.embedding(4, 3);
      forward(x: Tensor): Tensor {
        return this.e.forward(x.detach().slice(1, 0)).sum(1);
      }
    }
    const net = randomize(new Words(), 1);
    await expectSameInRuntime(net, await exportOnnx(net, [5], { dtype: "i32" }), [5], "i32");
  });

  it("a detached tensor of the network's own stays one", async () => {
    class Own extends nn.Module {
      readonly offset = tensor([1, 2]);
      forward(x: Tensor): Tensor {
        return x.add(this.offset.detach());
      }
    }
    await expectSameInRuntime(new Own(), await exportOnnx(new Own(), [2]), [2]);
  });
});
