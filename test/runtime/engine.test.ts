// What a compiling device does, with an engine that answers late, as a graphics card does: work keeps its order, small results
// come when they come, and blocks go back with their owners.
import { expect, test } from "vitest";
import type { TypedArray } from "../../packages/tidu/src/base/dtype.js";
import { typedArray } from "../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import type { Program } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { makeStorage, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { type Bound, CompilingDevice, type Engine } from "../../packages/tidu/src/runtime/device.js";
import { evaluate } from "../../packages/tidu/src/runtime/reference.js";
import type { Update } from "../../packages/tidu/src/tensor/realizer.js";

type Block = { data: Float64Array };
interface Late {
  readonly updates: readonly Update[];
  readonly storages: readonly Storage[];
}

/** Runs by the reference, a while after it was asked to, and hands results over a while after that. */
class LateEngine implements Engine<Block, Late> {
  readonly target = PROCESSOR;
  readonly late = true;
  readonly log: string[] = [];
  updates: readonly Update[] = [];
  live = 0;

  compile(program: Program) {
    const storages = program.buffers.flatMap((b) => b.storage ?? []);
    return { code: { storages, updates: this.updates }, storages };
  }
  bind({ storages, updates }: Late): Bound<Block> {
    return {
      run: async (_, blocks) => {
        const mine = [...blocks];
        await new Promise((done) => setTimeout(done, 2));
        const at = (s: Storage) => mine[storages.indexOf(s)];
        const values = evaluate(
          updates.map((u) => u.value),
          (s) => ({ shape: s.shape, data: at(s).data }),
        );
        updates.forEach(({ storage }, i) => void (at(storage).data = Float64Array.from(values[i].data)));
        this.log.push("run");
      },
    };
  }
  allocate(): Block {
    this.live++;
    return { data: new Float64Array(0) };
  }
  free(): void {
    this.live--;
  }
  fill(block: Block, { shape }: Storage, data: TypedArray | undefined): void {
    block.data = data === undefined ? new Float64Array(sizeOf(shape)) : Float64Array.from(data);
    this.log.push("fill");
  }
  view({ data }: Block): TypedArray {
    return Float32Array.from(data);
  }
  async copy(block: Block, { dtype }: Storage): Promise<TypedArray> {
    const copy = typedArray(dtype, block.data.length);
    copy.set(block.data);
    await new Promise((done) => setTimeout(done, 2));
    this.log.push("copy");
    return copy;
  }
}

class LateDevice extends CompilingDevice<Block, Late> {
  readonly name = "late";
  constructor(readonly late: LateEngine) {
    super(late, undefined);
  }
  override prepare(updates: readonly Update[], varying: readonly Storage[] = []) {
    this.late.updates = updates;
    return super.prepare(updates, varying);
  }
}

const el = ops.elementwise;

test("runs, reads and writes take effect in the order of the calls, awaited or not", async () => {
  const device = new LateDevice(new LateEngine());
  const x = makeStorage([100], "f32");
  const twice = { storage: x, value: ops.apply(el.add, ops.fromStorage(x), ops.fromStorage(x)) };
  device.write(x, new Float32Array(100).fill(1));
  const { run } = device.prepare([twice]);
  void run();
  void run();
  const four = device.read(x);
  const threes = new Float32Array(100).fill(3);
  device.write(x, threes);
  threes.fill(7);
  void run();
  const six = device.read(x);
  expect([(await four)[5], (await six)[99]]).toEqual([4, 6]);
});

test("small results are read, and given to other programs, though they are still on their way", async () => {
  const device = new LateDevice(new LateEngine());
  const [x, sum, next] = [makeStorage([8], "f32"), makeStorage([], "f32"), makeStorage([], "f32")];
  device.write(x, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const total = ops.reduce(ops.sumOp, ops.fromStorage(x), [0]);
  const first = device.prepare([{ storage: sum, value: total }], [sum]);
  const second = device.prepare([
    { storage: next, value: ops.apply(el.mul, ops.fromStorage(sum), ops.fromStorage(sum)) },
  ]);
  for (const round of [1, 2]) {
    const own = makeStorage([], "f32");
    void first.run([own]);
    expect((await device.read(own))[0]).toBe(36);
    expect(own.held).toBeDefined();
    if (round === 2) continue;
    void first.run();
    void second.run();
    expect((await device.read(next))[0]).toBe(36 * 36);
  }
});

test("a failing run fails its own caller and no other", async () => {
  const engine = new LateEngine();
  const device = new LateDevice(engine);
  const x = makeStorage([4], "f32");
  const { run } = device.prepare([{ storage: x, value: ops.full(2, [4]) }]);
  const bind = engine.bind.bind(engine);
  let fails = true;
  engine.bind = (code: Late) => ({
    run: async (arena, blocks) => {
      if (fails) throw new Error("lost");
      return bind(code).run(arena, blocks);
    },
  });
  const lost = run();
  const read = device.read(x);
  await expect(lost).rejects.toThrow("lost");
  expect([...(await read)]).toEqual([0, 0, 0, 0]);
  fails = false;
  await run();
  expect([...(await device.read(x))]).toEqual([2, 2, 2, 2]);
});
