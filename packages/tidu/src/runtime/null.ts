import { type TypedArray, typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { compileProgram, type Observer, type Stages } from "../compile/program.js";
import { PROCESSOR, type Target } from "../compile/target.js";
import type { Storage } from "../graph/node.js";
import { type Executable, firstContents, type Realizer, type Update } from "../tensor/realizer.js";

/**
 * Compiles but runs nothing: for inspecting the compiler's output. Values that were given read as they are, all others as zeros.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { NullDevice } from "tidu/debug";
 *
 * const before = device();
 * const compiler = new NullDevice();
 * setDevice(compiler);
 * await tensor([1, 2]).add(1).sum().data();
 * setDevice(before);
 * console.log(compiler.programs[0].program.kernels.length); // 1
 * ```
 */
export class NullDevice implements Realizer {
  readonly name = "null";
  /** What the compiler's passes made of each program, in the order of the programs. */
  readonly programs: Stages[] = [];

  /**
   * @param observe called after each pass with its name and its result, to print or to verify it.
   * @param target the machine to compile for; default: a processor.
   */
  constructor(
    readonly observe?: Observer,
    readonly target: Target = PROCESSOR,
  ) {}

  /** Compiles a program that assigns `updates`. Running it does nothing. */
  prepare(updates: readonly Update[]): Executable {
    const stages = compileProgram(updates, this.target, this.observe);
    this.programs.push(stages);
    return { run: () => {}, arenaBytes: stages.program.memory.arenaBytes };
  }

  async read(storage: Storage): Promise<TypedArray> {
    return this.readNow(storage);
  }

  readNow(storage: Storage): TypedArray {
    return firstContents(storage)?.slice() ?? typedArray(storage.dtype, sizeOf(storage.shape));
  }

  write(): void {}
}
