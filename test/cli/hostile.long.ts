// Runs' folders and data that are damaged, or that somebody made to do harm.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RunFolder } from "../../packages/cli/src/cli/run/folder.js";
import { visible } from "../../packages/cli/src/cli/ui/terminal.js";
import { TiduError } from "../../packages/tidu/src/base/errors.js";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, tiduIn, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--no-report"];

const rows = (count: number, target: (x: number, z: number) => string | number): string =>
  Array.from({ length: count }, (_, i) => [(i * 7) % 11, (i * 5) % 13])
    .map(([x, z]) => `${x},${z},${["p", "q"][x % 2]},${target(x, z)}`)
    .join("\n");

const MODEL = `import { writeFileSync } from "node:fs";
import { nn } from "tidu";
writeFileSync(process.env.TIDU_TEST_WITNESS ?? "/dev/null", "it ran");
export default ({ inputShape, outputs }) => nn.linear(inputShape[0], outputs);
`;

beforeAll(async () => {
  await write("classes.csv", `x,z,name,y\n${rows(60, (x, z) => ["a", "b", "c"][(x + z) % 3])}\n`);
  await write("values.csv", `x,z,name,y\n${rows(60, (x, z) => 100 * x - 3.5 * z + 0.25)}\n`);
  await write("model.ts", MODEL);
  await tidu("train", "classes.csv", ...QUICK, "--model", "model.ts", "--out", "classes");
  await tidu("train", "values.csv", ...QUICK, "--schedule", "linear", "--dropout", "0.1", "--out", "values");
});

/** All places in a value of JSON, as lists of keys. */
function placesIn(value: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [above];
  return [above, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...above, key]))];
}

