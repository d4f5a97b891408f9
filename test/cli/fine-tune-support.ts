// What tests of training that begins with another run's weights share: tables, runs that have learned, and commands.
import { readFile } from "node:fs/promises";
import { beforeAll, expect } from "vitest";
import { readSafetensors } from "../../packages/tidu/src/index.js";
import { workplace } from "./support.js";

/** Rows of points around one place for each class. */
export function table(classes: readonly string[], count: number, names = ["a", "b"], shift = 0): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const place = i % classes.length;
    const cells = names.map((_, j) => (place * 3 + j + shift + Math.sin(7 * i + j)).toFixed(3));
    return [...cells, classes[place]].join(",");
  });
  return `${[...names, "kind"].join(",")}\n${rows.join("\n")}\n`;
}

const MODEL = `import { writeFileSync } from "node:fs";
import { nn } from "tidu";
if (process.env.TIDU_TEST_WITNESS) writeFileSync(process.env.TIDU_TEST_WITNESS, "it ran");
export default ({ inputShape, outputs }) => nn.sequential(nn.linear(inputShape[0], 8 * outputs), nn.relu(), nn.linear(8 * outputs, outputs));
`;

/** A folder with tables and the runs `run`, `own` (by a model file) and `values` (of numbers). */
export function fineTuning() {
  const place = workplace();
  const { path, write, tidu } = place;
  const train = (...args: string[]) => tidu("train", ...args, "--threads", "1", "--no-report");

  /** Trains, and returns what it printed. */
  async function trained(...args: string[]): Promise<string> {
    const { code, out, errors } = await train(...args);
    expect([code, errors], args.join(" ")).toEqual([0, ""]);
    return out;
  }

  /** The error of a training that is refused. */
  async function refused(...args: string[]): Promise<string> {
    const { code, errors } = await train(...args);
    expect(code, args.join(" ")).not.toBe(0);
    return errors.trim();
  }

  /** The values of a tensor in a file. */
  async function numbers(file: string, name: string): Promise<number[]> {
    return [...(await (await readSafetensors(path(file))).read(name)).data].map(Number);
  }

  const configOf = async (run: string) => JSON.parse(await readFile(path(run, "config.json"), "utf8"));

  beforeAll(async () => {
    await write("three.csv", table(["x", "y", "z"], 90));
    await write("moved.csv", table(["z", "x", "y"], 60, ["a", "b"], 5));
    await write("four.csv", table(["x", "y", "z", "new"], 80));
    await write("others.csv", table(["x", "y", "other"], 60));
    await write("swapped.csv", table(["x", "y", "z"], 60, ["b", "a", "extra"]));
    await write("lacks.csv", table(["x", "y", "z"], 60, ["a", "c"]));
    await write(
      "values.csv",
      `a,b,y\n${Array.from({ length: 60 }, (_, i) => `${i},${i % 7},${i * 2 + 0.5}`).join("\n")}\n`,
    );
    await write("model.ts", MODEL);
    await trained("three.csv", "--epochs", "3", "--out", "run");
    await trained("three.csv", "--model", "model.ts", "--epochs", "2", "--out", "own");
    await trained("values.csv", "--epochs", "2", "--out", "values");
  });

  return { ...place, trained, refused, numbers, configOf };
}
