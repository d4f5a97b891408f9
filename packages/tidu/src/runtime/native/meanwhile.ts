// Native code without waiting for the compiler: a program runs as WebAssembly until its native code is ready. Both work
// on the same memory, so each run takes whichever is ready.
import type { TypedArray } from "../../base/dtype.js";
import { turn } from "../../base/turn.js";
import type { Program } from "../../compile/program.js";
import { PROCESSOR } from "../../compile/target.js";
import type { Storage } from "../../graph/node.js";
import type { Bound, Engine, Known } from "../device.js";
import { type WasmCode, WasmEngine, type WasmOptions } from "../wasm/engine.js";
import type { NativeCode } from "./code.js";
import { NativeEngine } from "./engine.js";
import { type Block, viewOf } from "./memory.js";
import { withoutAdvice } from "./mend.js";
import type { Toolchain } from "./toolchain.js";

/** Memory that native code reaches by its address, and WebAssembly too if it lies in its memory: at `place`. */
interface SharedBlock extends Block {
  readonly place?: number;
}

class BothCodes {
  #native: NativeCode | (() => NativeCode);

  /**
   * @param wasm not set where native code was ready from the start.
   * @param native the native code, or what writes it.
   */
  constructor(
    readonly wasm: WasmCode | undefined,
    native: NativeCode | (() => NativeCode),
  ) {
    this.#native = native;
  }

  /** The native code, which is written when this is first asked for. */
  get native(): NativeCode {
    if (typeof this.#native === "function") this.#native = this.#native();
    return this.#native;
  }
  /** Whether it can run. */
  get ready(): boolean {
    return typeof this.#native !== "function" && this.#native.step !== undefined;
  }
}

/** Both engines as one. */
export class MeanwhileEngine implements Engine<SharedBlock, BothCodes> {
  readonly target = PROCESSOR;
  readonly late = false;
  readonly wasm: WasmEngine;
  readonly native: NativeEngine;
  /** Where WebAssembly's memory begins: threads share it, so it stays there. */
  readonly #base: bigint;
  #warned = false;
  /** Programs whose C is still to be written. */
  #unwritten = 0;

  /** @param reach the most bytes of WebAssembly memory, out of all that may be used. */
  constructor(
    tools: Toolchain,
    threads: number,
    { memoryLimit = Number.POSITIVE_INFINITY, portable }: WasmOptions,
    reach = memoryLimit,
  ) {
    const may = tools.processor.registers.fused;
    this.wasm = new WasmEngine({ threads, memoryLimit: reach, portable: portable || !may });
    this.native = new NativeEngine(tools, threads, this.wasm.relaxed, () => memoryLimit - this.wasm.heap.usage.used);
    this.#base = tools.libraries.address(this.wasm.heap.memory.buffer);
  }

  get registers() {
    return this.native.registers;
  }
  get threads(): number {
    return this.native.threads;
  }
  get waiting(): number {
    return this.#unwritten + this.native.waiting;
  }
  get usage(): { used: number; peak: number } {
    const [a, b] = [this.wasm.heap.usage, this.native.usage];
    return { used: a.used + b.used, peak: a.peak + b.peak };
  }

  compile(program: Program): { code: BothCodes; storages: readonly Storage[] } {
    const { code: wasm, storages } = this.wasm.compile(program);
    const write = (): NativeCode => {
      const { code, storages: same } = this.native.compile(program);
      if (storages.some((s, i) => s !== same[i]))
        throw new Error("codegen: the printers list storages in another order");
      code.load().catch((error) => this.#warn(error));
      return code;
    };
    return { code: new BothCodes(wasm, write), storages };
  }

  recall(key: string): Known<BothCodes> | undefined {
    const kept = this.native.recall(key);
    return kept && { ...kept, code: new BothCodes(undefined, kept.code) };
  }

  /**
   * Writes the native code once the first run has had its turns of the event loop: writing takes as long as making the
   * WebAssembly did.
   */
  keep(key: string, program: Known<BothCodes>): void {
    this.#unwritten++;
    const write = (): void => {
      this.#unwritten--;
      this.native.keep(key, { ...program, code: program.code.native });
    };
    turn()
      .then(turn)
      .then(write)
      .catch((error) => this.#warn(error));
  }

  /** Warns once that programs run slower than they could. */
  #warn(error: Error): void {
    if (!this.#warned) console.warn(`tidu: goes on with WebAssembly: ${withoutAdvice(error.message)}`);
    this.#warned = true;
  }

  bind(code: BothCodes, count: number, owner: object): Bound<SharedBlock> {
    let fast: Bound<Block> | undefined;
    let slow: Bound<number> | undefined;
    return {
      run: (arena, blocks) => {
        const places = [arena, ...blocks].map(({ place }) => place);
        const reachable = places.every((place) => place !== undefined);
        if (code.ready || !reachable) {
          fast ??= this.native.bind(code.native, count);
          return fast.run(arena, blocks);
        }
        slow ??= this.wasm.bind(code.wasm as WasmCode, count, owner);
        return slow.run(places[0] as number, places.slice(1) as number[]);
      },
    };
  }

  /** In WebAssembly's memory as long as there is room. */
  allocate(bytes: number, owner?: object): SharedBlock {
    const { heap } = this.wasm;
    if (!heap.hasRoomFor(bytes)) return this.native.allocate(bytes);
    const place = this.wasm.allocate(bytes, owner);
    const { memory } = heap;
    // When a memory grows, its buffer becomes another object.
    return {
      get buffer() {
        return memory.buffer;
      },
      start: place,
      place,
      address: this.#base + BigInt(place),
    };
  }

  free({ place }: SharedBlock): void {
    if (place !== undefined) this.wasm.free(place);
  }

  fill(block: SharedBlock, storage: Storage, data: TypedArray | undefined): void {
    if (data !== undefined || block.place === undefined) return this.native.fill(block, storage, data);
    viewOf(block, storage).fill(0);
  }

  view(block: SharedBlock, storage: Storage): TypedArray {
    return viewOf(block, storage);
  }

  copy(block: SharedBlock, storage: Storage): TypedArray {
    return viewOf(block, storage).slice();
  }
}
