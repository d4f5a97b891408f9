import { afterAll, describe, expect, test } from "vitest";
import { affineMap, sliceMap } from "../../packages/tidu/src/base/affine.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { makeStorage, type Node } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";
import { Shelf } from "../support/shelf.js";

const el = ops.elementwise;
const fresh = (threads = 1) => new WasmDevice({ threads, observe: verifier() });
const result = (value: Node) => ({ storage: makeStorage(value.shape, value.dtype), value });

describe("the device", () => {
  test("compiles programs of the same form once", async () => {
    const device = fresh();
    const run = async (shape: number[], fill: number) => {
      const shelf = new Shelf();
      const x = ops.fromStorage(shelf.add(shape, "integers", fill));
      const program = { updates: [result(ops.apply(el.exp, ops.apply(el.add, x, x)))], contents: shelf.contents };
      checkClose(await runOn(device, program), expected(program), [program.updates[0].storage]);
    };
    await run([3, 4], 1);
    await run([3, 4], 2);
    expect(device.compiled).toBe(1);
    await run([4, 3], 3);
    expect(device.compiled).toBe(2);
  });

  test("knows 256 programs at a time, and still runs one that it has forgotten", async () => {
    const device = fresh();
    const shelf = new Shelf();
    const x = ops.fromStorage(shelf.add([3], "integers", 1));
    const program = (n: number) => ({
      updates: [result(ops.apply(el.add, x, ops.full(n, [3])))],
      contents: shelf.contents,
    });
    const first = program(1);
    const executable = device.prepare(first.updates);
    for (let n = 2; n <= 257; n++) device.prepare(program(n).updates);
    device.prepare(program(257).updates);
    expect(device.compiled).toBe(257);
    for (const [storage, data] of shelf.contents) device.write(storage, data);
    executable.run();
    checkClose([await device.read(first.updates[0].storage)], expected(first), [first.updates[0].storage]);
    device.prepare(program(1).updates);
    expect(device.compiled).toBe(258);
  });

  test("tells programs apart that use one storage twice and two storages once", async () => {
    const device = fresh();
    const shelf = new Shelf();
    const [x, y] = [0, 1].map((seed) => ops.fromStorage(shelf.add([5], "integers", seed)));
    for (const value of [ops.apply(el.sub, x, x), ops.apply(el.sub, x, y), ops.apply(el.sub, y, x)]) {
      const program = { updates: [result(value)], contents: shelf.contents };
      checkClose(await runOn(device, program), expected(program), [program.updates[0].storage]);
    }
    expect(device.compiled).toBe(2);
  });

  test("stores bytes, whole numbers and truth values as well as floats", async () => {
    const device = fresh();
    const shelf = new Shelf();
    const bytes = ops.fromStorage(shelf.add([7, 3], "bytes", 5));
    const flipped = ops.view(bytes, sliceMap([7, 3], [7, 3], [6, 0], [-1, 1]));
    const truth = makeStorage([4], "bool");
    const program = {
      updates: [flipped, ops.gather(bytes, ops.index([5])), ops.apply(el.not, ops.fromStorage(truth))].map(result),
      contents: new Map([...shelf.contents, [truth, Int32Array.of(0, 1, 1, 0)]]),
    };
    checkClose(
      await runOn(device, program),
      expected(program),
      program.updates.map((u) => u.storage),
    );
  });

  test("reads backwards from the first address of its memory on without leaving it", async () => {
    const device = fresh();
    const shelf = new Shelf();
    const x = ops.fromStorage(shelf.add([5, 300], "integers", 1));
    // Every third element backwards, with rows of zeros around: guards, and steps below the buffer's beginning.
    const map = affineMap([9, 100], [5, 300], (s) =>
      s === 0 ? { offset: -2, terms: [[0, 1]] } : { offset: 299, terms: [[1, -3]] },
    );
    const y = ops.view(x, map);
    const product = ops.contract(y, ops.view(y, sliceMap([9, 100], [9, 100], [8, 99], [-1, -1])), {
      a: ["i", "k"],
      b: ["j", "k"],
      out: ["i", "j"],
    });
    const program = { updates: [result(y), result(product)], contents: shelf.contents };
    checkClose(
      await runOn(device, program),
      expected(program),
      program.updates.map((u) => u.storage),
    );
  });

  test("adds a million numbers up without losing them", async () => {
    const shelf = new Shelf();
    const count = 999_983;
    const [tenths, whole] = [shelf.add([count], "numbers", 1), shelf.add([count], "integers", 2)];
    shelf.contents.set(tenths, new Float32Array(count).fill(0.1));
    const sums = [tenths, whole].map((s) => ops.reduce(ops.sumOp, ops.fromStorage(s), [0]));
    const [sum, exact] = await runOn(fresh(), { updates: sums.map(result), contents: shelf.contents });
    expect(Math.abs(sum[0] / count - 0.1)).toBeLessThan(1e-6);
    expect(exact[0]).toBe((shelf.contents.get(whole) as Float32Array).reduce((a, b) => a + b, 0));
  });

  test("computes the diagonal of a diagonal", async () => {
    const shelf = new Shelf();
    const x = ops.fromStorage(shelf.add([1, 1, 1], "integers", 3));
    const rows = [{ offset: 12, terms: [[0, -2]] }, { terms: [[1, 1]] }, { terms: [[0, 1]] }] as const;
    const a = ops.view(
      x,
      affineMap([7, 4], x.shape, (s) => rows[s]),
    );
    const program = {
      updates: [result(ops.contract(a, a, { a: ["i", "j"], b: ["i", "j"], out: [] }))],
      contents: shelf.contents,
    };
    checkClose(await runOn(fresh(), program), expected(program), [program.updates[0].storage]);
  });

  test("refuses a number of threads that is none", () => {
    expect(() => new WasmDevice({ threads: 0 })).toThrow(ArgumentError);
    expect(() => new WasmDevice({ threads: 1.5 })).toThrow("WasmDevice: threads is 1.5");
  });
});

