// One process at a time trains in a run's folder, also where the one before was killed.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Holder, holderOf, LOCK, RunLock } from "../../packages/cli/src/runs/lock.js";
import { listRuns } from "../../packages/cli/src/studio/runs.js";
import { ArgumentError, TiduError } from "../../packages/tidu/src/base/errors.js";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const GONE: Holder = { pid: 2 ** 22 + 1, host: hostname(), since: "2026-01-01T00:00:00.000Z", process: "", id: "gone" };
const leave = (holder: unknown): Promise<void> =>
  writeFile(join(folder, LOCK), typeof holder === "string" ? holder : JSON.stringify(holder));

describe("a lock", () => {
  it("is held by one, and leaves nothing when it is released", async () => {
    const lock = await RunLock.take(folder);
    expect(lock.previous).toBeUndefined();
    expect(await holderOf(folder)).toMatchObject({ pid: process.pid, host: hostname() });
    await expect(RunLock.take(folder)).rejects.toThrow(ArgumentError);
    await expect(RunLock.take(folder)).rejects.toThrow(`in use by process ${process.pid} on ${hostname()}`);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await RunLock.take(folder)).release();
  });

  it.each<[string, unknown]>([
    ["a process that is gone", GONE],
    ["another process that has its number now", { ...GONE, pid: process.pid, process: "another boot 1" }],
    ["a writer that was cut off", '{"pid": 12'],
    ["nothing", ""],
    ["other JSON", "null"],
  ])("of %s is taken over", async (_, content) => {
    await leave(content);
    expect(await holderOf(folder)).toBeUndefined();
    const lock = await RunLock.take(folder);
    expect(lock.previous).toBeDefined();
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("of another machine is left alone", async () => {
    await leave({ ...GONE, host: "another" });
    await expect(RunLock.take(folder)).rejects.toThrow(
      /on another since .*if it no longer runs there, remove .*lock\.json/,
    );
    expect(await holderOf(folder)).toMatchObject({ host: "another" });
  });

  it("is taken by one of many who come at once, stale or not", async () => {
    for (const before of [undefined, GONE]) {
      if (before !== undefined) await leave(before);
      const taken = await Promise.allSettled(Array.from({ length: 20 }, () => RunLock.take(folder)));
      const locks = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0].release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it("needs a folder that is there", async () => {
    await expect(RunLock.take(join(folder, "no"))).rejects.toThrow(TiduError);
    expect(await holderOf(join(folder, "no"))).toBeUndefined();
  });
});

describe("a run that is trained", () => {
  const rows = Array.from({ length: 400 }, (_, i) => `${i % 17},${i % 5},${i % 3}`).join("\n");
  const ARGS = ["train", "a.csv", "--out", "run", "--epochs", "100000", "--threads", "1", "--no-report", "--json"];

  it("cannot be resumed or begun a second time; killed, it can, and nothing of it is left over", async () => {
    await write("a.csv", `x,z,y\n${rows}\n`);
    const first = start(...ARGS);
    await first.until(/"event":"epoch"/);
    const entry = async () => (await listRuns(path())).find(({ name }) => name === "run");
    expect((await entry())?.holder).toMatchObject({ host: hostname() });
    const second = await tidu("resume", "run");
    expect(second.errors).toMatch(/^tidu: run is in use by process \d+ on .* since .*\n$/);
    expect(second.code).toBe(2);
    expect((await tidu(...ARGS)).code).toBe(2);
    const before = (await readFile(path("run", "metrics.jsonl"), "utf8")).length;
    await pause(500);
    expect((await readFile(path("run", "metrics.jsonl"), "utf8")).length).toBeGreaterThan(before);
    first.signal("SIGKILL");
    await first.outcome;
    expect((await entry())?.holder).toBeUndefined();
    await writeFile(path("run", ".tidu-left.tmp"), "x");
    await writeFile(path("run", "checkpoints", ".tidu-left.tmp"), "x");
    const done = jsonLines(await readFile(path("run", "metrics.jsonl"), "utf8")).length;
    const tooFew = await tidu("resume", "run", "--epochs", "1");
    expect(tooFew.errors).toMatch(new RegExp(`--epochs 1: ${done} epochs of the run are done; give at least ${done}`));
    expect(tooFew.code).toBe(2);
    const resumed = await tidu("resume", "run", "--epochs", String(done + 2), "--no-report");
    expect(resumed.errors).toBe("");
    expect(resumed.code).toBe(0);
    const metrics = jsonLines(await readFile(path("run", "metrics.jsonl"), "utf8"));
    expect(metrics.map(({ epoch }) => epoch)).toEqual(metrics.map((_, i) => i + 1));
    const left = (await readdir(path("run"), { recursive: true })).filter((name) => /tmp$|lock/.test(name));
    expect(left).toEqual([]);
  });

  it("says that it takes over from a process that was killed", async () => {
    await write("a.csv", `x,z,y\n${rows}\n`);
    await tidu("train", "a.csv", "--out", "short", "--epochs", "1", "--no-report");
    await writeFile(path("short", LOCK), JSON.stringify(GONE));
    const { out, code } = await tidu("resume", "short", "--epochs", "2", "--no-report");
    expect(code).toBe(0);
    expect(out).toMatch(/^took over from process 4194305, which ended unexpectedly$/m);
  });

  it.skipIf(process.platform !== "linux")("ends with an error where no folder can be made", async () => {
    await write("a.csv", `x,z,y\n${rows}\n`);
    const { errors, code } = await tidu("train", "a.csv", "--out", "/proc/x/y", "--epochs", "1");
    expect(errors).toMatch(/^tidu: cannot make \/proc\/x\/y: /);
    expect(code).toBe(1);
  });
});
