import { afterEach, describe, expect, test, vi } from "vitest";
import { DeviceError } from "../../packages/tidu/src/base/errors.js";
import { pressure } from "../../packages/tidu/src/runtime/collector.js";
import type { Thread, ThreadStarter } from "../../packages/tidu/src/runtime/host.js";
import { startNodeThread } from "../../packages/tidu/src/runtime/node/threads.js";
import { Heap } from "../../packages/tidu/src/runtime/wasm/heap.js";
import { ThreadPool } from "../../packages/tidu/src/runtime/wasm/pool.js";
import { program, runOnPool as run } from "../support/failing-program.js";

const pools: ThreadPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

async function poolOf(threads: number, start?: ThreadStarter, most?: number): Promise<ThreadPool> {
  const pool = new ThreadPool(new Heap(true), threads, start, most);
  pools.push(pool);
  await pool.ready();
  return pool;
}

describe("a pool of threads", () => {
  test("keeps no memory for code that all threads have taken, wherever it lay", async () => {
    const pool = await poolOf(3);
    const { used } = pool.heap.usage;
    // The second program's code lies where the memory did not reach when the threads started.
    for (const id of [1, 2]) {
      const large = pool.heap.allocate(id === 1 ? 64 : 5e6);
      run(pool, program(), undefined, id);
      pool.heap.free(large);
      expect(pool.heap.usage.used).toBe(used);
    }
    expect(pool).toMatchObject({ threads: 3, available: 3 });
  });

  test("runs any number of programs, though its threads keep a few", async () => {
    const pool = await poolOf(2, undefined, 2);
    const programs = [program(), program(), program()];
    // Of three in turn none is known any more when it is its turn again. Code that cannot be read shows what is known.
    for (const id of [1, 2, 3, 1, 2, 3]) run(pool, programs[id - 1], undefined, id);
    const unreadable = new Uint8Array(8);
    for (const id of [2, 3]) run(pool, programs[id - 1], unreadable, id);
    expect(() => run(pool, programs[0], unreadable, 1)).toThrow(/thread 1 of 2 failed: CompileError/);
  });

  test("starts its threads for much work: of one program, or of all that have run", () => {
    const poolWith = () => {
      const start = vi.fn<ThreadStarter>(() => ({ terminate: () => undefined }));
      const pool = new ThreadPool(new Heap(true), 3, start);
      pools.push(pool);
      return { pool, start };
    };
    const { pool: small, start: forSmall } = poolWith();
    small.prepare(2 ** 26);
    run(small, program(), undefined, 1, 2 ** 26);
    run(small, program(), undefined, 1, 2 ** 26);
    expect(forSmall).not.toHaveBeenCalled();
    expect(small).toMatchObject({ threads: 3, available: 1 });
    run(small, program(), undefined, 1, 2 ** 26);
    run(small, program(), undefined, 1, 2 ** 26);
    expect(forSmall).toHaveBeenCalledTimes(2);
    const { pool: large, start: forLarge } = poolWith();
    large.prepare(2 ** 27);
    expect(forLarge).toHaveBeenCalledTimes(2);
    const { pool: closed, start: forClosed } = poolWith();
    void closed.close();
    closed.prepare(2 ** 30);
    expect(forClosed).not.toHaveBeenCalled();
    expect(closed.threads).toBe(1);
  });

  test.each([2, 3])("of %i fails with what the last thread says, and then works alone", async (threads) => {
    const pool = await poolOf(threads);
    const failing = () => run(pool, program(threads - 1));
    expect(failing).toThrow(DeviceError);
    expect(pool.available).toBe(1);
    run(pool, program(), undefined, 2);
    expect(failing).not.toThrow();
  });

  test("names the thread and its problem", async () => {
    const failing = async () => run(await poolOf(3), program(2));
    await expect(failing()).rejects.toThrow(/^thread 2 of 3 failed: RuntimeError: divide by zero; .* load the weights/);
  });

  test("fails when the calling thread does, and leaves no thread waiting", async () => {
    const pool = await poolOf(2);
    expect(() => run(pool, program(0))).toThrow(/^thread 0 of 2 failed: RuntimeError: divide by zero/);
    expect(pool.available).toBe(1);
    expect(() => run(pool, program(0))).toThrow(DeviceError);
  });

  test("fails when a thread cannot make the program", async () => {
    const pool = await poolOf(2);
    expect(() => run(pool, program(), new Uint8Array(8))).toThrow(/^thread 1 of 2 failed: CompileError/);
  });

  describe("whose thread ends in the middle of a step fails", () => {
    test("if it leaves without a word", async () => {
      const threads: Thread[] = [];
      const pool = await poolOf(3, (message, failed) => {
        threads.push(startNodeThread()(message, failed));
        return threads[threads.length - 1];
      });
      run(pool, program());
      // Nobody has been told so when the step begins: that takes a turn of the event loop.
      threads[0].terminate();
      const first = performance.now();
      expect(() => run(pool, program(), undefined, 2)).toThrow(
        /^thread 0 of 3 failed: DeviceError: another thread has ended; .* load the weights/,
      );
      expect(performance.now() - first).toBeLessThan(5000);
      run(pool, program(), undefined, 3);
      expect(pool.threads).toBe(1);
    });

    test("if it is ended by process.exit", async () => {
      const leave = `
        const { Instance } = WebAssembly;
        let made = 0;
        WebAssembly.Instance = function (module, imports) {
          // The first is what threads meet by, the second a program.
          return made++ === 0 ? new Instance(module, imports) : { exports: { run: () => process.exit(0) } };
        };`;
      const pool = await poolOf(2, startNodeThread(leave));
      expect(() => run(pool, program())).toThrow(/^thread 1 of 2 failed: it has ended/);
    });
  });

  test("works alone where threads cannot be started, and says why, once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const ended: number[] = [];
    const broken: ThreadStarter = (message, failed) => {
      const { thread } = message as { thread: number };
      if (thread === 2) setTimeout(() => failed("no more processes"));
      return { terminate: () => ended.push(thread) };
    };
    const pool = await poolOf(3, broken);
    run(pool, program(1));
    expect(pool).toMatchObject({ threads: 1, available: 1 });
    expect(ended).toEqual([1, 2]);
    const refusing: ThreadStarter = () => {
      throw new Error("permission denied");
    };
    expect((await poolOf(3, refusing)).threads).toBe(1);
    expect(warn.mock.calls.length).toBeLessThanOrEqual(1);
    warn.mockRestore();
  });

  test("that nobody keeps ends its threads", async () => {
    let ended = 0;
    const start: ThreadStarter = () => ({ terminate: () => ended++ });
    const make = () => new ThreadPool(new Heap(true), 3, start).start();
    const { held } = pressure;
    make();
    expect(pressure.held).toBeGreaterThan(held);
    // What was marked as alive before it was dropped survives one collection.
    for (let i = 0; i < 5 && ended === 0; i++) await pressure.collect();
    expect(ended).toBe(2);
    expect(pressure.held).toBeLessThanOrEqual(held);
  });
});
