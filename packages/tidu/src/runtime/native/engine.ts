// Native code as a language for programs, and the memory that it works on.
import type { TypedArray } from "../../base/dtype.js";
import { generateC } from "../../codegen/c/program.js";
import { readers, readOut } from "../../codegen/readers.js";
import type { Program } from "../../compile/program.js";
import { PROCESSOR } from "../../compile/target.js";
import type { Storage } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { scratchFor, wholeLines } from "../../plan/scratch.js";
import type { Bound, Engine, Known } from "../device.js";
import { NativeCode, Runner } from "./code.js";
import { awaited } from "./command.js";
import { identityOf } from "./kept.js";
import { type Block, NativeMemory, viewOf } from "./memory.js";
import type { Toolchain } from "./toolchain.js";

export class NativeEngine implements Engine<Block, NativeCode> {
  readonly target = PROCESSOR;
  readonly late = false;
  readonly registers: Registers;
  readonly memory: NativeMemory;
  readonly #scratch: Block;

  /** @param room the most bytes of memory that may be in use, asked at each allocation. */
  constructor(
    readonly tools: Toolchain,
    readonly threads: number,
    fused: boolean,
    room: () => number,
  ) {
    const { registers } = tools.processor;
    this.registers = { ...registers, fused: registers.fused && fused };
    this.memory = new NativeMemory(tools.libraries, room);
    this.#scratch = this.memory.allocate(threads * wholeLines(scratchFor(this.registers).bytes));
  }

  /** Programs that still have to be compiled. */
  get waiting(): number {
    return this.tools.wanted;
  }

  get usage(): { used: number; peak: number } {
    return { ...this.memory.usage };
  }

  compile(program: Program): { code: NativeCode; storages: readonly Storage[] } {
    const { text, parts, stats, storages } = generateC(program, this.registers);
    readOut(text);
    const code = new NativeCode(this.tools, stats.shared > 0, this.tools.find(text), { text, parts });
    // Running the program reports a failure; it may never be run, and then the rejection must not be unhandled.
    code.load().catch(() => {});
    return { code, storages };
  }

  recall(key: string): Known<NativeCode> | undefined {
    // They are to get the text.
    if (readers.size > 0) return undefined;
    const kept = this.tools.recall(identityOf(key, this.target, this.registers));
    if (kept === undefined) return undefined;
    const { shared, arenaBytes, runs, order, read } = kept.note;
    return { code: new NativeCode(this.tools, shared, kept), arenaBytes, runs, order, read };
  }

  keep(key: string, { code, ...beside }: Known<NativeCode>): void {
    const write = () =>
      this.tools.keep(identityOf(key, this.target, this.registers), code.library, { shared: code.shared, ...beside });
    // If it cannot be compiled, running it says so.
    code.load().then(write, () => {});
  }

  bind(code: NativeCode, count: number): Bound<Block> {
    const runner = new Runner(count, this.#scratch.address, code.shared ? this.threads : 1);
    return {
      run: ({ address }, blocks) => {
        if (code.step !== undefined) return runner.run(code.step, address, blocks);
        return awaited(code.load()).then((step) => runner.run(step, address, blocks));
      },
    };
  }

  allocate(bytes: number): Block {
    return this.memory.allocate(bytes);
  }

  /** The garbage collector does this. */
  free(): void {}

  /** A new block is zeros already. */
  fill(block: Block, storage: Storage, data: TypedArray | undefined): void {
    if (data !== undefined) viewOf(block, storage).set(data);
  }

  view(block: Block, storage: Storage): TypedArray {
    return viewOf(block, storage);
  }

  copy(block: Block, storage: Storage, into?: TypedArray): TypedArray {
    const values = viewOf(block, storage);
    if (into === undefined) return values.slice();
    into.set(values);
    return into;
  }
}
