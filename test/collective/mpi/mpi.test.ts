// Training in processes of MPI, where it is installed: the same bits for any number of them.
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { checkSame } from "../../../packages/tidu/src/runtime/mpi/hello.js";
import { inFolder } from "../../train/resume-support.js";
import { inProcesses, Job, LAUNCHERS, type Launcher, TIDU, TRAIN } from "./jobs.js";

const ALL = ["lenet", "cnn", "stream", "sync"];
/**
 * Of 75 samples in batches of 16 and, last, 11: those that each of 1 to 4 processes reads to learn, by its shards of 4. All are
 * measured in one batch, which rank 0 reads.
 */
const READ = [[75 + 75], [40 + 75, 35], [20 + 75, 20, 35], [20 + 75, 20, 19, 16]];

interface Line {
  readonly digests: readonly string[];
  readonly steps: number;
  readonly sent: number;
  readonly floats: number;
  /** Samples of streams that each process has read. */
  readonly readBy: readonly number[];
}

/** What each training printed. */
function lines({ code, out, err }: { code: number | null; out: string; err: string }): Line[] {
  if (code !== 0) throw new Error(`it ended with ${code}: ${err}${out}`);
  return out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
}

/** What one process comes to that knows nothing of MPI. */
const alone = async (courses: string, options: object = {}): Promise<Line[]> =>
  lines(await new Job([process.execPath, TRAIN, courses, JSON.stringify({ alone: true, ...options })]).ended);

/** Whether each MPI is asked everything, in every way; else only the first one is asked all questions, each in one way. */
const everything = process.env.MPI === "all";
const isAsked = (launcher: Launcher): boolean => everything || launcher === LAUNCHERS[0];
const oneUnlessAll = <T>(ways: readonly T[]): readonly T[] => (everything ? ways : ways.slice(-1));

/**
 * What is trained in how many processes, all of it in the first. Unless everything is asked for, only three processes, whose shares of the shards differ, train
 * it all; others train most of it in the tests below, but no streams. What another MPI has to do are sums of two networks' sizes.
 */
const coursesFor = (launcher: Launcher): readonly (readonly [processes: number, courses: readonly string[]])[] => {
  if (everything) return [1, 2, 3, 4].map((processes) => [processes, ALL]);
  return isAsked(launcher)
    ? [
        [3, ALL],
        [4, ["stream"]],
        [1, ["stream"]],
      ]
    : [[3, ["lenet", "stream"]]];
};

describe.each(LAUNCHERS)("$name", (launcher) => {
  const run = async (processes: number, courses: string, options: object = {}): Promise<Line[]> =>
    lines(await inProcesses(launcher, processes, TRAIN, courses, JSON.stringify(options)));

  it("the same bits come of any number of processes, dropout, batch norm (of shards and of all), augmentation and streams included", async () => {
    const planned = coursesFor(launcher);
    const [[, all]] = planned;
    const expected = new Map((await alone(all.join(), { epochs: 1 })).map(({ digests: [own] }, i) => [all[i], own]));
    for (const [processes, courses] of planned) {
      const found = await run(processes, courses.join(), { epochs: 1 });
      for (const [i, course] of courses.entries()) {
        const { digests, floats, sent, steps, readBy } = found[i];
        expect(digests, `${course} in ${processes} processes`).toEqual(Array(processes).fill(expected.get(course)));
        if (course === "stream") expect(readBy).toEqual(READ[processes - 1]);
        if (course !== "lenet") continue;
        // Each gradient goes out once to be added and once as a sum; beside them go four numbers of the batch.
        const least = 4 * 2 * ((processes - 1) / processes) * (floats + 4) * steps;
        expect(Math.abs(sent - least)).toBeLessThanOrEqual(16 * steps);
      }
    }
  }, 180_000);
});

