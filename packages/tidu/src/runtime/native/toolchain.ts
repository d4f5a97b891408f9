// What native code needs on this machine, found once for a device: a compiler, a loader of libraries, and a folder for
// them.
import { DeviceError } from "../../base/errors.js";
import { processors } from "../host.js";
import { digest, LibraryCache } from "./cache.js";
import { awaited } from "./command.js";
import { type Compiler, compileLibrary, findCompiler, LIMITS, type Limits, SETTINGS } from "./compiler.js";
import { keep, type Note, recall } from "./kept.js";
import { Libraries, type NativeStep } from "./library.js";
import { ownCode } from "./own-code.js";
import { POOL } from "./pool.js";
import { type Processor, processorHere } from "./processor.js";

/** A program's library by its key, and its step if the library is there. */
export interface Found {
  readonly library: string;
  readonly step: NativeStep | undefined;
}

export class Toolchain {
  /** Compilers that run at once: as many as there are processors. */
  readonly #places = new Places(processors());
  #wanted = 0;

  private constructor(
    readonly compiler: Compiler,
    readonly processor: Processor,
    readonly libraries: Libraries,
    readonly cache: LibraryCache,
    readonly limits: Limits,
  ) {}

  /**
   * Finds all, and loads the threads' library.
   *
   * @throws DeviceError where something is missing or does not work, with the line that installs it.
   */
  static find(limits = LIMITS): Promise<Toolchain> {
    return awaited(Toolchain.#find(limits));
  }

  static async #find(limits: Limits): Promise<Toolchain> {
    const processor = processorHere();
    if (processor === undefined || process.platform === "win32")
      throw new DeviceError(`native code is not made for ${process.platform} on ${process.arch}; use WasmDevice`);
    const cache = new LibraryCache();
    const compiler = findCompiler(cache, limits.first);
    // Reported below; koffi, which takes as long to load as the compiler to answer, may fail before that.
    compiler.catch(() => {});
    const libraries = Libraries.find();
    const tools = new Toolchain(await compiler, processor, libraries, cache, limits);
    const load = (path: string): boolean => {
      libraries.loadPool(path);
      return true;
    };
    if (cache.known(tools.#key(POOL), load) === undefined) await tools.#make(POOL, load, 1, limits.first);
    return tools;
  }

  /** The key of a program's library, and its step if it was compiled before. */
  find(text: string): Found {
    const library = this.#key(text);
    return { library, step: this.cache.known(library, this.#loadStep) };
  }

  /**
   * A program's step and note, by its identity: all that decides its text beside this code, the compiler and the
   * processor.
   */
  recall(identity: string): (Found & { readonly note: Note }) | undefined {
    const key = this.#programKey(identity);
    return key === undefined ? undefined : recall(this.cache, key, this.#loadStep);
  }

  /** Keeps the note of a program whose library is there. */
  keep(identity: string, library: string, note: Note): void {
    const key = this.#programKey(identity);
    if (key !== undefined) keep(this.cache, key, library, note);
  }

  #programKey(identity: string): string | undefined {
    const own = ownCode();
    return own === undefined ? undefined : this.#key(`${own}\0${identity}`);
  }

  /**
   * Compiles a program and loads its step.
   *
   * @throws DeviceError where it cannot be compiled, kept or loaded.
   */
  async make(text: string, parts: number): Promise<NativeStep> {
    this.#wanted++;
    try {
      return await this.#make(text, this.#loadStep, parts, this.limits.program);
    } finally {
      this.#wanted--;
    }
  }

  /** The number of programs that still have to be compiled. */
  get wanted(): number {
    return this.#wanted;
  }

  /** As many compilers run at a time as there are processors, whichever programs they are for. */
  readonly #inTurn = <T>(work: () => Promise<T>): Promise<T> => this.#places.take(work);

  readonly #loadStep = (path: string): NativeStep => this.libraries.loadStep(path);

  #make<T>(text: string, load: (path: string) => T, parts: number, limit: number): Promise<T> {
    const { compiler, processor } = this;
    const making = { march: processor.march, parts, limit, inTurn: this.#inTurn };
    const make = (path: string) => compileLibrary(compiler, text, path, making);
    return this.cache.make(this.#key(text), make, load);
  }

  #key(text: string): string {
    const { compiler, processor } = this;
    const { words, version } = compiler;
    return digest([text, ...words, version, SETTINGS, processor.march, process.platform].join("\0"));
  }
}

/** Runs a limited number of tasks at a time; others wait in order. */
class Places {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((go) => void this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