describe("threads", () => {
  const three = fresh(3);
  afterAll(() => three.close());

  test("add overlapping windows up in the same order as one thread does", async () => {
    const shelf = new Shelf();
    const [height, width] = [129, 65];
    const map = affineMap([64, 32, 3, 3], [height, width], (s) => ({
      terms: [
        [s, 2],
        [s + 2, 1],
      ],
    }));
    const x = ops.fromStorage(shelf.add(map.domain, "numbers", 1));
    const channels = affineMap([5, ...map.domain], [5, height, width], (s) =>
      s === 0
        ? { terms: [[0, 1]] }
        : {
            terms: [
              [s, 2],
              [s + 2, 1],
            ],
          },
    );
    const stack = ops.fromStorage(shelf.add(channels.domain, "numbers", 2));
    const program = {
      updates: [result(ops.unview(x, map)), result(ops.unview(stack, channels))],
      contents: shelf.contents,
    };
    await three.ready();
    const first = await runOn(fresh(), program);
    checkClose(
      first,
      expected(program),
      program.updates.map((u) => u.storage),
    );
    checkSame(await runOn(three, program), first);
  });

  test("that have not started yet, or have ended, change nothing", async () => {
    const shelf = new Shelf();
    const x = ops.fromStorage(shelf.add([300, 100], "numbers", 1));
    const program = { updates: [result(ops.reduce(ops.sumOp, ops.apply(el.exp, x), [0]))], contents: shelf.contents };
    const device = fresh(2);
    const before = await runOn(device, program);
    await device.ready();
    checkSame(await runOn(device, program), before);
    await device.close();
    checkSame(await runOn(device, program), before);
  });

  test("take one large sum once, not once each", async () => {
    const shelf = new Shelf();
    const x = ops.fromStorage(shelf.add([20_000], "integers", 1));
    const total = shelf.add([], "integers", 2);
    const value = ops.apply(el.add, ops.fromStorage(total), ops.contract(x, x, { a: ["k"], b: ["k"], out: [] }));
    const program = { updates: [{ storage: total, value }], contents: shelf.contents };
    await three.ready();
    for (let i = 0; i < 50; i++) checkClose(await runOn(three, program), expected(program), [total]);
  });

  test("can run hundreds of programs one after the other", async () => {
    const shelf = new Shelf();
    const storage = shelf.add([20_000], "integers", 1);
    const x = ops.fromStorage(storage);
    await three.ready();
    three.write(storage, new Float32Array(20_000));
    const step = three.prepare([{ storage, value: ops.apply(el.add, x, ops.full(1, [20_000])) }]);
    for (let i = 0; i < 500; i++) await step.run();
    expect(new Set(await three.read(storage))).toEqual(new Set([500]));
  });
});
