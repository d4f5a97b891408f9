// The code by which threads wait for one another.
import { INT } from "../emitter.js";
import { FunctionBuilder, LOOK } from "./assembler.js";

/**
 * Bytes of the block of memory through which threads meet: three counters, each in a cache line of its own; beside the
 * last one how often a thread looks before it sleeps.
 */
export const BARRIER_BYTES = 192;
const ARRIVED = 0;
const ROUND = 64;
const SLEEPERS = 128;
/** Where that number lies, which is to be PATIENCE at first. */
export const PATIENCE_AT = 132;

/**
 * How often a thread looks before it sleeps, at most: for 25 to 100 µs, since most waits are shorter and waking costs
 * about as much.
 */
export const PATIENCE = 100_000;
/**
 * Where the other threads are not running, spinning keeps the processor from them. So each wait in vain lowers the
 * limit for all threads by LESS, and each successful one raises it by MORE. Once in PROBE times a thread spins up to
 * the maximum, to see whether the others run.
 */
const LEAST = 1000;
const LESS = PATIENCE / 8;
const MORE = PATIENCE / 4;
const PROBE = 16;

/** Nanoseconds of sleep after which a thread checks whether the others are alive. */
const LONG = 500_000_000;

/**
 * A function (block, threads) that returns once all threads have called it: a counting barrier whose rounds are
 * numbered (Hensgen, Finkel and Manber, 1988, in its central form). Threads spin, then sleep.
 */
export function emitBarrier(): FunctionBuilder {
  const f = new FunctionBuilder(2);
  const [block, threads] = [0, 1];
  const [round, patience, spins] = [f.local(INT), f.local(INT), f.local(INT)];
  const changed = (): void => {
    f.get(block).memory("i32.atomic.load", ROUND).get(round).op("ne");
  };
  /** Stores the lesser or the greater of the patience, changed by so much, and a bound. */
  const learn = (by: number, bound: number, comparison: "lt" | "ge"): void => {
    const next = f.get(patience).i32(by).op("add").keep(INT);
    f.get(block).get(next).i32(bound).get(next).i32(bound).op(comparison).op("select").memory("i32.store", PATIENCE_AT);
  };
  f.get(threads)
    .i32(1)
    .op("eq")
    .if(() => f.op("return"));
  f.get(block).memory("i32.atomic.load", ROUND).set(round);
  f.get(block).i32(1).memory("i32.atomic.rmw.add", ARRIVED).i32(1).op("add").get(threads).op("eq");
  f.if(() => {
    f.get(block).i32(0).memory("i32.atomic.store", ARRIVED);
    f.get(block).i32(1).memory("i32.atomic.rmw.add", ROUND).op("drop");
    f.get(block).memory("i32.atomic.load", SLEEPERS);
    f.if(() => f.get(block).i32(-1).memory("memory.atomic.notify", ROUND).op("drop"));
    f.op("return");
  });
  f.get(block).memory("i32.load", PATIENCE_AT).tee(patience).set(spins);
  f.get(round)
    .i32(PROBE - 1)
    .op("and")
    .op("eqz");
  f.if(() => f.i32(PATIENCE).set(spins));
  f.loop(() => {
    changed();
    f.if(() => {
      f.get(patience).i32(PATIENCE).op("lt");
      f.if(() => learn(MORE, PATIENCE, "lt"));
      f.op("return");
    });
    f.get(spins).i32(1).op("sub").tee(spins);
  });
  learn(-LESS, LEAST, "ge");
  f.get(block).i32(1).memory("i32.atomic.rmw.add", SLEEPERS).op("drop");
  f.loop(() => {
    f.get(block).get(round).i64(LONG).memory("memory.atomic.wait32", ROUND).i32(TIMED_OUT).op("eq");
    f.if(() => f.call(LOOK));
    changed();
    f.op("eqz");
  });
  f.get(block).i32(-1).memory("i32.atomic.rmw.add", SLEEPERS).op("drop");
  return f;
}

/** The result of a wait that ended without a wake-up. */
const TIMED_OUT = 2;