/** A copy with another value at a place; undefined leaves it out. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

describe("a config.json that is damaged", () => {
  it.each(["classes", "values"])(
    "of %s opens as what it is, or ends with an error that names the place",
    async (run) => {
      const text = await readFile(path(run, "config.json"), "utf8");
      const folder = await mkdtemp(join(tmpdir(), "tidu-hostile-"));
      const failures: string[] = [];
      let opened = 0;
      for (const place of placesIn(JSON.parse(text))) {
        for (const value of [null, undefined, "x", -1, 0.5, {}, [], [null], true]) {
          const config = changed(JSON.parse(text), place, value);
          await writeFile(join(folder, "config.json"), JSON.stringify(config) ?? "");
          try {
            await RunFolder.open(folder);
            opened++;
          } catch (error) {
            const { message } = error as Error;
            if (!(error instanceof TiduError) || !message.includes("config.json"))
              failures.push(`${place}: ${message}`);
          }
        }
      }
      await rm(folder, { recursive: true });
      expect(failures).toEqual([]);
      expect(opened).toBeGreaterThan(0);
    },
  );

  it.each<[string, (text: string) => string, RegExp]>([
    [
      "a learning rate of text",
      (t) => t.replace('"lr": 0.001', '"lr": "x"'),
      /training\.lr is "x"; it must be of type number/,
    ],
    ["nothing in it", () => "null", /its content is null; it must be of type object/],
    ["no training", (t) => t.replace('"training"', '"trained"'), /its content has no "training"/],
    [
      "a preset that all objects have",
      (t) => t.replace('"name": "mlp"', '"name": "constructor"'),
      /model\.name is "constructor"/,
    ],
    [
      "an unknown kind of data",
      (t) => t.replace('"kind": "table"', '"kind": "tabel"'),
      /data\.preprocess\.kind is "tabel"; it must be one that this version knows/,
    ],
    [
      "an unknown kind of column",
      (t) => t.replace('"kind": "number"', '"kind": "nmber"'),
      /data\.preprocess\.columns\.0\.kind is "nmber"; it must be one that this version knows/,
    ],
    ["no JSON", (t) => t.slice(0, 100), /it is not JSON/],
    ["another format", (t) => t.replace('"format": 1', '"format": 2'), /its format is 2, this version reads 1/],
  ])("with %s ends every command with one line", async (_, damage, message) => {
    await cp(path("values"), path("damaged"), { recursive: true });
    await writeFile(path("damaged", "config.json"), damage(await readFile(path("values", "config.json"), "utf8")));
    for (const [command, ...rest] of [["eval"], ["predict", "values.csv"], ["resume"], ["compare"]]) {
      const { code, errors } = await tidu(command, "damaged", ...rest);
      expect(code).toBe(1);
      expect(errors).toMatch(/^tidu: damaged\/config\.json: .*\n$/);
      expect(errors).toMatch(message);
    }
    await rm(path("damaged"), { recursive: true });
  });

  it.each<[string, readonly string[], unknown, RegExp]>([
    [
      "classes",
      ["preprocess", "classes"],
      ["a", "b"],
      /data\.classes is \["a", "b", "c"\], and data\.preprocess\.classes/,
    ],
    ["classes", ["preprocess", "classes"], undefined, /data\.preprocess\.classes is undefined/],
    ["classes", ["preprocess", "columns", "0"], { kind: "hash", name: "x", places: 64 }, /data\.inputShape is \[\d\]/],
    ["classes", ["outputs"], 4, /data\.outputs is 4, and data\.preprocess has names of 3/],
    ["values", ["preprocess", "targets"], undefined, /data\.outputs is 1, and data\.preprocess has names of 0/],
    ["values", ["task"], "classification", /data\.task is "classification"/],
  ])("of %s says twice what its data are, and must say the same: %s", async (run, place, value, message) => {
    const config = JSON.parse(await readFile(path(run, "config.json"), "utf8"));
    const folder = await mkdtemp(join(tmpdir(), "tidu-hostile-"));
    await writeFile(join(folder, "config.json"), JSON.stringify(changed(config, ["data", ...place], value)));
    await expect(RunFolder.open(folder)).rejects.toThrow(message);
    await rm(folder, { recursive: true });
  });

  it("is not the only file that is checked", async () => {
    await cp(path("values"), path("lines"), { recursive: true });
    await writeFile(path("lines", "metrics.jsonl"), 'null\n{"epoch":"one"}\n');
    expect((await tidu("compare", "lines")).errors).toMatch(/^tidu: lines\/metrics\.jsonl: its content is null; /);
    await writeFile(path("lines", "metrics.jsonl"), '{"epoch":"one"}\n');
    expect((await tidu("eval", "lines")).errors).toMatch(/metrics\.jsonl: its content has no "loss"/);
    await cp(path("values", "metrics.jsonl"), path("lines", "metrics.jsonl"));
    await writeFile(path("lines", "result.json"), "[]");
    expect((await tidu("compare", "lines")).errors).toMatch(/^tidu: lines\/result\.json: its content is \[\]; /);
  });
});

describe("a run whose network is made by somebody else's program", () => {
  it("runs it only when a person says so", async () => {
    const elsewhere = { XDG_CONFIG_HOME: path("elsewhere") };
    const commands = [
      ["eval", "classes"],
      ["predict", "classes", "classes.csv"],
      ["export", "classes", "--format", "onnx", "--out", "out.onnx"],
      ["report", "classes", "--again"],
      ["resume", "classes", "--no-report"],
    ];
    for (const [i, args] of commands.entries()) {
      const witness = path(`witness-${i}`);
      const env = { ...elsewhere, TIDU_TEST_WITNESS: witness };
      const { code, errors } = await tiduIn(env, ...args);
      expect(code, args.join(" ")).toBe(2);
      expect(errors).toMatch(
        /^tidu: classes: its network is made by a program, model\.ts, which you did not write on this machine; .*--trust to run it\n$/,
      );
      await expect(readFile(witness)).rejects.toThrow(/ENOENT/);
      const trusted = await tiduIn(env, ...args, "--trust");
      expect([trusted.code, trusted.errors]).toEqual([0, ""]);
      expect(await readFile(witness, "utf8")).toBe("it ran");
    }
    // Where it was trained, nobody asks.
    expect((await tidu("eval", "classes")).code).toBe(0);
  });

  it("notices another program in an own run, and another file that it imports", async () => {
    const config = await readFile(path("classes", "config.json"), "utf8");
    for (const other of [
      config.replace("nn.linear(", "nn.linear( "),
      config.replace('"signature"', '"files": { "a.ts": "" }, "signature"'),
    ]) {
      expect(other).not.toBe(config);
      await cp(path("classes"), path("changed"), { recursive: true });
      await writeFile(path("changed", "config.json"), other);
      expect((await tidu("eval", "changed")).errors).toMatch(/did not write on this machine/);
    }
  });

  it("needs no trust where the network has a name of ours", async () => {
    const { code } = await tiduIn({ XDG_CONFIG_HOME: path("elsewhere") }, "eval", "values");
    expect(code).toBe(0);
  });
});

describe("names that could command a terminal", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
  const COMMANDS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/;
  const EVIL = ["\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "red\u202eder"];

  it("are spelled wherever they are printed", async () => {
    const target = `y${EVIL[1]}`;
    const table = (classes: readonly string[]): string =>
      `x${EVIL[0]},constant${EVIL[2]},"${target}"\n${Array.from({ length: 80 }, (_, i) => `${i},1,${classes[i % 4]}`).join("\n")}\n`;
    const file = `data${EVIL[1]}.csv`;
    await write(file, table(EVIL));
    const trained = await tidu("train", file, "--target", target, ...QUICK, "--out", "evil");
    expect(trained.errors).toBe("");
    const outcomes = [
      trained,
      await tidu("eval", "evil"),
      await tidu("eval", "evil", "--json"),
      await tidu("predict", "evil", file),
      await tidu("predict", "evil", file, "--json"),
      await tidu("predict", "evil", "classes.csv"),
      await tidu("compare", "evil", "values"),
      await tidu("train", file, "--target", `no${EVIL[2]}`, ...QUICK),
      await tidu("train", `no${EVIL[0]}.csv`),
      await tidu(`no${EVIL[0]}`),
    ];
    for (const { out, errors } of outcomes) {
      expect(out).not.toMatch(COMMANDS);
      expect(errors).not.toMatch(COMMANDS);
    }
    expect(trained.out).toContain("\\x1b]0;title\\x07");
    // In JSON they are what they were.
    const [{ classes }] = jsonLines(outcomes[2].out) as [{ classes: { qualities: { name: string }[] } }];
    expect(classes.qualities.map(({ name }) => name).sort()).toEqual([...EVIL].sort());
  });

  it("leaves what texts are laid out with", () => {
    expect(visible("a\n\tb \x1b[31m é 梯\u2028\r")).toBe("a\n\tb \\x1b[31m é 梯\u2028\\x0d");
  });
});
