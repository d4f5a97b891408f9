// What is trained, killed and resumed: by the library with samples in memory and from a stream, and by the command with a
// table (dropout, Adam) and with images (batch normalization, augmentation).
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const [CHILD, LIBRARY] = [here("./child.mjs"), here("../../../packages/tidu/dist")];
const COMMAND = here("../../../packages/cli/dist/bundle/tidu.js");

/**
 * @typedef {object} Course
 * @property {(folder: string) => Promise<void>} prepare writes what it learns from
 * @property {(folder: string, resume: boolean) => string[]} argv what Node is started with
 * @property {RegExp} trains lines of its output while it trains: between the first and the last it is killed
 * @property {(folder: string, output: string) => Promise<string>} end what it came to
 */

/** @returns {Course} */
const library = (/** @type {"memory" | "stream"} */ from) => ({
  prepare: async () => {},
  argv: (folder) => [CHILD, LIBRARY, folder, from],
  trains: /^step /,
  end: async (_, output) => /^end (\w+)$/m.exec(output)?.[1] ?? "",
});

/** @returns {Course} */
const command = (
  /** @type {(folder: string) => Promise<void>} */ prepare,
  /** @type {(folder: string) => string[]} */ options,
) => ({
  prepare,
  argv: (folder, resume) => {
    const run = join(folder, "run");
    const common = ["--threads", "1", "--no-report", "--json"];
    if (resume && existsSync(join(run, "config.json"))) return [COMMAND, "resume", run, ...common];
    return [COMMAND, "train", ...options(folder), "--out", run, "--checkpoint-every", "5", "--seed", "3", ...common];
  },
  trains: /"event":"(start|epoch)"/,
  end: async (folder) => {
    const hash = createHash("sha256");
    for (const name of ["model", "best"]) hash.update(await readFile(join(folder, "run", `${name}.safetensors`)));
    const lines = (await readFile(join(folder, "run", "metrics.jsonl"), "utf8")).trim().split("\n");
    for (const line of lines) {
      const { seconds, samplesPerSecond, ...metrics } = JSON.parse(line);
      hash.update(JSON.stringify(metrics));
    }
    return hash.digest("hex");
  },
});

async function writeTable(/** @type {string} */ folder) {
  const rows = Array.from(
    { length: 3000 },
    (_, i) => `${Math.sin(i * i)},${(i * 7) % 11},${"abc"[(i * 5) % 3]},class ${i % 4}`,
  );
  await writeFile(join(folder, "table.csv"), `x,z,name,y\n${rows.join("\n")}\n`);
}

async function writeImages(/** @type {string} */ folder) {
  const count = 200;
  const pixels = Uint8Array.from({ length: count * 144 }, (_, i) => 128 + 127 * Math.sin(i * i));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 4);
  const idx = (/** @type {number[]} */ sizes, /** @type {Uint8Array} */ data) => {
    const head = Buffer.alloc(4 + 4 * sizes.length);
    head.set([0, 0, 8, sizes.length]);
    for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
    return Buffer.concat([head, data]);
  };
  await writeFile(join(folder, "train-images-idx3-ubyte"), idx([count, 12, 12], pixels));
  await writeFile(join(folder, "train-labels-idx1-ubyte"), idx([count], labels));
  await writeFile(
    join(folder, "model.mjs"),
    `import { nn } from "tidu";
export default ({ outputs }) => nn.sequential(
  nn.conv2d(1, 8, 3, { padding: 1 }), nn.batchNorm2d(8), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(288, outputs));
`,
  );
}

/** @type {Record<string, Course>} */
export const COURSES = {
  memory: library("memory"),
  stream: library("stream"),
  table: command(writeTable, (folder) => [
    ...[join(folder, "table.csv"), "--dropout", "0.3", "--optimizer", "adam"],
    ...["--epochs", "8", "--schedule", "cosine"],
  ]),
  images: command(writeImages, (folder) => [
    ...[folder, "--model", join(folder, "model.mjs"), "--augment", "shift:2,flip"],
    ...["--epochs", "6", "--optimizer", "sgd"],
  ]),
};
