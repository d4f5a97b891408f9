// Training that begins with a file of weights, and what else is told of one that begins with a run.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { nn, readSafetensors, save, type Tensor, tensor, type Variable } from "../../packages/tidu/src/index.js";
import { fineTuning } from "./fine-tune-support.js";
import { jsonLines, writeDigits } from "./support.js";

const { path, write, start, tidu, trained, refused, numbers, configOf } = fineTuning();

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

  it("scales images to the size of its own", async () => {
    await writeDigits(path("digits"), path("idx"), 4);
    await trained("digits", "--size", "14x14", "--epochs", "1", "--out", "images");
    await trained("digits", "--from", "images", "--epochs", "1", "--out", "images-2");
    expect((await configOf("images-2")).data.inputShape).toEqual([1, 14, 14]);
    expect(await refused("digits", "--from", "images", "--size", "28x28")).toMatch(
      /^tidu: --size: the network of images was trained on images of shape \[1, 14, 14\]/,
    );
    expect(await refused("three.csv", "--from", "images")).toMatch(
      /trained on data of the kind "image", this is "table"/,
    );
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

  it("keeps the scale of values of the same name", async () => {
    await write("more.csv", `a,b,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 5},${i % 3}`).join("\n")}\n`);
    const out = await trained("more.csv", "--target", "y", "--from", "values", "--epochs", "1", "--out", "values-2");
    expect(out).toContain("regression of y");
    expect(out).not.toContain("made anew");
    const [{ data: before }, { data: after }] = [await configOf("values"), await configOf("values-2")];
    expect(after.preprocess.targets).toEqual(before.preprocess.targets);
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
    expect(out).toMatch(/only in the file, not used: 3\.(weight, 3\.bias|bias, 3\.weight)/);
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
      "tidu: --freeze ^2: in five.safetensors only new layers have such a name; it also has 0",
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
