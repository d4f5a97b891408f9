// The abilities of this machine's processor, for compilers and plans.
import { nodeModules } from "../../base/node.js";
import type { Registers } from "../../plan/registers.js";

export interface Processor {
  /** The compiler's name for it; never "native", which differs from machine to machine. */
  readonly march: string;
  readonly registers: Registers;
}

/** Linux's names for the features of each x86-64 level, beyond those of the level below. */
const V2 = ["cx16", "lahf_lm", "popcnt", "pni", "ssse3", "sse4_1", "sse4_2"];
const V3 = [...V2, "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"];
const V4 = [...V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

/** Levels of x86-64, best first: what each needs, and the registers that it has. */
const X86: readonly (Processor & { readonly needs: readonly string[] })[] = [
  { march: "x86-64-v4", needs: V4, registers: { lanes: 16, accumulators: 24, unroll: 4, fused: true } },
  { march: "x86-64-v3", needs: V3, registers: { lanes: 8, accumulators: 12, unroll: 4, fused: true } },
  { march: "x86-64-v2", needs: V2, registers: { lanes: 4, accumulators: 12, unroll: 4, fused: false } },
  { march: "x86-64", needs: [], registers: { lanes: 4, accumulators: 12, unroll: 4, fused: false } },
];

const ARM: Processor = { march: "armv8-a", registers: { lanes: 4, accumulators: 24, unroll: 4, fused: true } };

/** This machine's processor; undefined where code for it cannot be made. */
export function processorHere(): Processor | undefined {
  const found = kindHere();
  return found && { march: found.march, registers: { ...found.registers, block: blockHere() } };
}

function kindHere(): Processor | undefined {
  const { arch } = process;
  if (arch === "arm64") return ARM;
  if (arch !== "x64") return undefined;
  const flags = flagsOf();
  return X86.find(({ needs }) => needs.every((flag) => flags.has(flag)));
}

/** The bounds of a block, which has a quarter of the second cache. */
const [LEAST_BLOCK, MOST_BLOCK] = [256 * 1024, 512 * 1024];

/** A quarter of the first processor's second cache, where Linux says how large it is; elsewhere the least. */
function blockHere(): number {
  const kibibytes = Number(/^(\d+)K$/m.exec(textOf("/sys/devices/system/cpu/cpu0/cache/index2/size"))?.[1] ?? 0);
  return Math.min(MOST_BLOCK, Math.max(LEAST_BLOCK, (1024 * kibibytes) / 4));
}

/** Linux's feature flags of the first processor; elsewhere only the features that all have are known. */
const flagsOf = (): ReadonlySet<string> =>
  new Set(/^flags\s*:(.*)$/m.exec(textOf("/proc/cpuinfo"))?.[1].trim().split(" "));

/** What a file says; nothing where there is none. */
function textOf(path: string): string {
  try {
    return nodeModules()?.("node:fs").readFileSync(path, "utf8") ?? "";
  } catch {
    return "";
  }
}
