/// <reference types="vite/client" />
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { device, setDevice } from "../../packages/tidu/src/index.js";
import { mnistParts } from "../../studio/digits.js";
import type { Change } from "../../studio/src/engine/changes.js";
import { codeOf } from "../../studio/src/engine/code.js";
import { exampleOf, loadData } from "../../studio/src/engine/data.js";
import { build } from "../../studio/src/engine/network.js";
import type { EpochResult } from "../../studio/src/engine/protocol.js";
import { Session } from "../../studio/src/engine/session.js";
import type { Settings } from "../../studio/src/engine/settings.js";

/** A session of the studio's engine, and the program that the studio exports for it. */
export async function begin(
  settings: Settings,
  count = 2,
  changes: readonly Change[] = [],
): Promise<{ session: Session; code: string }> {
  const data = await loadData(settings);
  const built = build(settings.layers, exampleOf(data), data.outputs);
  if (built.layers === undefined) throw new Error(JSON.stringify(built.reports));
  const session = new Session(settings, data, built.layers, changes);
  await session.prepare();
  return { session, code: codeOf(settings, built.reports, count) };
}

export async function epochs(session: Session, count: number): Promise<EpochResult[]> {
  const results: EpochResult[] = [];
  while (results.length < count) {
    const { result } = await session.step();
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** Runs an exported program as it is, in an empty folder; what it prints. */
export async function printed(code: string): Promise<unknown[]> {
  const [folder, from, own] = [await mkdtemp(join(tmpdir(), "tidu-code-")), process.cwd(), device()];
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await writeFile(join(folder, "network.ts"), code);
    process.chdir(folder);
    await import(join(folder, "network.ts"));
    return log.mock.calls.map(([line]) => JSON.parse(String(line)));
  } finally {
    setDevice(own);
    log.mockRestore();
    process.chdir(from);
    await rm(folder, { recursive: true });
  }
}

/** Lets `fetch` find the digits that the build puts beside the pages. */
export async function serveDigits(): Promise<void> {
  const parts = new Map(await mnistParts());
  vi.stubGlobal("self", { location: { href: "http://127.0.0.1/assets/worker.js" } });
  vi.stubGlobal("fetch", async ({ pathname }: URL) => new Response(parts.get(pathname.slice(1))));
}