// What is above the library is the same for all.
describe.each(LAUNCHERS.slice(0, 1))("training with $name", (launcher) => {
  const run = async (processes: number, courses: string, options: object = {}): Promise<Line[]> =>
    lines(await inProcesses(launcher, processes, TRAIN, courses, JSON.stringify(options)));

  // Gradients are products of what shards leave. The last batch, of 11, fills a shard and a part of the next.
  it.each(
    oneUnlessAll([
      { native: true, courses: "wide,steep", processes: [3] },
      { native: false, courses: "wide,steep,sync", processes: everything ? [3, 5, 8] : [3] },
    ]),
  )(
    "8 shards of 8 samples give the same bits in $processes processes (native code: $native)",
    async ({ native, courses, processes }) => {
      const options = { epochs: 1, shards: 8, batchSize: 64, native };
      const expected = (await alone(courses, options)).map(({ digests: [digest] }) => digest);
      for (const n of processes) {
        const found = await run(n, courses, options);
        expect(found.map(({ digests }) => digests)).toEqual(expected.map((digest) => Array(n).fill(digest)));
      }
    },
    180_000,
  );

  it("large sums are divided: factors are sent in place of gradients, and rows of weights in place of sums", async () => {
    const options = { epochs: 2, shards: 4, batchSize: 64, samples: 64 };
    const [{ digests: one }] = await alone("steep", options);
    for (const processes of oneUnlessAll([2, 4])) {
      const [{ digests, sent, floats, steps }] = await run(processes, "steep", options);
      expect(digests).toEqual(Array(processes).fill(one[0]));
      // The first layer's weights are products of 16 samples of each shard; statistics of a batch norm of 96 are summed, too.
      const [weights, factors] = [784 * 96, 16 * (784 + 96)];
      const others = processes - 1;
      const divided = others * (4 / processes) * factors + (others / processes) * weights;
      const rest = 2 * (others / processes) * (floats - weights + 2 * 96 + 4);
      expect(Math.abs(sent - 4 * steps * (divided + rest))).toBeLessThanOrEqual(16 * steps);
    }
  }, 120_000);

  it.each(
    oneUnlessAll([
      { shards: 6, batchSize: 72, processes: [4] },
      { shards: 2, batchSize: 64, processes: [2] },
      { shards: 3, batchSize: 75, processes: everything ? [2, 3] : [2] },
    ]),
  )(
    "networks by chance have the same bits ($shards shards of a batch of $batchSize)",
    async ({ processes, ...rest }) => {
      const courses = Array.from({ length: 6 }, (_, i) => 10 * rest.shards + i).join();
      const options = { ...rest, epochs: 2 };
      const expected = (await alone(courses, options)).map(({ digests: [digest] }) => digest);
      expect(new Set(expected).size).toBe(6);
      for (const n of processes) {
        const found = await run(n, courses, options);
        expect(found.map(({ digests }) => digests)).toEqual(expected.map((digest) => Array(n).fill(digest)));
      }
    },
    180_000,
  );

  it("many shards, whose sums are added up in groups, give the same bits in 1 to 3 processes", async () => {
    const options = { epochs: 1, shards: 16 };
    const [{ digests: one }] = await alone("lenet", options);
    for (const processes of oneUnlessAll([2, 3]))
      expect((await run(processes, "lenet", options))[0].digests).toEqual(Array(processes).fill(one[0]));
  }, 120_000);

  it("goes on with 2 processes, then 1, from the checkpoints of 4, in the middle of epochs", async () => {
    await inFolder(async (directory) => {
      const whole = await alone("cnn", { epochs: 3 });
      const options = { epochs: 3, directory, resume: true };
      expect((await run(4, "cnn", { ...options, stopAfter: 3 }))[0].steps).toBe(3);
      expect((await run(2, "cnn", { ...options, stopAfter: 4 }))[0].steps).toBe(4);
      expect((await run(1, "cnn", options))[0].digests).toEqual(whole[0].digests);
    });
  }, 180_000);

  it.each([
    [
      "more processes than shards",
      3,
      { shards: 2 },
      /Trainer: there are 3 processes and only 2 shards; start at most 2, or set shards to at least 3/,
    ],
    ["shards that do not divide the batch", 2, { shards: 3 }, /fit: batchSize 16 cannot be cut into 3 equal shards/],
    [
      "other data",
      2,
      { differ: "data" },
      /do not have the same training: data.inputValues is \w+… on rank 0 \(.+\), \w+… on rank 1/,
    ],
    ["another network", 2, { differ: "net" }, /do not have the same training: layer.* on rank 1/],
    ["other weights", 2, { differ: "weights" }, /do not have the same training: initial weights/],
  ])(
    "says so: %s",
    async (_, processes, options, message) => {
      const { code, err } = await inProcesses(launcher, processes, TRAIN, "cnn", JSON.stringify(options));
      expect(err).toMatch(message);
      expect(code).not.toBe(0);
    },
    60_000,
  );
});

