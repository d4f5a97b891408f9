import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { fineTuning, table } from "./fine-tune-support.js";

const { path, write, start, tidu, tiduIn, trained, refused, numbers, configOf } = fineTuning();

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
    expect(out).toContain("left out: extra, on which the network was not trained");
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

  it("says what does not fit", async () => {
    await write("wide.csv", table(["x", "y"], 40, ["p", "q"]));
    await trained("wide.csv", "--epochs", "1", "--out", "wide");
    expect(await refused("lacks.csv", "--from", "run")).toMatch(
      /lacks\.csv: the network was trained on other columns: b is missing here, and c is new; give/,
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
