import { type Buffer, buffersRead, buffersWritten, type Kernel } from "../kernel.js";
import { bytesOf } from "../memory.js";
import type { Program } from "../program.js";
import { CompilerFault } from "./fault.js";

/** Every buffer of the arena is written before it is read, lies inside the arena, and shares no byte while it is needed. */
export function verifyMemory(pass: string, { kernels, groups, memory }: Program): void {
  const lives = lifetimes(pass, groups ?? kernels.map((k) => [k]));
  const buffers = [...lives.keys()];
  buffers.forEach((x, i) => {
    const start = x.offset;
    if (start === undefined || start < 0 || start + bytesOf(x, memory.alignment) > memory.arenaBytes) {
      throw new CompilerFault(
        pass,
        `${x.name} at ${start} does not lie inside the arena of ${memory.arenaBytes} bytes`,
      );
    }
    for (const y of buffers.slice(i + 1)) {
      const [p, q] = [lives.get(x) as Life, lives.get(y) as Life];
      const together = p[0] <= q[1] && q[0] <= p[1];
      const apart =
        start + bytesOf(x, memory.alignment) <= (y.offset as number) ||
        (y.offset as number) + bytesOf(y, memory.alignment) <= start;
      if (together && !apart)
        throw new CompilerFault(pass, `${x.name} and ${y.name} are needed at once and share memory`);
    }
  });
}

type Life = [first: number, last: number];

function lifetimes(pass: string, groups: readonly (readonly Kernel[])[]): Map<Buffer, Life> {
  const lives = new Map<Buffer, Life>();
  const alone = (kernel: Kernel, at: number): void => {
    for (const buffer of buffersRead(kernel)) {
      if (buffer.storage !== undefined) continue;
      const life = lives.get(buffer);
      if (life === undefined)
        throw new CompilerFault(pass, `kernel ${kernel.name} reads ${buffer.name} before anything is written there`);
      life[1] = at;
    }
    for (const buffer of buffersWritten(kernel)) {
      if (buffer.storage !== undefined) continue;
      const life = lives.get(buffer);
      if (life === undefined) lives.set(buffer, [at, at]);
      else life[1] = at;
    }
  };
  groups.forEach((kernels, at) => {
    for (const kernel of kernels) for (const other of kernels) if (kernel !== other) apart(pass, kernel, other);
    for (const kernel of kernels) alone(kernel, at);
  });
  return lives;
}

/** Of kernels that run side by side, none writes what another touches. */
function apart(pass: string, kernel: Kernel, other: Kernel): void {
  const touched = new Set([...buffersRead(other), ...buffersWritten(other)]);
  for (const buffer of buffersWritten(kernel))
    if (touched.has(buffer))
      throw new CompilerFault(pass, `${kernel.name} and ${other.name} run side by side, and both need ${buffer.name}`);
}
