import { afterEach, describe, expect, test } from "vitest";
import { DeviceError } from "../../packages/tidu/src/base/errors.js";
import { Heap } from "../../packages/tidu/src/runtime/wasm/heap.js";
import { ThreadPool } from "../../packages/tidu/src/runtime/wasm/pool.js";
import type { ThreadStarter } from "../../packages/tidu/src/runtime/wasm/threads.js";
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

  test("works alone where threads cannot be started", async () => {
    const ended: number[] = [];
    const broken: ThreadStarter = (message, failed) => {
      const { thread } = message as { thread: number };
      if (thread === 2) setTimeout(failed);
      return { terminate: () => ended.push(thread) };
    };
    const pool = await poolOf(3, broken);
    run(pool, program(1));
    expect(pool).toMatchObject({ threads: 1, available: 1 });
    expect(ended).toEqual([1, 2]);
  });
});
