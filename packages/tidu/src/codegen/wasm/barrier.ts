import { FunctionBuilder, I32 } from "./assembler.js";

/** Bytes of the block of memory through which threads meet: three counters, each in a cache line of its own. */
export const BARRIER_BYTES = 192;
const ARRIVED = 0;
const ROUND = 64;
const SLEEPERS = 128;

/** How often a thread looks before it sleeps: 25 to 100 µs, since most waits are shorter and waking costs about as much. */
const SPINS = 100_000;

/**
 * A function (block, threads) that returns once all threads have called it: a counting barrier whose rounds are
 * numbered (Hensgen, Finkel and Manber, 1988, in its central form). Threads spin, then sleep.
 */
export function emitBarrier(): FunctionBuilder {
  const f = new FunctionBuilder(2);
  const [block, threads] = [0, 1];
  const round = f.local(I32);
  const spins = f.local(I32);
  const changed = (): void => {
    f.get(block).memory("i32.atomic.load", ROUND).get(round).op("i32.ne");
  };
  f.get(threads)
    .i32(1)
    .op("i32.eq")
    .if(() => f.op("return"));
  f.get(block).memory("i32.atomic.load", ROUND).set(round);
  f.get(block).i32(1).memory("i32.atomic.rmw.add", ARRIVED).i32(1).op("i32.add").get(threads).op("i32.eq");
  f.if(() => {
    f.get(block).i32(0).memory("i32.atomic.store", ARRIVED);
    f.get(block).i32(1).memory("i32.atomic.rmw.add", ROUND).op("drop");
    f.get(block).memory("i32.atomic.load", SLEEPERS);
    f.if(() => f.get(block).i32(-1).memory("memory.atomic.notify", ROUND).op("drop"));
    f.op("return");
  });
  f.i32(SPINS).set(spins);
  f.loop(() => {
    changed();
    f.if(() => f.op("return"));
    f.get(spins).i32(1).op("i32.sub").tee(spins);
  });
  f.get(block).i32(1).memory("i32.atomic.rmw.add", SLEEPERS).op("drop");
  f.loop(() => {
    f.get(block).get(round).i64(-1).memory("memory.atomic.wait32", ROUND).op("drop");
    changed();
    f.op("i32.eqz");
  });
  f.get(block).i32(-1).memory("i32.atomic.rmw.add", SLEEPERS).op("drop");
  return f;
}
