// Runs as they may be: damaged, huge, no files at all. The server lists them, and stays small and quick.
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Metrics, RunReader } from "../../packages/cli/src/studio/follow.js";
import { type Studio, serveStudio } from "../../packages/cli/src/studio/index.js";
import { listRuns } from "../../packages/cli/src/studio/runs.js";

let place: string;
let studio: Studio;
const runs = (...path: string[]): string => join(place, "runs", ...path);
const run = async (name: string, config = '{"format":1}'): Promise<string> => {
  await mkdir(runs(name), { recursive: true });
  await writeFile(runs(name, "config.json"), config);
  return runs(name, "metrics.jsonl");
};
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "tidu-runs-"));
  await mkdir(join(place, "site/notes/dropout"), { recursive: true });
  for (const page of ["", "notes/", "notes/dropout/"])
    await writeFile(join(place, "site", `${page}index.html`), `<p>${page}</p>`);
  studio = await serveStudio({ site: join(place, "site"), runs: runs() });
});
afterAll(async () => {
  await studio.close();
  await rm(place, { recursive: true });
});

/** All that a reader tells until there is no more. */
async function read(reader: RunReader): Promise<{ metrics: Metrics[]; restarts: number }> {
  const found = { metrics: [] as Metrics[], restarts: 0 };
  do {
    for (const event of await reader.next()) {
      if (event.type === "metrics") found.metrics.push(...event.metrics);
      if (event.type === "restart") found.restarts++;
    }
  } while (reader.more);
  return found;
}

test.each(["/notes", "/notes/dropout", "/notes?x=1"])(
  "a page's address without its slash leads to the page: %s",
  async (path) => {
    const response = await fetch(studio.address.slice(0, -1) + path);
    expect([response.status, await response.text()]).toEqual([200, `<p>${path.slice(1).replace(/\?.*/, "")}/</p>`]);
    expect(response.url).toMatch(/\/(\?x=1)?$/);
  },
);

describe("the list of runs", () => {
  test("has runs whose config.json is damaged, links to folders, and links that lead nowhere; each says what is wrong", async () => {
    await run("good", '{"model":{"name":"mlp"}}');
    for (const [name, config] of Object.entries({ null: "null", number: "7", list: "[]", half: '{"a":', empty: "" }))
      await run(name, config);
    await run("huge", `{"a":"${"x".repeat(2 ** 21)}"}`);
    await mkdir(runs("pipe"));
    execFileSync("mkfifo", [runs("pipe", "config.json")]);
    await mkdir(join(place, "elsewhere"));
    await writeFile(join(place, "elsewhere/config.json"), "{}");
    await symlink(join(place, "elsewhere"), runs("linked"));
    await symlink(join(place, "nowhere"), runs("broken"));
    await writeFile(runs("a-file"), "");
    const list = await (await fetch(`${studio.address}api/runs`)).json();
    const problems = Object.fromEntries(
      list.map(({ name, problem }: { name: string; problem?: string }) => [name, problem ?? "none"]),
    );
    const config = Object.fromEntries(
      ["null", "number", "list", "half", "empty", "huge", "pipe"].map((name) => [name, "config"]),
    );
    expect(problems).toEqual({ ...config, good: "none", linked: "none", broken: "link" });
    for (const { config } of list) expect(config).toBeTypeOf("object");
  });
});

test("a run trains while its lock's process lives, and no longer when that was killed", async () => {
  await run("locked");
  const lock = { since: "2026-01-01T00:00:00.000Z", process: "", id: "1", host: hostname() };
  const holderOf = async () => (await listRuns(runs())).find(({ name }) => name === "locked")?.holder?.pid;
  await writeFile(runs("locked/lock.json"), JSON.stringify({ ...lock, pid: process.pid }));
  expect(await holderOf()).toBe(process.pid);
  const killed = spawnSync(process.execPath, ["-e", ""]).pid;
  await writeFile(runs("locked/lock.json"), JSON.stringify({ ...lock, pid: killed }));
  expect(await holderOf()).toBeUndefined();
  await rm(runs("locked/lock.json"));
  execFileSync("mkfifo", [runs("locked/lock.json")]);
  expect(await holderOf()).toBeUndefined();
});

