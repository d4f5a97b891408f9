// Runs the command line in processes of its own, in a folder of each test file.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, vi } from "vitest";
import { encodeIdx } from "../../packages/tidu/src/data/index.js";
import { type MnistPart, readMnist } from "../../packages/tidu/src/data/mnist-files.js";

const BUSY = 120_000;

const program = (name: string): string => fileURLToPath(new URL(`../../packages/cli/dist/${name}.js`, import.meta.url));

/** What a process came to. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A process that is still running. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Resolves once its output has such a part. */
  until(part: RegExp): Promise<void>;
  /** Sends a signal, or text to its standard input. */
  signal(name: NodeJS.Signals): void;
  type(text: string): void;
  /** Ends its standard input. */
  endInput(): void;
  /** Stops reading, as `head` does when it has seen enough. */
  closeOutput(): void;
}

function start(command: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Running {
  // The key by which a person's own runs are known is one of the test's own.
  const own = { XDG_CONFIG_HOME: join(cwd, "config"), TERM: "xterm", NO_COLOR: "1" };
  const child = spawn(command, args, { cwd, env: { ...process.env, ...own, ...more } });
  let [out, errors] = ["", ""];
  const waiting = new Set<() => void>();
  child.stdout.on("data", (text) => {
    out += text;
    for (const look of waiting) look();
  });
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const outcome = new Promise<Outcome>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, errors }));
  });
  const until = (part: RegExp): Promise<void> =>
    new Promise((done, fail) => {
      const look = () => part.test(out) && done();
      waiting.add(look);
      look();
      outcome.then(() => fail(new Error(`it ended without ${part}:\n${out}\n${errors}`)), fail);
    });
  return {
    outcome,
    until,
    signal: (name) => child.kill(name),
    type: (text) => child.stdin.write(text),
    endInput: () => child.stdin.end(),
    closeOutput: () => child.stdout.destroy(),
  };
}

/** A folder for a test file's processes to work in, and ways to start them there. */
export function workplace() {
  // A test here starts several processes, on a machine that may be busy.
  vi.setConfig({ testTimeout: BUSY, hookTimeout: BUSY });
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tidu-cli-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const path = (...names: string[]): string => join(folder, ...names);
  return {
    path,
    write: async (name: string, content: string | Uint8Array): Promise<void> => writeFile(path(name), content),
    /** Starts the command with its output in pipes. */
    start: (...args: string[]) => start(process.execPath, [program("bundle/tidu"), ...args], folder),
    /** Runs it to its end. */
    tidu: (...args: string[]) => start(process.execPath, [program("bundle/tidu"), ...args], folder).outcome,
    /** Runs it with other variables of the environment. */
    tiduIn: (more: NodeJS.ProcessEnv, ...args: string[]) =>
      start(process.execPath, [program("bundle/tidu"), ...args], folder, more).outcome,
    /** Runs what `npm start` runs. */
    lenet: (...args: string[]) => start(process.execPath, [program("cli/lenet"), ...args], folder).outcome,
    /** Starts it on a terminal of its own, of 100 columns. */
    onTerminal: (...args: string[]) => {
      const line = ["stty cols 100;", process.execPath, program("bundle/tidu"), ...args].join(" ");
      return start("script", ["-qec", line, "/dev/null"], folder);
    },
  };
}

/** The first so many test digits of MNIST, by class, as PNG files in class folders and as IDX files. */
export async function writeDigits(folder: string, idx: string, perClass: number): Promise<MnistPart> {
  const { test } = await readMnist();
  const numbers = Array.from({ length: 10 }, (_, digit) =>
    [...test.labels.keys()].filter((i) => test.labels[i] === digit).slice(0, perClass),
  ).flat();
  const pixels = (i: number): Uint8Array => test.images.subarray(784 * i, 784 * (i + 1));
  await mkdir(idx, { recursive: true });
  for (const [i, n] of numbers.entries()) {
    const parent = join(folder, String(test.labels[n]));
    await mkdir(parent, { recursive: true });
    const raw = { width: 28, height: 28, channels: 1 } as const;
    const image = sharp(pixels(n), { raw }).toColourspace("b-w");
    await image.png().toFile(join(parent, `${String(i).padStart(4, "0")}.png`));
  }
  const images = Uint8Array.from(numbers.flatMap((n) => [...pixels(n)]));
  const labels = Uint8Array.from(numbers, (n) => test.labels[n]);
  const shape = [numbers.length, 28, 28];
  await writeFile(join(idx, "train-images-idx3-ubyte"), encodeIdx({ dtype: "u8", shape, data: images }));
  const flat = encodeIdx({ dtype: "u8", shape: [numbers.length], data: labels });
  await writeFile(join(idx, "train-labels-idx1-ubyte"), flat);
  return { images, labels };
}

/** The lines of a text, without the empty one at its end. */
export const linesOf = (text: string): string[] => text.trimEnd().split("\n");

/** What `--json` wrote: a value for each line. */
export const jsonLines = (text: string): Record<string, unknown>[] => linesOf(text).map((line) => JSON.parse(line));