/** A Node of another version that npx has at hand here: npx -y node@24 -v brings one. */
const otherNode = (() => {
  const version = process.versions.node.startsWith("24.") ? 22 : 24;
  try {
    const script = "JSON.stringify({ path: process.execPath, version: process.versions.node })";
    const words = ["--offline", "-y", `node@${version}`, "-p", script];
    return JSON.parse(execFileSync("npx", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    console.warn(`a test of two versions of Node is skipped: npx -y node@${version} -v brings another one`);
    return undefined;
  }
})() as { path: string; version: string } | undefined;

describe.each(LAUNCHERS.slice(0, 1))("users of $name", ({ command }) => {
  it("the READMEs' command comes to the weights of one process", async () => {
    const root = fileURLToPath(new URL("../../../", import.meta.url));
    const line = /`mpirun (-np 4) node_modules\/.bin\/tidu (train data\.csv --shards 8)`/;
    const [english, chinese] = ["README.md", "README.zh-CN.md"].map((name) =>
      line.exec(readFileSync(join(root, name), "utf8")),
    );
    expect(chinese?.slice(1)).toEqual(english?.slice(1));
    const [, processes, words] = english as RegExpExecArray;
    await inFolder(async (directory) => {
      const rows = Array.from({ length: 200 }, (_, i) =>
        [Math.sin(i), Math.cos(3 * i), i % 7, i % 2 ? "odd" : "even"].join(),
      );
      writeFileSync(join(directory, "data.csv"), ["a,b,c,kind", ...rows].join("\n"));
      const model = async (before: readonly string[], out: string): Promise<Buffer> => {
        const rest = ["--target", "kind", "--batch-size", "32", "--epochs", "3", "--no-report", "--out", out];
        const { code, err } = await new Job([...before, process.execPath, TIDU, ...words.split(" "), ...rest], {
          cwd: directory,
        }).ended;
        expect(code, err).toBe(0);
        return readFileSync(join(directory, out, "model.safetensors"));
      };
      const many = await model([...command, ...processes.split(" ")], "many");
      expect(many.equals(await model([], "one"))).toBe(true);
    });
  }, 120_000);

  it.skipIf(otherNode === undefined)(
    "another version of Node on a host is noticed at the start",
    async () => {
      const { path, version } = otherNode as { path: string; version: string };
      const part = (node: string) => ["-np", "1", node, TRAIN, "cnn"];
      const { code, err } = await new Job([...command, ...part(process.execPath), ":", ...part(path)]).ended;
      const mine = process.versions.node;
      expect(err).toMatch(
        /mpi: the processes differ in Node: rank 0 on \S+ has \S+, rank 1 on \S+ has \S+; install the same/,
      );
      expect(err).toContain(`has ${mine}, rank 1`);
      expect(err).toContain(`has ${version}; install`);
      expect(code).not.toBe(0);
    },
    60_000,
  );

  it("other code on a host is noticed at the start", async () => {
    await inFolder(async (directory) => {
      const bundle = fileURLToPath(new URL("../../../packages/tidu/dist/bundle/", import.meta.url));
      const other = join(directory, "bundle");
      cpSync(bundle, other, { recursive: true });
      writeFileSync(join(directory, "package.json"), '{"type":"module"}');
      appendFileSync(join(other, "mpi.js"), "\n// another version\n");
      const part = ["-np", "1", "env"];
      const train = [process.execPath, TRAIN, "cnn"];
      const { code, err } = await new Job([
        ...command,
        ...part,
        ...train,
        ":",
        ...part,
        `BUILT=${pathToFileURL(other)}/`,
        ...train,
      ]).ended;
      expect(err).toMatch(
        /mpi: the processes differ in Tidu's code: rank 0 on \S+ has \w{12}, rank 1 on \S+ has \w{12}; install the same/,
      );
      expect(code).not.toBe(0);
    });
  }, 60_000);
});

it("other versions of Node are told with rank and host", () => {
  const hello = { host: "alpha", node: "24.1.0", code: "c0de", processors: "" };
  expect(() => checkSame([hello, hello])).not.toThrow();
  expect(() => checkSame([hello, { ...hello, host: "beta", node: "22.3.0" }])).toThrow(
    "mpi: the processes differ in Node: rank 0 on alpha has 24.1.0, rank 1 on beta has 22.3.0; install the same version on all hosts",
  );
});

it("a process that MPI did not start is told how to start it", async () => {
  const { code, err } = await new Job([process.execPath, TRAIN, "cnn"], {
    env: { OMPI_COMM_WORLD_SIZE: undefined, PMI_RANK: undefined, PMIX_RANK: undefined },
  }).ended;
  expect(err).toMatch(/mpi: this process was not started by MPI; start it as mpirun -np 4/);
  expect(code).toBe(1);
});

it("a launcher without a library is told what to install", async () => {
  const env = { OMPI_COMM_WORLD_SIZE: "2", TIDU_MPI_LIBRARY: "libmpi-of-nobody.so" };
  const { err } = await new Job([process.execPath, TRAIN, "cnn"], { env }).ended;
  expect(err).toMatch(/mpi: there is no MPI library \(looked for libmpi-of-nobody.so\); install one/);
});