describe("what a run writes", () => {
  test("is read past lines that say nothing: null, numbers, no JSON, no epoch, bad values", async () => {
    const file = await run("odd");
    const lines = [
      "null",
      "7",
      "[]",
      "{",
      '{"loss":1}',
      '{"epoch":"1"}',
      '{"epoch":1,"loss":"x","validation":null}',
      '{"epoch":2,"loss":0.5}',
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    expect((await read(new RunReader(runs(), "odd"))).metrics).toEqual([{ epoch: 1 }, { epoch: 2, loss: 0.5 }]);
  });

  test("is told of as far as it can't be read, and no longer once it can", async () => {
    const file = await run("holes");
    const reader = new RunReader(runs(), "holes");
    const readings = async () => (await reader.next()).filter(({ type }) => type === "reading");
    expect(await readings()).toMatchObject([{ there: false, read: 0 }]);
    await writeFile(file, '{"epoch":1}\n{"epoch":');
    // A line that is being written is none yet.
    expect(await readings()).toMatchObject([{ there: true, read: 1, damaged: 0 }]);
    await appendFile(file, '2}\nnull\n\n{"step":1}\n7\n{"epoch":3}\n{"ep');
    expect(await readings()).toMatchObject([{ there: true, read: 3, damaged: 2, first: 3 }]);
    await writeFile(runs("holes/result.json"), "{}");
    expect(await readings()).toMatchObject([{ read: 3, damaged: 2, first: 3, cut: 8 }]);
    expect((await listRuns(runs())).find(({ name }) => name === "holes")?.metrics).toEqual({
      epoch: 3,
      problem: "damaged",
    });
    await writeFile(file, '{"epoch":1}\n');
    expect(await readings()).toMatchObject([{ there: true, read: 1, damaged: 0 }]);
    expect((await listRuns(runs())).find(({ name }) => name === "holes")?.metrics).toEqual({ epoch: 1 });
  });

  test("that is empty is told where the run has ended; result.json says which epoch was the best", async () => {
    const file = await run("nothing");
    await writeFile(file, "");
    const reader = new RunReader(runs(), "nothing");
    const readings = async () => (await reader.next()).filter(({ type }) => type === "reading");
    const entry = async () => (await listRuns(runs())).find(({ name }) => name === "nothing");
    expect(await readings()).toEqual([]);
    await writeFile(runs("nothing/result.json"), '{"bestEpoch":12,"epochs":30,"validation":{"loss":0.5,"accuracy":1}}');
    expect(await readings()).toMatchObject([{ there: true, empty: true }]);
    expect(await entry()).toMatchObject({ metrics: { problem: "empty" }, best: { epoch: 12, loss: 0.5, accuracy: 1 } });
  });

  test("is read in pieces: 120,000 epochs become few, with the smallest and largest loss among them", {
    timeout: 60_000,
  }, async () => {
    const file = await run("long");
    const lossOf = (epoch: number) => (epoch === 77_777 ? 99 : epoch === 50_001 ? -5 : Math.sin(epoch));
    await writeFile(
      file,
      Array.from({ length: 120_000 }, (_, i) => `{"epoch":${i + 1},"loss":${lossOf(i + 1)}}\n`).join(""),
    );
    const { metrics } = await read(new RunReader(runs(), "long"));
    expect(metrics.length).toBeLessThan(4000);
    const losses = metrics.map(({ loss = 0 }) => loss);
    expect([Math.max(...losses), Math.min(...losses), metrics.at(-1)?.epoch]).toEqual([99, -5, 120_000]);
  });

  test("of 83 MB takes little memory, and others are answered meanwhile", { timeout: 120_000 }, async () => {
    const file = await run("big");
    const out = createWriteStream(file);
    const padding = "x".repeat(7000);
    for (let epoch = 1; epoch <= 12_000; epoch++) {
      if (!out.write(`{"epoch":${epoch},"loss":${1 / epoch},"more":"${padding}"}\n`)) await once(out, "drain");
    }
    out.end();
    await finished(out);
    const reader = new RunReader(runs(), "big");
    const before = process.memoryUsage();
    let [most, bytes, last] = [0, 0, 0];
    do {
      for (const event of await reader.next()) {
        bytes += JSON.stringify(event).length;
        if (event.type === "metrics") last = event.metrics.at(-1)?.epoch ?? 0;
      }
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
    } while (reader.more);
    expect(last).toBe(12_000);
    expect(most).toBeLessThan(250e6);
    expect(bytes).toBeLessThan(3e6);
    const events = await fetch(`${studio.address}api/events?run=big`);
    expect((await fetch(`${studio.address}api/runs`)).status).toBe(200);
    await events.body?.cancel();
    // Nothing new: nothing is read again.
    expect(await read(reader)).toEqual({ metrics: [], restarts: 0 });
  });

  test("of a line without an end is passed over", async () => {
    const file = await run("endless");
    await writeFile(file, `{"epoch":1}\n${"x".repeat(3 * 2 ** 20)}`);
    const reader = new RunReader(runs(), "endless");
    expect((await read(reader)).metrics).toEqual([{ epoch: 1 }]);
    await appendFile(file, '\n{"epoch":2}\n');
    expect((await read(reader)).metrics).toEqual([{ epoch: 2 }]);
  });

  test("is told anew after a run went back, was cut, or was written anew with as many bytes", async () => {
    const file = await run("back");
    const line = (epoch: number, loss: number) => `{"epoch":${epoch},"loss":${loss}}\n`;
    await writeFile(file, line(1, 3) + line(2, 2) + line(3, 1));
    const reader = new RunReader(runs(), "back");
    expect((await read(reader)).metrics).toHaveLength(3);
    await truncate(file, line(1, 3).length);
    expect(await read(reader)).toEqual({ metrics: [{ epoch: 1, loss: 3 }], restarts: 1 });
    await appendFile(file, line(2, 7));
    expect(await read(reader)).toEqual({ metrics: [{ epoch: 2, loss: 7 }], restarts: 0 });
    await writeFile(file, line(1, 4) + line(2, 8));
    expect((await read(reader)).restarts).toBe(1);
    await rm(file);
    expect(await read(reader)).toEqual({ metrics: [], restarts: 1 });
  });

  test("is not waited for where it is a pipe", async () => {
    const file = await run("fifo");
    execFileSync("mkfifo", [file]);
    expect(await read(new RunReader(runs(), "fifo"))).toEqual({ metrics: [], restarts: 0 });
    expect((await listRuns(runs())).some(({ name }) => name === "fifo")).toBe(true);
  });
});
