// What this machine's processor can do, as compilers and plans want to know it.
import { nodeModules } from "../../base/node.js";
import type { Registers } from "../../plan/registers.js";

export interface Processor {
  /** The compiler's name for it: never "native", which means another thing on another machine. */
  readonly march: string;
  readonly registers: Registers;
}

/** Levels of x86-64, best first: what Linux says that each needs, and the registers that it has. */
const X86: readonly (Processor & { readonly needs: readonly string[] })[] = [
  {
    march: "x86-64-v4",
    needs: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2", "fma", "bmi2"],
    registers: { lanes: 16, accumulators: 24, unroll: 4, fused: true },
  },
  {
    march: "x86-64-v3",
    needs: ["avx2", "fma", "bmi2", "movbe"],
    registers: { lanes: 8, accumulators: 12, unroll: 4, fused: true },
  },
  { march: "x86-64-v2", needs: ["sse4_1"], registers: { lanes: 4, accumulators: 12, unroll: 4, fused: false } },
  { march: "x86-64", needs: [], registers: { lanes: 4, accumulators: 12, unroll: 4, fused: false } },
];

const ARM: Processor = { march: "armv8-a", registers: { lanes: 4, accumulators: 24, unroll: 4, fused: true } };

/** The processor at hand; undefined where code for it cannot be made. */
export function processorHere(): Processor | undefined {
  const { arch } = process;
  if (arch === "arm64") return ARM;
  if (arch !== "x64") return undefined;
  const flags = flagsOf();
  return X86.find(({ needs }) => needs.every((flag) => flags.has(flag)));
}

/** What Linux says of the first processor; elsewhere nothing is known beyond what all of its kind have. */
function flagsOf(): ReadonlySet<string> {
  try {
    const text = nodeModules()?.("node:fs").readFileSync("/proc/cpuinfo", "utf8") ?? "";
    return new Set(/^flags\s*:(.*)$/m.exec(text)?.[1].trim().split(" "));
  } catch {
    return new Set();
  }
}
