// Importing this gives Tidu the abilities of Node that pages lack. Bun and Deno have them, too.
import { nodeModules } from "../../base/node.js";
import { systemReason } from "../../base/system.js";
import { host } from "../host.js";
import { memoryGiven, processors } from "./machine.js";
import { startNodeThread } from "./threads.js";

/** How some engines can be asked to collect garbage. */
interface Collecting {
  /** Set if the process was started with --expose-gc. */
  readonly gc?: () => void;
  readonly Bun?: { gc(wait: boolean): void };
}

function collect(): boolean {
  const { gc, Bun } = globalThis as Collecting;
  if (Bun !== undefined) Bun.gc(true);
  else gc?.();
  return Bun !== undefined || gc !== undefined;
}

if (nodeModules() !== undefined) {
  host.here = { startThread: startNodeThread(), processors, memory: memoryGiven, collect, systemReason };
}
