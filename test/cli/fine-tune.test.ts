// Training that begins with what another run has learned, or with a file of weights.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { nn, readSafetensors, save, type Tensor, tensor, type Variable } from "../../packages/tidu/src/index.js";
import { jsonLines, workplace, writeDigits } from "./support.js";

const { path, write, start, tidu, tiduIn } = workplace();

/** Rows of points around one place for each class. */
function table(classes: readonly string[], count: number, names = ["a", "b"], shift = 0): string {
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

const train = (...args: string[]) => tidu("train", ...args, "--threads", "1", "--no-report");

async function trained(...args: string[]): Promise<string> {
  const { code, out, errors } = await train(...args);
  expect([code, errors], args.join(" ")).toEqual([0, ""]);
  return out;
}

async function refused(...args: string[]): Promise<string> {
  const { code, errors } = await train(...args);
  expect(code, args.join(" ")).not.toBe(0);
  return errors.trim();
}

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

/** A network of parts by any names. */
class Named extends nn.Module {
  constructor(parts: Readonly<Record<string, nn.Module | Variable>>) {
    super();
    Object.assign(this, parts);
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("--from with a run", () => {
  it("goes on with its best weights and its preprocessing", async () => {
    const out = await trained("moved.csv", "--from", "run", "--epochs", "1", "--lr", "1e-9", "--out", "same");
    expect(out).toContain("starts from run/best.safetensors");
    expect(out).toContain("inputs are preprocessed as in run");
    const [before, after] = [await configOf("run"), await configOf("same")];
    expect(after.data.preprocess.columns).toEqual(before.data.preprocess.columns);
    expect(after.data.classes).toEqual(["x", "y", "z"]);
    expect(after.model.start.path).toBe(path("run/best.safetensors"));
    expect(after.model.start.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(after.model.start.fresh).toEqual([]);
    for (const name of ["0.weight", "4.weight"]) {
      expect(await numbers("same/start.safetensors", name)).toEqual(await numbers("run/best.safetensors", name));
    }
    await trained("moved.csv", "--from", "run", "--last", "--epochs", "1", "--out", "last");
    expect((await configOf("last")).model.start.path).toBe(path("run/model.safetensors"));
  });

  it("takes columns by their names, and classes by theirs whatever their order was", async () => {
    const config = await configOf("run");
    // As a run might be whose classes came in another order.
    await cp(path("run"), path("order"), { recursive: true });
    const classes = ["z", "x", "y"];
    const data = { ...config.data, classes, preprocess: { ...config.data.preprocess, classes } };
    await writeFile(path("order/config.json"), JSON.stringify({ ...config, data }));
    const out = await trained("swapped.csv", "--from", "order", "--epochs", "1", "--out", "ordered");
    expect(out).toContain("left out: extra, of which the network did not learn");
    expect(out).not.toContain("made anew");
    const after = await configOf("ordered");
    expect(after.data.classes).toEqual(classes);
    expect(after.data.preprocess.columns.map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
  });

  it.each([
    ["four.csv", 4],
    ["others.csv", 3],
  ])("makes the last layer anew for the classes of %s", async (data, count) => {
    const out = await trained(data, "--from", "run", "--epochs", "1", "--lr", "1e-9", "--out", `head-${count}`);
    expect(out).toContain("made anew for other outputs: 4.weight, 4.bias");
    const begun = `head-${count}/start.safetensors`;
    expect(await numbers(begun, "2.weight")).toEqual(await numbers("run/best.safetensors", "2.weight"));
    const head = await numbers(begun, "4.weight");
    expect(head).toHaveLength(count * 128);
    expect(head.slice(0, 128)).not.toEqual((await numbers("run/best.safetensors", "4.weight")).slice(0, 128));
    expect((await tidu("eval", `head-${count}`)).code).toBe(0);
  });

  it("can be done again from what it came to, also by a model file whose layers depend on the outputs", async () => {
    await trained("four.csv", "--from", "own", "--epochs", "1", "--out", "own-4");
    expect(await numbers("own-4/start.safetensors", "0.weight")).toEqual(
      await numbers("own/best.safetensors", "0.weight"),
    );
    const out = await trained("moved.csv", "--from", "own-4", "--epochs", "1", "--out", "own-3");
    expect(out).toContain("starts from own-4/best.safetensors");
    await rm(path("own-4"), { recursive: true });
    expect((await tidu("predict", "own-3", "moved.csv")).code).toBe(0);
  });

  it("keeps the scale of values of the same name", async () => {
    await write("more.csv", `a,b,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 5},${i % 3}`).join("\n")}\n`);
    const out = await trained("more.csv", "--target", "y", "--from", "values", "--epochs", "1", "--out", "values-2");
    expect(out).toContain("regression of y");
    expect(out).not.toContain("made anew");
    const [{ data: before }, { data: after }] = [await configOf("values"), await configOf("values-2")];
    expect(after.preprocess.targets).toEqual(before.preprocess.targets);
  });

  it("leaves frozen weights the same bits", async () => {
    await trained(
      "moved.csv",
      "--from",
      "run",
      "--freeze",
      "^[02]$",
      "--epochs",
      "2",
      "--lr",
      "0.1",
      "--out",
      "frozen",
    );
    for (const name of ["0.weight", "0.bias", "2.weight", "2.bias"]) {
      expect(await numbers("frozen/model.safetensors", name)).toEqual(await numbers("run/best.safetensors", name));
    }
    expect(await numbers("frozen/model.safetensors", "4.weight")).not.toEqual(
      await numbers("run/best.safetensors", "4.weight"),
    );
  });

  it("scales images to the size of its own", async () => {
    await writeDigits(path("digits"), path("idx"), 4);
    await trained("digits", "--size", "14x14", "--epochs", "1", "--out", "images");
    await trained("digits", "--from", "images", "--epochs", "1", "--out", "images-2");
    expect((await configOf("images-2")).data.inputShape).toEqual([1, 14, 14]);
    expect(await refused("digits", "--from", "images", "--size", "28x28")).toMatch(
      /^tidu: --size: the network of images learned from images of shape \[1, 14, 14\]/,
    );
    expect(await refused("three.csv", "--from", "images")).toMatch(
      /trained on data of the kind "image", this is "table"/,
    );
  });

  it("says what does not fit", async () => {
    await write("wide.csv", table(["x", "y"], 40, ["p", "q"]));
    await trained("wide.csv", "--epochs", "1", "--out", "wide");
    expect(await refused("lacks.csv", "--from", "run")).toMatch(
      /lacks\.csv: the network learned from other columns: b is missing here, and c is new; give/,
    );
    expect(await refused("values.csv", "--target", "y", "--from", "wide")).toMatch(
      /: p, q are missing here, and a, b are new; give data with the same columns, or train anew$/,
    );
    expect(await refused("three.csv", "--from", "run", "--target", "a")).toMatch(/: a cannot be both input and target/);
    expect(await refused("three.csv", "--from", "run", "--model", "mlp")).toMatch(
      /^tidu: --from and --model: both are given, and run is the folder of a run, whose network is taken; leave/,
    );
    expect(await refused("three.csv", "--from", "run", "--hidden", "8")).toMatch(/^tidu: --hidden: /);
    expect(await refused("three.csv", "--from", "run", "--dropout", "0.5")).toMatch(
      /do not fit the network.*--dropout/,
    );
    expect(await refused("three.csv", "--from", "run", "--freeze", "head")).toMatch(/^tidu: --freeze head: no layer/);
    expect(await refused("three.csv", "--from", "run", "--freeze", ".")).toMatch(/so nothing is trained; name fewer$/);
    expect(await refused("three.csv", "--last")).toMatch(/^tidu: --last: it chooses the network of a run; give/);
  });

  it("takes a killed run's checkpoints", async () => {
    const killed = start("train", "three.csv", "--epochs", "500", "--no-report", "--json", "--out", "killed");
    await killed.until(/"epoch":3/);
    killed.signal("SIGKILL");
    await killed.outcome;
    const out = await trained("moved.csv", "--from", "killed", "--last", "--epochs", "1", "--out", "from-killed");
    expect(out).toMatch(/starts from killed\/checkpoints\/epoch-/);
    const { path: file } = (await configOf("from-killed")).model.start;
    const weights = [...(await (await readSafetensors(file)).read("net.0.weight")).data];
    expect(await numbers("from-killed/start.safetensors", "0.weight")).toEqual(weights);
  });

  it("is where tidu tune begins, too", async () => {
    const search = ["tune", "moved.csv", "--from", "run", "--epochs", "1", "--trials", "2", "--threads", "1"];
    const { code, errors } = await tidu(...search, "--out", "tuned");
    expect([code, errors]).toEqual([0, ""]);
    // The best one is measured on what it learned from, preprocessed as that was.
    const { validation } = JSON.parse(await readFile(path("tuned/best/result.json"), "utf8"));
    const [measured] = jsonLines((await tidu("eval", "tuned/best", "--json")).out);
    expect(measured).toMatchObject({ part: "validation", loss: validation.loss, accuracy: validation.accuracy });
    expect((await configOf("tuned/best")).model.start.path).toBe(path("run/best.safetensors"));
    expect((await tidu(...search, "--set", "model=mlp,cnn")).errors).toMatch(/^tidu: --from and --set model: both say/);
  });

  it("runs somebody else's model file only if a person says so", async () => {
    const witness = path("witness");
    const env = { XDG_CONFIG_HOME: path("elsewhere"), TIDU_TEST_WITNESS: witness };
    const args = ["train", "moved.csv", "--from", "own", "--epochs", "1", "--out", "trusted"];
    const { code, errors } = await tiduIn(env, ...args);
    expect([code, errors]).toEqual([
      2,
      expect.stringMatching(/^tidu: own: its network is made by a program, model\.ts/),
    ]);
    await expect(readFile(witness)).rejects.toThrow(/ENOENT/);
    expect((await tiduIn(env, ...args, "--trust")).code).toBe(0);
    expect(await readFile(witness, "utf8")).toBe("it ran");
  });

  it("is said by compare, report and --json, and repeated by --config", async () => {
    await trained("moved.csv", "--from", "run", "--freeze", "^0$", "--epochs", "1", "--out", "said");
    const { out } = await tidu("compare", "run", "said", "--csv");
    const [names, , second] = out.split("\n").map((line) => line.split(","));
    const cell = (name: string) => second[names.indexOf(name)];
    expect([cell("starts from"), cell("freeze")]).toEqual(["run/best.safetensors", "^0$"]);
    await tidu("report", "said");
    expect(await readFile(path("said/report.html"), "utf8")).toMatch(
      /starts from<\/th><td>[^<]*run\/best\.safetensors</,
    );
    const [event] = jsonLines(await trained("--config", "said/config.json", "--json", "--out", "again"));
    expect(event).toMatchObject({ event: "start", model: { start: (await configOf("said")).model.start } });
    expect(await readFile(path("again/model.safetensors"))).toEqual(await readFile(path("said/model.safetensors")));
  });
});

describe("--from with a file of weights", () => {
  it("loads what has the same name and shape, and lists the rest by kind", async () => {
    const net = nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 5), nn.linear(5, 5));
    await save(net.initialize(3), path("net.safetensors"));
    await write(
      "small.ts",
      `import { nn } from "tidu";
export default () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3), nn.relu(), nn.linear(3, 3));`,
    );
    const out = await trained(
      "three.csv",
      "--from",
      "net.safetensors",
      "--model",
      "small.ts",
      "--freeze",
      "^0",
      "--epochs",
      "1",
      "--out",
      "weights",
    );
    expect(out).toContain("starts from net.safetensors");
    expect(out).toContain("not in the file, made anew: 4.weight, 4.bias");
    expect(out).toContain("of another shape in the file, made anew: 2.weight, 2.bias");
    expect(out).toMatch(/in the file alone, not used: 3\.(weight, 3\.bias|bias, 3\.weight)/);
    expect(await numbers("weights/model.safetensors", "0.weight")).toEqual(
      await numbers("net.safetensors", "0.weight"),
    );
    await rm(path("net.safetensors"));
    expect((await tidu("eval", "weights")).code).toBe(0);
    expect((await tidu("resume", "weights", "--epochs", "2", "--no-report")).code).toBe(0);
  });

  it("may be several, by their index, of which none may have changed", async () => {
    const net = nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3)).initialize(5);
    const parts = { "a.safetensors": net.layers[0], "b.safetensors": net.layers[2] };
    await mkdir(path("shards"));
    const map: Record<string, string> = {};
    for (const [i, [file, layer]] of Object.entries(parts).entries()) {
      const part = Object.fromEntries([...layer.state()].map(([name, v]) => [`${2 * i}.${name}`, v]));
      await save(new Named(part), path("shards", file));
      for (const name of Object.keys(part)) map[name] = file;
    }
    await write("shards/model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map: map }));
    await write(
      "two.ts",
      `import { nn } from "tidu";
export default () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3));`,
    );
    const index = "shards/model.safetensors.index.json";
    const args = ["three.csv", "--model", "two.ts", "--from", index, "--freeze", "0", "--epochs", "1"];
    const out = await trained(...args, "--out", "from-shards");
    expect(out).toContain(`  starts from ${index}\n  not trained: 0\n`);
    for (const [file, name] of [...Object.keys(map)].map((key) => [map[key], key])) {
      expect(await numbers("from-shards/start.safetensors", name)).toEqual(await numbers(`shards/${file}`, name));
    }
    const { sha256 } = (await configOf("from-shards")).model.start;
    const all = await Promise.all(
      [index, ...Object.keys(parts).map((n) => `shards/${n}`)].map((n) => readFile(path(n))),
    );
    expect(sha256).toBe(createHash("sha256").update(Buffer.concat(all)).digest("hex"));
    expect(await refused(...args.with(4, "shards"))).toBe(
      "tidu: --from shards: it is a folder, but not of a run; give shards/model.safetensors.index.json",
    );
    await rm(path("shards/b.safetensors"));
    expect(await refused(...args)).toMatch(/^tidu: .*shards\/b\.safetensors: there is no such file/);
  });

  it("may have names that begin with more than the network's, and is told by all that it has", async () => {
    const inner = nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3)).initialize(5);
    await save(new Named({ backbone: new Named({ model: inner }) }), path("inside.safetensors"));
    const out = await trained(
      "three.csv",
      "--model",
      "two.ts",
      "--from",
      "inside.safetensors",
      "--epochs",
      "1",
      "--out",
      "inside",
    );
    expect(out).toContain('  starts from inside.safetensors\n  names in it begin with "backbone.model."\nname');
    expect(await numbers("inside/start.safetensors", "2.weight")).toEqual(
      await numbers("inside.safetensors", "backbone.model.2.weight"),
    );
    expect((await configOf("inside")).model.start.prefix).toBe("backbone.model.");
    expect((await tidu("resume", "inside", "--epochs", "2", "--no-report")).code).toBe(0);
  });

  it("has numbers", async () => {
    const net = nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 3));
    net.layers[0].bias?.assign(tensor(new Float32Array(8).fill(Number.NaN)));
    await save(net, path("nan.safetensors"));
    expect(await refused("three.csv", "--model", "two.ts", "--from", "nan.safetensors")).toMatch(
      /the first value that is not finite is in parameter 0\.bias, as it was before training; give the network other/,
    );
  });

  it("is not frozen where all that is named is made anew", async () => {
    await save(nn.sequential(nn.linear(2, 8), nn.relu(), nn.linear(8, 5)), path("five.safetensors"));
    const args = ["three.csv", "--model", "two.ts", "--from", "five.safetensors", "--freeze"];
    expect(await refused(...args, "^2")).toBe(
      "tidu: --freeze ^2: of five.safetensors only what is made anew has such a name; it also has 0",
    );
    expect(await trained(...args, "weight", "--epochs", "1", "--out", "some")).toContain("  not trained: 0.weight\n");
  });

  it("is for the network that the data would get, unless --model names one", async () => {
    await cp(path("run/best.safetensors"), path("bytes.bin"));
    const out = await trained("moved.csv", "--from", "bytes.bin", "--epochs", "1", "--out", "usual");
    expect(out).toContain("mlp:\n  starts from bytes.bin\nname");
  });

  it("says what both sides have where nothing fits", async () => {
    expect(await refused("three.csv", "--from", "own/model.safetensors")).toMatch(
      /: none of its tensors fits the network: it has 0\.bias \[24\], .*, the network 0\.weight \[256, 2\], .*; give a model file/,
    );
    await write("broken.safetensors", "nothing");
    expect(await refused("three.csv", "--from", "broken.safetensors")).toMatch(/^tidu: .*broken\.safetensors/);
    expect(await refused("three.csv", "--from", "no.safetensors")).toMatch(/no\.safetensors: there is no such file/);
  });
});

describe("a fine-tuning that is killed", () => {
  const args = [
    "four.csv",
    "--from",
    "source",
    "--freeze",
    "^0$",
    "--epochs",
    "6",
    "--batch-size",
    "4",
    "--threads",
    "1",
  ];

  it.each([
    ["before its first epoch", /"event":"start"/],
    ["after an epoch", /"epoch":2/],
  ])("%s comes to the same bits without its source", async (when, moment) => {
    await cp(path("run"), path("source"), { recursive: true });
    const [whole, part] = [`whole ${when}`, `part ${when}`];
    await trained(...args, "--out", whole);
    const killed = start("train", ...args, "--no-report", "--json", "--out", part);
    await killed.until(moment);
    killed.signal("SIGKILL");
    await killed.outcome;
    await rename(path("source"), path("gone"));
    const { code, errors } = await tidu("resume", part, "--no-report");
    expect([code, errors]).toEqual([0, ""]);
    expect(await readFile(path(part, "model.safetensors"))).toEqual(await readFile(path(whole, "model.safetensors")));
    await rm(path("gone"), { recursive: true });
  });
});
