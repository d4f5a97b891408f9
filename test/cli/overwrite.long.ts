// What must not be lost or passed over: data under a wrong --out, settings under a wrong name, output that nobody gets.
import { spawnSync } from "node:child_process";
import { linkSync, symlinkSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../../packages/cli/src/cli/program.js";
import { workplace } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "1", "--hidden", "4", "--no-report", "--threads", "1", "--device", "wasm"];
const ROWS = `x,y\n${Array.from({ length: 40 }, (_, i) => `${(i * 7) % 11},${["a", "b"][i % 2]}`).join("\n")}\n`;
const NEW = "x\n1\n5\n";

/** The line that a command which fails says, with its exit code. */
async function refused(...args: string[]): Promise<[number | null, string]> {
  const { code, errors } = await tidu(...args);
  return [code, errors.replace(/^tidu: |\n$/g, "")];
}

beforeAll(async () => {
  await write("rows.csv", ROWS);
  await write("new.csv", NEW);
  symlinkSync("new.csv", path("link.csv"));
  linkSync(path("new.csv"), path("hard.csv"));
  await write("wide.csv", ROWS.replace("x,y", "x,z,y").replaceAll(/^(\d+),/gm, "$1,$1,"));
  await mkdir(path("tables"));
  await write("tables/train.csv", ROWS);
  expect((await tidu("train", "rows.csv", ...QUICK, "--out", "run")).code).toBe(0);
});

describe("--out", () => {
  it.each(["new.csv", "./run/../new.csv", "link.csv", "hard.csv", "rows.csv"])(
    "of predictions is not %s, which is read",
    async (out) => {
      const ending = await refused("predict", "run", "new.csv", "--out", out);
      expect(ending).toEqual([2, expect.stringMatching(/^--out \S+: this is what is read\b.*; give another name$/)]);
      expect([await readFile(path("new.csv"), "utf8"), await readFile(path("rows.csv"), "utf8")]).toEqual([NEW, ROWS]);
    },
  );

  it("is not a file of the folder that a run learned from", async () => {
    expect((await tidu("train", "tables", ...QUICK, "--out", "of-folder")).code).toBe(0);
    const [code, message] = await refused("predict", "of-folder", "new.csv", "--out", "tables/train.csv");
    expect([code, message]).toEqual([2, expect.stringContaining("this is what is read")]);
    expect(await readFile(path("tables/train.csv"), "utf8")).toBe(ROWS);
    expect((await tidu("predict", "of-folder", "new.csv", "--out", "tables/new.csv")).code).toBe(0);
  });

  it.each([
    [["predict", "run", "new.csv", "--out", "run/metrics.jsonl"]],
    [["export", "run", "--format", "safetensors", "--out", "run/best.safetensors"]],
    [["export", "run", "--format", "safetensors", "--out", "run/checkpoints/best.safetensors"]],
    [["experiment", "flip-or-not", "--out", "run/config.json"]],
  ])("%j is refused: a run keeps its own files", async (args) => {
    expect(await refused(...args)).toEqual([2, expect.stringContaining("this is a file of a run itself")]);
  });

  it("may be written again, and beside a run's files", async () => {
    for (const out of ["p.csv", "p.csv", "run/p.jsonl"]) {
      expect((await tidu("predict", "run", "new.csv", "--out", out)).code).toBe(0);
    }
    for (let i = 0; i < 2; i++) {
      expect((await tidu("export", "run", "--format", "wasm", "--out", "net.wasm")).code).toBe(0);
    }
  });

  it("of an export is not a file of another form", async () => {
    await copyFile(path("rows.csv"), path("others.csv"));
    await write("page.mjs", "export const mine = 1;\n");
    for (const format of ["onnx", "safetensors", "c", "wasm"]) {
      expect(await refused("export", "run", "--format", format, "--out", "others.csv")).toEqual([
        2,
        `--out others.csv: there is such a file, and its name is not that of a .${format} file; remove it, or give others.${format}`,
      ]);
    }
    expect(await readFile(path("others.csv"), "utf8")).toBe(ROWS);
    expect(await refused("export", "run", "--format", "wasm", "--out", "page.wasm")).toEqual([
      2,
      expect.stringContaining("page.mjs, which is another module"),
    ]);
    expect(await readFile(path("page.mjs"), "utf8")).toBe("export const mine = 1;\n");
  });

  it("in a folder that is not there is said in plain words", async () => {
    for (const command of [
      ["predict", "run", "new.csv"],
      ["export", "run", "--format", "c"],
    ]) {
      const [code, message] = await refused(...command, "--out", "none/x.csv");
      expect([code, message]).toEqual([1, "cannot write none/x.csv: there is no such directory"]);
    }
  });
});

