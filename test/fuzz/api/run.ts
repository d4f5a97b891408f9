// Starts the processes that make the bad calls, ends those that hang, and gathers what went wrong.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import type { Callable } from "./surface.js";

/** What the processes share. */
export interface Plan {
  readonly surface: readonly Callable[];
  /** Number of processes. */
  readonly parts: number;
  /** One in so many calls is made. */
  readonly keep: number;
}

export interface Finding {
  readonly call: string;
  readonly problem: string;
}

const HERE = process.env.HERE ?? fileURLToPath(new URL(".", import.meta.url));
/** Inside the project, so that the child finds the library by its name. */
const CHILD = join(HERE, "../../../node_modules/.cache/fuzz-api/child.mjs");
/** Seconds that a call may take before it counts as one that hangs. */
const LIMIT = 20;

/** Makes all calls (or one in `keep`) in child processes. */
export async function fuzzApi(
  surface: readonly Callable[],
  keep: number,
  parts = 2,
): Promise<{ calls: number; findings: Finding[] }> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-fuzz-api-"));
  try {
    await writeFile(join(folder, "plan.json"), JSON.stringify({ surface, parts, keep } satisfies Plan));
    const child = await rolldown({
      input: join(HERE, "child.ts"),
      external: /^[^./\\]/,
      platform: "node",
      logLevel: "silent",
    });
    await child.write({ file: CHILD, format: "esm" });
    // All end before the folder goes, whatever becomes of one.
    const ended = await Promise.allSettled(Array.from({ length: parts }, (_, part) => runPart(folder, part)));
    const results = ended.map((part) => {
      if (part.status === "rejected") throw part.reason;
      return part.value;
    });
    return { calls: results.reduce((n, r) => n + r.calls, 0), findings: results.flatMap((r) => r.findings) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPart(folder: string, part: number): Promise<{ calls: number; findings: Finding[] }> {
  const ends: Finding[] = [];
  const progress = async () => (await readFile(join(folder, `progress-${part}`), "utf8").catch(() => "")).trim();
  for (let from = 0; ; ) {
    const end = await runOnce([CHILD, folder, String(part), String(from)], progress);
    const [at, ...call] = (await progress()).split(" ");
    if (at === "done") break;
    if (at === "") throw new Error(`the fuzzer's process ended before its first call: ${end}`);
    ends.push({ call: call.join(" "), problem: end });
    from = Number(at) + 1;
  }
  const file = join(folder, `findings-${part}`);
  const lines = existsSync(file) ? (await readFile(file, "utf8")).trim().split("\n") : [];
  const said = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Finding & { calls?: number });
  const calls = said.find((s) => s.calls !== undefined)?.calls ?? 0;
  return { calls, findings: [...ends, ...said.filter((s) => s.calls === undefined)] };
}

/** Runs a process to its end, or until its progress stands still; returns how it ended. */
async function runOnce(args: readonly string[], progress: () => Promise<string>): Promise<string> {
  const child = spawn(process.execPath, ["--max-old-space-size=1500", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => (errors = `${errors}${text}`.slice(-2000)));
  const ended = new Promise<string>((done) =>
    child.on("exit", (code, signal) => done(`the process ended with ${signal ?? code}: ${errors}`)),
  );
  let [last, since] = ["", Date.now()];
  for (;;) {
    const result = await Promise.race([ended, pause(250, undefined)]);
    if (result !== undefined) return result;
    const now = await progress();
    if (now !== last) [last, since] = [now, Date.now()];
    if (Date.now() - since < LIMIT * 1000) continue;
    child.kill("SIGKILL");
    await ended;
    return `it takes longer than ${LIMIT} seconds`;
  }
}
