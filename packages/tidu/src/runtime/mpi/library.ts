// The MPI library, through koffi. Each family of libraries has its own handles and constants for the same functions.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import type { Launch } from "./launcher.js";

/** A function of the library. */
export interface Call {
  (...args: unknown[]): number;
  async(...args: unknown[]): void;
}

interface Library {
  func(definition: string): Call;
  symbol(name: string, type: string): unknown;
}

interface Koffi {
  load(path: string, options?: { global?: boolean }): Library;
}

/**
 * The values of C's macros in each family: a symbol's name for an address, or the value of a pointer or whole number.
 */
interface Constants {
  /** The type of handles. */
  readonly handle: "void*" | "int";
  readonly world: string | number | bigint;
  readonly byte: string | number | bigint;
  readonly int: string | number | bigint;
  readonly float: string | number | bigint;
  readonly errorsReturn: string | number | bigint;
  readonly statusIgnore: bigint;
}

export const FAMILIES: Readonly<Record<"openmpi" | "mpich" | "standard", Constants>> = {
  openmpi: {
    handle: "void*",
    world: "ompi_mpi_comm_world",
    byte: "ompi_mpi_byte",
    int: "ompi_mpi_int",
    float: "ompi_mpi_float",
    errorsReturn: "ompi_mpi_errors_return",
    statusIgnore: 0n,
  },
  mpich: {
    handle: "int",
    world: 0x44000000,
    byte: 0x4c00010d,
    int: 0x4c000405,
    float: 0x4c00040a,
    errorsReturn: 0x54000001,
    statusIgnore: 1n,
  },
  /** The ABI of MPI 5.0. */
  standard: {
    handle: "void*",
    world: 0x101n,
    byte: 0x247n,
    int: 0x209n,
    float: 0x210n,
    errorsReturn: 0x143n,
    statusIgnore: 0n,
  },
};

const NAMES = {
  openmpi: ["libmpi.so.40", "libmpi.so.80", "libmpi.40.dylib", "libmpi.so", "libmpi.dylib"],
  mpich: ["libmpi.so.12", "libmpich.so.12", "libmpich.so", "libmpi.12.dylib"],
  standard: ["libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi_abi.so", "libmpi_abi.dylib"],
};

const INSTALL =
  "install one (Debian: apt-get install openmpi-bin, or apt-get install mpich), or name its file in TIDU_MPI_LIBRARY";

/** An MPI library, loaded. */
export class Mpi {
  /** Its functions, by their names without MPI_. */
  readonly call: Readonly<Record<string, Call>>;
  /** Handles as its functions take them. */
  readonly handles: Readonly<Record<"world" | "byte" | "int" | "float" | "errorsReturn", unknown>>;
  readonly constants: Constants;
  /** The library's own version text. */
  readonly version: string;

  private constructor(
    readonly library: Library,
    /** The paths of the library and of koffi, for another thread to load. */
    readonly path: string,
    readonly koffi: string,
  ) {
    this.version = versionOf(library);
    this.constants = FAMILIES[/_abi/.test(path) ? "standard" : /Open MPI/.test(this.version) ? "openmpi" : "mpich"];
    const { world, byte, int, float, errorsReturn } = this.constants;
    const value = (name: string | number | bigint) => (typeof name === "string" ? library.symbol(name, "void*") : name);
    this.handles = {
      world: value(world),
      byte: value(byte),
      int: value(int),
      float: value(float),
      errorsReturn: value(errorsReturn),
    };
    const { handle } = this.constants;
    const call = (name: string, args: string) => library.func(`int MPI_${name}(${args.replaceAll("H", handle)})`);
    this.call = {
      Initialized: call("Initialized", "void*"),
      Init_thread: call("Init_thread", "void*, void*, int, void*"),
      Finalize: call("Finalize", ""),
      Abort: call("Abort", "H, int"),
      Comm_rank: call("Comm_rank", "H, void*"),
      Comm_size: call("Comm_size", "H, void*"),
      Comm_set_errhandler: call("Comm_set_errhandler", "H, H"),
      Error_string: call("Error_string", "int, void*, void*"),
      Test: call("Test", "void*, void*, void*"),
      Iallgather: call("Iallgather", "void*, int, H, void*, int, H, H, void*"),
      Iallgatherv: call("Iallgatherv", "void*, int, H, void*, void*, void*, H, H, void*"),
      Ialltoallv: call("Ialltoallv", "void*, void*, void*, H, void*, void*, void*, H, H, void*"),
    };
  }

  /** @throws DeviceError where koffi or a library is missing. */
  static load({ family }: Launch): Mpi {
    const modules = needNodeModules("mpi", "train on one machine");
    const { path: koffiPath, koffi } = findKoffi(modules);
    const { TIDU_MPI_LIBRARY: named } = process.env;
    const other = family === "mpich" ? "openmpi" : "mpich";
    const names = named ? [named] : [...NAMES[family], ...NAMES.standard, ...NAMES[other]];
    // UCX would take the signal by which V8 finds accesses outside WebAssembly's memory, and end the process instead.
    process.env.UCX_ERROR_SIGNALS ??= "";
    // It would also rewrite the code of mmap and munmap, which V8's threads may be running.
    process.env.UCX_MEM_MMAP_HOOK_MODE ??= "none";
    for (const name of names) {
      let library: Library;
      try {
        library = koffi.load(name, { global: true });
      } catch {
        continue;
      }
      return new Mpi(library, name, koffiPath);
    }
    throw new DeviceError(`mpi: there is no MPI library (looked for ${names.join(", ")}); ${INSTALL}`);
  }

  /** Throws DeviceError for a call that failed. */
  check(what: string, code: number): void {
    if (code === 0) return;
    const [text, length] = [new Uint8Array(1024), new Int32Array(1)];
    this.call.Error_string(code, text, length);
    throw new DeviceError(`mpi: ${what} failed: ${new TextDecoder().decode(text.subarray(0, length[0]))}`);
  }
}

function versionOf(library: Library): string {
  const [text, length] = [new Uint8Array(8192), new Int32Array(1)];
  library.func("int MPI_Get_library_version(void*, void*)")(text, length);
  return new TextDecoder()
    .decode(text.subarray(0, length[0]))
    .split(/[,\n\0]/)[0]
    .trim()
    .replace(/\s+/g, " ");
}

/** koffi, beside this package or beside the program that uses it. */
function findKoffi(modules: NodeJS.Process["getBuiltinModule"]): { path: string; koffi: Koffi } {
  const { createRequire } = modules("node:module");
  for (const from of [import.meta.url, `${process.cwd()}/index.js`]) {
    try {
      const load = createRequire(from);
      return { path: load.resolve("koffi"), koffi: load("koffi") };
    } catch {}
  }
  throw new DeviceError("mpi: the package koffi is needed to load MPI; run npm install koffi");
}