describe("--config", () => {
  it.each<[object | null, string]>([
    [{ lr: 0.5 }, "there is no setting lr; use training.lr"],
    [{ training: { lrr: 0.5 } }, "there is no setting training.lrr; use training.lr"],
    [{ "batch-size": 8 }, "there is no setting batch-size; use training.batchSize"],
    [{ data: { target: "y" } }, "there is no setting data.target; use data.options.target"],
    [{ data: { task: "regression" } }, "there is no setting data.task; use data.options.task"],
    [{ data: { options: { targt: "y" } } }, "there is no setting data.options.targt; use data.options.target"],
    [{ data: { options: { header: "no" } } }, 'data.options.header is "no"; it must be of type boolean; correct it'],
    [{ model: { name: "mlp", hiden: [4] } }, "there is no setting model.hiden; use model.hidden"],
    [
      { model: { name: "m", from: { path: "a", freze: "b" } } },
      "there is no setting model.from.freze; use model.from.freeze",
    ],
    [{ training: { checkpoint: { steps: 5 } } }, "there is no setting training.checkpoint.steps; use"],
    [{ training: { lr: "x" } }, 'training.lr is "x"; it must be of type number; correct it'],
    [{ bogus: 1 }, "there is no setting bogus; use model, data, training"],
    [null, "its content is null; it must be of type object; correct it"],
  ])("with %j is refused", async (content, message) => {
    await write("wishes.json", JSON.stringify(content));
    const ending = await run(["train", path("rows.csv"), "--config", path("wishes.json"), "--out", path("never")]);
    expect([ending.code, ending.message]).toEqual([1, expect.stringContaining(`wishes.json: ${message}`)]);
  });

  it("takes all that a run's own has, of every kind of run", async () => {
    await write(
      "values.csv",
      `x,y\n${Array.from({ length: 40 }, (_, i) => `${(i * 7) % 11},${i * 1.5}`).join("\n")}\n`,
    );
    const rich = ["--class-weights", "balanced", "--split-by", "z", "--schedule", "cosine", "--clip", "1"];
    const runs: [string, string[]][] = [
      ["wide.csv", [...rich, "--missing", "zz", "--early-stop", "2", "--checkpoint-every", "5"]],
      [
        "values.csv",
        ["--numeric", "x", "--loss", "mae", "--test-data", "values.csv", "--validation-data", "values.csv"],
      ],
      ["tables", ["--samples", "20", "--shards", "2", "--categorical", "x", "--header"]],
    ];
    for (const [i, [data, options]] of runs.entries()) {
      expect(await tidu("train", data, ...QUICK, ...options, "--out", `rich-${i}`)).toMatchObject({ code: 0 });
      const again = await tidu("train", "--config", `rich-${i}/config.json`, "--no-report", "--out", `again-${i}`);
      expect([again.code, again.errors]).toEqual([0, ""]);
      const [one, other] = await Promise.all(
        [`rich-${i}`, `again-${i}`].map((name) => readFile(path(name, "model.safetensors"))),
      );
      expect(other.equals(one)).toBe(true);
    }
  });
});

describe("--from", () => {
  it("says what another file is, and both shapes where the data do not fit", async () => {
    expect((await tidu("export", "run", "--format", "safetensors", "--out", "net.safetensors")).code).toBe(0);
    expect((await tidu("export", "run", "--format", "onnx", "--out", "net.onnx")).code).toBe(0);
    await write("net.pt", "PK\x03\x04 and more");
    await write("text.onnx", "hello");
    const begin = (file: string, data = "rows.csv") =>
      refused("train", data, "--epochs", "1", "--from", file, "--out", "begun");
    expect((await begin("net.pt"))[1]).toMatch(
      /^--from net\.pt: this is a zip file, such as PyTorch's \.pt .*; in Python, write .* or export ONNX/,
    );
    expect((await begin("text.onnx"))[1]).toMatch(
      /^--from text\.onnx: this is no trained network; give the folder of a run, an ONNX file/,
    );
    expect((await begin("tables"))[1]).toMatch(/^--from tables: it is a folder, but not of a run; give a file/);
    expect(await begin("net.onnx", "wide.csv")).toEqual([
      2,
      expect.stringMatching(/^--from net\.onnx: a sample of the data has shape \[2\], the network takes \[1\]; give/),
    ]);
  });
});

describe.runIf(process.platform === "linux")("standard output that cannot be written", () => {
  it.each([
    [["predict", "run", "new.csv"]],
    [["datasets"]],
    [["compare", "run", "--csv"]],
    [["--help"]],
    [["train", "rows.csv", ...QUICK, "--out", "unheard"]],
  ])("%j ends with 1 and says why", (args) => {
    const program = fileURLToPath(new URL("../../packages/cli/dist/bundle/tidu.js", import.meta.url));
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", 'exec "$@" > /dev/full', "sh", process.execPath, program, ...args],
      {
        cwd: path(),
        encoding: "utf8",
      },
    );
    expect(stderr).toBe("tidu: cannot write to standard output: the disk is full; free some space\n");
    expect(status).toBe(1);
  });
});
