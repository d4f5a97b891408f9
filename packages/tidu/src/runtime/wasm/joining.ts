// Importing this lets Tidu have V8 join pairs of vectors. Here is everything that it knows of V8's flags.
import type { TypedArray } from "../../base/dtype.js";
import { nodeModules } from "../../base/node.js";
import { assembleModule, bitsOf, FunctionBuilder, MAX_PAGES } from "../../codegen/wasm/assembler.js";
import { hasRelaxedSimd } from "./features.js";
import { joiner } from "./joiner.js";

/** The versions of V8 whose joining has been tried: those of Node 24 and 26. */
const [OLDEST, NEWEST] = [13.6, 14.6];

/**
 * Flags of V8 while it compiles code for 256 bits: join pairs, and compile all functions with the optimizing compiler,
 * now. (Inlining would ask for what the other compiler found out.)
 */
const WHILE = ["--experimental-wasm-revectorize", "--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-inlining"];
const AFTER = ["--no-experimental-wasm-revectorize", "--liftoff", "--wasm-lazy-compilation", "--wasm-inlining"];

/** Whether somebody has set flags of V8's compilers of WebAssembly for the whole process, or forbidden to set any. */
const taken = ({ execArgv, env }: NodeJS.Process): boolean =>
  [...execArgv, ...(env.NODE_OPTIONS ?? "").split(" ")].some((option) =>
    /^--\S*(wasm|liftoff|jitless|freeze|permission)/.test(option),
  );

/** A processor that fuses multiplications with additions has 256-bit instructions, too. */
function fuses(): boolean {
  if (!hasRelaxedSimd()) return false;
  // (1 + 2^-12)^2 - (1 + 2^-11) = 2^-24, which is lost if the product is rounded first.
  const [factor, term] = [bitsOf(1 + 2 ** -12), bitsOf(-1 - 2 ** -11)];
  const f = new FunctionBuilder(1);
  f.get(0).get(f.constant(factor)).get(f.constant(factor)).get(f.constant(term)).simd("f32x4.relaxed_madd");
  f.memory("v128.store");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  const module = new WebAssembly.Module(assembleModule([f], [["run", 0]], false));
  (new WebAssembly.Instance(module, { env: { memory } }).exports.run as (address: number) => void)(0);
  return new Float32Array(memory.buffer)[0] !== 0;
}

function sameBits(a: TypedArray, b: TypedArray): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function isAble(): boolean {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (process?.release?.name !== "node" || process.arch !== "x64" || nodeModules() === undefined) return false;
  const { v8, electron, bun } = process.versions;
  const version = Number.parseFloat(v8);
  const known = electron === undefined && bun === undefined && version >= OLDEST && version <= NEWEST;
  return known && !taken(process) && fuses();
}

let able: boolean | undefined;

joiner.here = {
  able: () => (able ??= isAble()),
  compile(code) {
    const { setFlagsFromString } = (nodeModules() as NodeJS.Process["getBuiltinModule"])("node:v8");
    WHILE.forEach(setFlagsFromString);
    try {
      return new WebAssembly.Module(code);
    } finally {
      AFTER.forEach(setFlagsFromString);
    }
  },
  agree(written, trusted, fresh) {
    const copies = () => written().map((view) => view.slice());
    const put = (values: readonly TypedArray[]) => written().forEach((view, i) => void view.set(values[i]));
    const before = copies();
    trusted();
    const expected = copies();
    put(before);
    fresh();
    const same = written().every((view, i) => sameBits(view, expected[i]));
    if (!same) put(expected);
    return same;
  },
};
