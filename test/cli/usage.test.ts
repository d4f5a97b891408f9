import { readdir } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../../packages/cli/src/cli/program.js";
import { linesOf, workplace } from "./support.js";

const { path, tidu, write } = workplace();
beforeAll(async () => {
  await write("rows.csv", `a,b\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2}`).join("\n")}\n`);
  await write("narrow.js", 'import { nn } from "tidu"; export default nn.linear(1, 1);');
  await write("broken.ts", "export default nn.linear(1, 1);");
  await write("picture.png", "not a picture");
});

/** Commands that end with a usage error, and what they say. */
const WRONG: [args: string[], message: RegExp][] = [
  [["trian"], /unknown command 'trian' \(Did you mean train\?\)/],
  [["train"], /no data given; give a file, a folder or a name that tidu datasets lists/],
  [["train", "rows.csv", "more.csv"], /too many arguments/],
  [["train", "rows.csv", "--epoch", "3"], /unknown option '--epoch' \(Did you mean --epochs\?\)/],
  [
    ["train", "rows.csv", "--epochs", "0"],
    /--epochs <n>' argument '0' is invalid. It must be a whole number of at least 1;/,
  ],
  [["train", "rows.csv", "--seed", "9".repeat(20)], /It must be a whole number from 0 to 9007199254740991;/],
  [["train", "rows.csv", "--batch-size", "1e9"], /a whole number of at least 1, in digits, such as 1000000000;/],
  [["train", "examples/data/iris.csv", "--augment", "flip"], /--augment flip: it is for images, .* has shape \[4\]; /],
  [["train", "rows.csv", "--out", "package.json"], /It is a file; give the name of a folder;/],
  [["tune", "rows.csv", "--out", "package.json"], /It is a file; give the name of a folder;/],
  [["export", "nowhere", "--format", "onnx", "--out", "docs"], /It is a folder; give the name of a file;/],
  [["experiment", "flip-or-not", "--out", "docs"], /It is a folder; give the name of a file;/],
  [["train", "rows.csv", "--lr"], /option '--lr <x>' argument missing/],
  [["train", "rows.csv", "--optimizer", "sgdd"], /there is no "sgdd"; use sgd, adam, adamw, rmsprop$/],
  [["train", "rows.csv", "--optimizer", "sgd:momentum=2"], /sgd: momentum is 2; it must be at least 0 and below 1$/],
  [["train", "rows.csv", "--schedule", "slow"], /there is no "slow"; use linear, cosine, step/],
  [["train", "rows.csv", "--augment", "wiggle:3"], /there is no "wiggle"; there are shift:PIXELS/],
  [["train", "rows.csv", "--channels", "2"], /Allowed choices are 1, 3;/],
  [["train", "rows.csv", "--size", "64"], /It must be height x width, such as 64x64;/],
  [["train", "rows.csv", "--model", "lenett"], /there is no model "lenett"; use lenet, mlp, cnn, resnet, or a file/],
  [["train", "rows.csv", "--model", "./none.ts"], /cannot read the model \.\/none\.ts: there is no such file/],
  [["train", "examples/data/iris.csv", "--validation", "test"], /iris\.csv has no test part; give a share/],
  [["train", "nowhere.csv"], /nowhere\.csv: there is no such file or folder; tidu datasets lists/],
  [["train", "examples/data/iris.csv", "--target", "kind"], /there is no column "kind"; the columns are /],
  [["train", "examples/data/iris.csv", "--ignore", "zz"], /there is no column "zz"; the columns are /],
  [["train", "examples/data/iris.csv", "--from", "none.onnx"], /none\.onnx: there is no such file or folder$/],
  [["resume", "nowhere"], /nowhere has no config\.json; name the folder of a run/],
  [["eval", "nowhere"], /nowhere has no config\.json/],
  [["predict", "nowhere", "a.png"], /nowhere has no config\.json/],
  [["predict", "nowhere"], /missing required argument 'files'/],
  [["report", "nowhere"], /nowhere has no config\.json/],
  [["compare"], /missing required argument 'dirs'/],
  [["export", "nowhere"], /required option '--format <format>' not specified/],
  [["export", "nowhere", "--format", "tflite"], /Allowed choices are onnx, safetensors, c, wasm;/],
  [["experiment", "dropout"], /there is no experiment "dropout"; use .*dropout-accuracy, .*, or a file$/],
  [["experiment", "./none.ts"], /there is no experiment "\.\/none\.ts"/],
  [["experiment", "flip-or-not", "--seeds", "0"], /It must be a whole number of at least 1;/],
  [["experiment", "flip-or-not", "--set", "samples"], /It must be names with numbers, such as samples=500,epochs=2;/],
  [["experiment", "flip-or-not", "--set", "sample=5"], /there is no setting "sample"; there are samples, /],
  [["summary", "mlp"], /^--input: mlp does not say what it takes; give the shape of a sample, such as 1x28x28$/],
  [["summary", "mlp", "--input", "1*28"], /It must be sizes of at least 1 joined by x/],
  [["summary", "cnn", "--input", "4"], /cnn: a sample has shape \[4\], expected \[channels, height, width\]/],
];

describe("bad usage", () => {
  it.each(WRONG)("%j is refused in one line", async (args, message) => {
    const ending = await run(args);
    expect(ending.code).toBe(2);
    expect(ending.message).toMatch(message);
    expect(ending.message).not.toContain("\n");
  });
});

describe("as a process", () => {
  it("writes errors to standard error, and nothing to standard output", async () => {
    const { code, out, errors } = await tidu("train", "rows.csv", "--epoch", "3");
    expect([code, out]).toEqual([2, ""]);
    expect(errors).toBe("tidu: unknown option '--epoch' (Did you mean --epochs?); --help shows what there is\n");
  });

  it.each<[string[], number, RegExp]>([
    [["train", "picture.png"], 1, /^tidu: picture\.png: .*\n$/],
    [
      ["train", "rows.csv", "--model", "narrow.js", "--task", "classification", "--out", "failed"],
      2,
      /^tidu: .*outputs.*\n$/,
    ],
  ])("%j fails with %i, and leaves nothing behind", async (args, status, message) => {
    const { code, out, errors } = await tidu(...args);
    expect(errors).toMatch(message);
    expect(code).toBe(status);
    expect(out).not.toContain("epoch 1");
    expect(await readdir(path())).not.toContain("failed");
    expect(await readdir(path())).not.toContain("runs");
  });

  it("says in one line what is wrong with a model file", async () => {
    const { code, errors } = await tidu("train", "rows.csv", "--model", "broken.ts");
    expect(code).toBe(2);
    expect(errors).toBe("tidu: model broken.ts: nn is not defined\n");
  });

  it("shows with --help what there is, with examples", async () => {
    const { code, out, errors } = await tidu("--help");
    expect([code, errors]).toEqual([0, ""]);
    const commands = [...out.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name).filter((name) => name !== "help");
    const known = [
      "train",
      "resume",
      "eval",
      "predict",
      "summary",
      "export",
      "report",
      "compare",
      "experiment",
      "datasets",
    ];
    expect(commands).toEqual(expect.arrayContaining(known));
    expect(out).toMatch(/^Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /m);
    const helps = await Promise.all(commands.map((command) => tidu(command, "--help")));
    helps.forEach((help, i) => {
      expect([help.code, help.errors]).toEqual([0, ""]);
      expect(help.out).toMatch(new RegExp(`^Examples:\n {2}\\$ tidu ${commands[i]}`, "m"));
    });
  });

  it("shows its version, and its help where nothing is asked for", async () => {
    const { out } = await tidu("--version");
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, errors } = await tidu();
    expect(code).toBe(2);
    expect(linesOf(errors)[0]).toBe("Usage: tidu [options] [command]");
  });
});
