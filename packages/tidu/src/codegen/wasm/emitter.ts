// Kernels in WebAssembly SIMD.

import { scratchFor } from "../../plan/scratch.js";
import { type Emitter, INT, type Local, type Small, VECTOR } from "../emitter.js";
import { FunctionBuilder } from "./assembler.js";
import { wasmRegisters } from "./registers.js";

/** Slot of the table that holds the address of the threads' scratch memory. */
export const SCRATCH_SLOT = 2;
/** Slot of the one that holds the address of the block through which threads meet. */
export const BARRIER_SLOT = 1;
/** Numbers of the functions of a module: that by which threads meet, then those of kernels. */
export const BARRIER = 0;
export const FIRST_KERNEL = 1;
const SPACE = scratchFor(wasmRegisters(true));
/** Bytes that each thread has of it. */
export const SCRATCH_BYTES = SPACE.bytes;

/** Parameters of every kernel function before the addresses of its buffers. */
export const TABLE = 0;
export const THREAD = 1;
export const THREADS = 2;
const FIXED = 3;

/** In a function with those parameters: all threads wait for each other. */
export const emitMeeting = (f: FunctionBuilder): FunctionBuilder =>
  f
    .get(TABLE)
    .memory("i32.load", BARRIER_SLOT * 4)
    .get(THREADS)
    .call(BARRIER);

/** The code of a kernel: a function (table, thread, threads, then the address of each buffer that it touches). */
export class WasmEmitter extends FunctionBuilder implements Emitter {
  readonly lanes = 4;
  readonly partial = false;
  readonly space = SPACE;
  readonly thread = THREAD;
  readonly threads = THREADS;

  constructor(buffers: number) {
    super(FIXED + buffers);
  }

  /** The local with the address of the n-th buffer. */
  static base = (n: number): Local => FIXED + n;

  withLanes(lanes: number, body: () => void): void {
    if (lanes !== 4) throw new Error(`codegen: WebAssembly has no vectors of ${lanes}`);
    body();
  }

  any = (): this => this.vector("any");
  splat = (): this => this.vector("splat");
  series = (first: number, step: number): this => this.v128([0, 1, 2, 3].map((lane) => first + step * lane));
  extract = (lane: number): this => this.lane("i32x4.extract_lane", lane);
  replace = (lane: number): this => this.lane("i32x4.replace_lane", lane);

  load = (offset = 0): this => this.memory("v128.load", offset);
  loadQuads = ([offset]: readonly number[], one: boolean): this => (one ? this.loadFirst(offset) : this.load(offset));
  quad = (_: number): this => this;
  /** The second vector begins with the first one's last element, so that nothing behind the last element asked for is read. */
  loadEvens(offset: number, count: number): this {
    const at = this.keep(INT);
    const first = this.get(at).load(offset).keep(VECTOR);
    this.get(first);
    if (count <= 2) return this.get(first).shuffle([0, 2, 0, 2]);
    return this.get(at)
      .load(offset + 12)
      .shuffle([0, 2, 5, 7]);
  }
  loadSplat = (offset = 0): this => this.memory("v128.load32_splat", offset);
  loadFirst = (offset = 0): this => this.memory("v128.load32_zero", offset);
  loadLane = (lane: number, offset = 0): this => this.laneMemory("v128.load32_lane", lane, offset);
  loadApart(offsets: readonly number[]): this {
    const least = Math.min(0, ...offsets);
    if (least < 0) this.i32(least).op("add");
    const at = this.keep(INT);
    offsets.forEach((offset, lane) => {
      if (lane === 0) return void this.get(at).loadFirst(offset - least);
      const vector = this.keep(VECTOR);
      this.get(at)
        .get(vector)
        .loadLane(lane, offset - least);
    });
    return this;
  }
  loadSmall = (bytes: Small, offset = 0): this => this.memory(bytes === 1 ? "i32.load8_u" : "i32.load16_u", offset);
  loadSmalls(bytes: Small, offset = 0): this {
    if (bytes === 2) return this.memory("v128.load16x4_u", offset);
    return this.loadFirst(offset).vector("i16x8.extend_low_i8x16_u").vector("i32x4.extend_low_i16x8_u");
  }
  loadHalfQuads([offset]: readonly number[], one: boolean): this {
    if (!one) return this.loadSmalls(2, offset);
    const at = this.keep(INT);
    return this.get(this.constant(0)).get(at).loadSmall(2, offset).replace(0);
  }
  store = (offset = 0): this => this.memory("v128.store", offset);
  storeLane = (lane: number, offset = 0): this => this.laneMemory("v128.store32_lane", lane, offset);
  storeSmall(bytes: Small, lane: number, offset = 0): this {
    if (bytes === 1) return this.laneMemory("v128.store8_lane", lane * 4, offset);
    return this.laneMemory("v128.store16_lane", lane * 2, offset);
  }
  storeSmalls(bytes: Small, offset = 0): this {
    const value = this.keep(VECTOR);
    this.get(value).get(value).vector("i16x8.narrow_i32x4_u");
    if (bytes === 2) return this.laneMemory("v128.store64_lane", 0, offset);
    const halves = this.keep(VECTOR);
    return this.get(halves).get(halves).vector("i8x16.narrow_i16x8_u").storeLane(0, offset);
  }
  storePart(address: Local, value: Local, count: number, offset: number): this {
    for (let lane = 0; lane < count; lane++)
      this.get(address)
        .get(value)
        .storeLane(lane, offset + 4 * lane);
    return this;
  }

  /** Of the two numbers on the stack keeps the first if the comparison holds for them, else the second. */
  choose(comparison: "below" | "lt" | "ge"): this {
    const [second, first] = [this.keep(INT), this.keep(INT)];
    return this.get(first).get(second).get(first).get(second).op(comparison).op("select");
  }

  /** Runs the body for each half of a vector's lanes, with where its sums in float64 are and its first lane. */
  #halves(offset: number, body: (at: number, lane: number) => void): void {
    for (const lane of [0, 2]) this.scoped(() => body(offset + 8 * lane, lane));
  }

  clearWide(address: Local, offset: number): void {
    this.#halves(offset, (at) => this.get(address).get(this.constant(0)).store(at));
  }

  addWide(address: Local, value: Local, offset: number): void {
    this.#halves(offset, (at, lane) => {
      const pair = this.get(address)
        .get(value)
        .get(value)
        .shuffle([lane, lane + 1, lane, lane + 1]);
      pair.vector("f64x2.promote_low_f32x4").get(address).load(at).vector("f64x2.add").store(at);
    });
  }

  takeWide(address: Local, value: Local, offset: number): void {
    this.#halves(offset, (at, lane) => {
      this.get(address).load(at).vector("f32x4.demote_f64x2_zero");
      // The first half waits on the stack for the second.
      if (lane > 0) this.get(this.keep(VECTOR)).shuffle([0, 1, 4, 5]).set(value);
    });
  }

  kernel(number: number, addresses: readonly Local[]): void {
    for (const local of [TABLE, THREAD, THREADS, ...addresses]) this.get(local);
    this.call(FIRST_KERNEL + number);
  }

  meet(): void {
    emitMeeting(this);
  }

  scratch(): this {
    this.get(TABLE).memory("i32.load", SCRATCH_SLOT * 4);
    return this.get(THREAD).i32(SPACE.bytes).op("mul").op("add");
  }
}
