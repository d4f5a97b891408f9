// Settings that are searched: what is tried, in what order, and that stopping and helpers change nothing.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { Command } from "commander";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { lasting } from "../../packages/cli/src/cli/run/data.js";
import { RunFolder } from "../../packages/cli/src/cli/run/folder.js";
import { addTrainingOptions } from "../../packages/cli/src/cli/training-options.js";
import { headOf } from "../../packages/cli/src/cli/tune/ending.js";
import { halving, readPlan } from "../../packages/cli/src/cli/tune/plan.js";
import { Progress } from "../../packages/cli/src/cli/tune/progress.js";
import { gridOf, randomOf, readSpace } from "../../packages/cli/src/cli/tune/space.js";
import { scatter } from "../../packages/cli/src/cli/ui/scatter.js";
import { holderOf } from "../../packages/cli/src/runs/lock.js";
import { jsonLines, linesOf, workplace } from "./support.js";

const space = (...texts: string[]) => readSpace(texts, addTrainingOptions(new Command()));

it("a setting that is called as a result is has a name of its own in tables", () => {
  expect(headOf(["lr", "epochs", "loss"], ["epochs", "loss"])).toEqual([
    "trial",
    "lr",
    "epochs (setting)",
    "loss (setting)",
    "epochs",
    "loss",
  ]);
});

describe("a search space", () => {
  it("is a grid of choices and of points of ranges, by factors where their ends are far apart", () => {
    const lr = gridOf(space("lr=1e-4..1e-1/4")).map((settings) => settings.lr);
    expect(lr).toEqual(["0.0001", "0.001", "0.01", "0.1"]);
    expect(gridOf(space("dropout=0..0.5/3")).map(({ dropout }) => dropout)).toEqual(["0", "0.25", "0.5"]);
    expect(gridOf(space("epochs=2..20/3")).map(({ epochs }) => epochs)).toEqual(["2", "6", "20"]);
    const both = gridOf(space("hidden=64|64,64", "optimizer=adam,sgd:momentum=0.5"));
    expect(both).toEqual([
      { hidden: "64", optimizer: "adam" },
      { hidden: "64", optimizer: "sgd:momentum=0.5" },
      { hidden: "64,64", optimizer: "adam" },
      { hidden: "64,64", optimizer: "sgd:momentum=0.5" },
    ]);
  });

  it("is drawn from at random, the same for a seed, evenly over a range, never twice the same", () => {
    const one = space("lr=1e-4..1e-1", "batch-size=8..64", "width=8..16");
    const drawn = randomOf(one, 400, 3);
    expect(drawn).toEqual(randomOf(one, 400, 3));
    expect(drawn).not.toEqual(randomOf(one, 400, 4));
    expect(new Set(drawn.map((settings) => JSON.stringify(settings))).size).toBe(400);
    const decades = drawn.map(({ lr }) => Math.floor(Math.log10(Number(lr))));
    for (const decade of [-4, -3, -2]) {
      const count = decades.filter((each) => each === decade).length;
      // Binomial of 400 and 1/3: four deviations.
      expect(Math.abs(count - 400 / 3)).toBeLessThan(4 * Math.sqrt((400 * 2) / 9));
    }
    for (const name of ["batch-size", "width"])
      expect(drawn.every((settings) => Number.isInteger(Number(settings[name])))).toBe(true);
    // Of few combinations each comes once.
    expect(randomOf(space("batch-size=8,16", "optimizer=adam,sgd"), 20, 1)).toHaveLength(4);
  });

  it.each([
    ["lr", '--set "lr": it must be a name and what to search, such as lr=1e-4..1e-1 or batch-size=16,32'],
    ["lr=0..1", '--set lr: "0" is not valid: it must be a number above 0, such as 0.01'],
    ["lr=1e-1..1e-4", "--set lr: the range 1e-1..1e-4 is empty; the smaller number comes first"],
    ["optimizer=adam,adma", 'optimizer "adma": there is no "adma"; use sgd, adam, adamw, rmsprop'],
    ["hidden=64,64", '--set hidden: "64,64" has "64" twice; join choices by commas, or by |'],
    ["batch-size=16,,32", '--set batch-size: "16,,32" has an empty choice'],
    ["lr=1..2/1", "--set lr: 1..2/1: a grid needs at least 2 points of a range"],
    ["seed=1,2", "--set seed: it cannot be searched; use model, hidden, epochs, batch-size, optimizer, lr,"],
  ])("%s is an error", (text, message) => {
    expect(() => space(text)).toThrow(message);
  });

  it("says a name once", () => expect(() => space("lr=1..2", "lr=3..4")).toThrow("--set lr: it is given twice"));
});

it("successive halving keeps a third in each rung, and ends with all epochs", () => {
  expect(halving(27)).toEqual([
    { trials: 27, share: 1 / 27 },
    { trials: 9, share: 1 / 9 },
    { trials: 3, share: 1 / 3 },
    { trials: 1, share: 1 },
  ]);
  expect(halving(1)).toEqual([{ trials: 1, share: 1 }]);
  expect(halving(20).map(({ trials }) => trials)).toEqual([20, 6, 2]);
});

it("points are drawn in a plane; none where there is nothing to tell apart", () => {
  const text = scatter([[0.001, 1], [0.1, 2]], { xLabel: "lr", yLabel: "loss", log: true }); // biome-ignore format: points
  for (const part of ["lr", "loss", "0.001", "0.1"]) expect(text).toContain(part);
  expect(scatter([[1, 2], [1, 3]], { xLabel: "x", yLabel: "y" })).toBe(""); // biome-ignore format: points
});

describe("tidu tune", () => {
  const { path, write, start, tidu } = workplace();
  const SMALL = ["--epochs", "3", "--batch-size", "16", "--no-report", "--threads", "1"];
  const SEARCH = ["--set", "lr=1e-3..1e-1", "--set", "hidden=4|4,4"];

  beforeAll(async () => {
    const rows = Array.from(
      { length: 90 },
      (_, i) => `${(i * 7) % 11},${(i * 5) % 13},${(i * 7) % 11 > 5 ? "yes" : "no"}`,
    );
    await write("rows.csv", `a,b,answer\n${rows.join("\n")}\n`);
  });

  /** What trials came to, by their settings. */
  const values = async (folder: string) =>
    linesOf(await readFile(path(folder, "trials.csv"), "utf8")).map((line) => line.split(",").slice(0, -2).join(","));

  it("leaves the best as a run; stopped and helped by another process, it comes to the same", async () => {
    const common = ["rows.csv", ...SMALL, ...SEARCH, "--search", "halving", "--trials", "6"];
    const whole = await tidu("tune", ...common, "--out", "whole");
    expect(whole.errors).toBe("");
    expect(whole.out).toMatch(/^whole: 6 trials by successive halving, compared by brier$/m);
    expect(whole.out).toMatch(/^trial \d\/6 after 1 epoch: lr 0\.\d+, hidden 4(,4)?: validation brier 0\.\d+$/m);
    expect(whole.out).toMatch(/^trial +lr +hidden +epochs +best epoch +brier +loss +accuracy +time$/m);
    expect(whole.out).toMatch(/^brier after the first rung by hidden\n4 .*\n4,4 /m);
    expect(whole.out).toMatch(/best trial \d: lr \S+ hidden \S+ its run is whole.best\n$/);
    expect(await values("whole")).toHaveLength(7);
    const used = await tidu("predict", "whole/best", "rows.csv", "--json");
    expect(used.code).toBe(0);

    const running = start("tune", ...common, "--out", "stopped");
    await running.until(/^trial /m);
    running.signal("SIGTERM");
    expect((await running.outcome).code).not.toBe(0);
    const resumed = await tidu("resume", "stopped", "--jobs", "2");
    expect(resumed.errors).toBe("");
    expect(await values("stopped")).toEqual(await values("whole"));
    const best = (folder: string) => readFile(path(folder, "best", "best.safetensors"));
    expect((await best("stopped")).equals(await best("whole"))).toBe(true);
  });

  it("validates on each fold in turn, and trains the best on all", async () => {
    const args = [...SMALL, "--set", "lr=0.001,0.05", "--search", "grid", "--folds", "3", "--json", "--out", "folds"];
    const { out, errors } = await tidu("tune", "rows.csv", ...args);
    expect(errors).toBe("");
    const trials = jsonLines(out).filter(({ event }) => event === "trial");
    expect(trials.map(({ outcomes }) => (outcomes as object[]).length)).toEqual([3, 3]);
    expect((await readdir(path("folds"))).sort()).toEqual([
      "best",
      "progress",
      ...[1, 2].flatMap((trial) => [1, 2, 3].map((fold) => `trial-00${trial}-fold-${fold}`)),
      "trials.csv",
      "tune.json",
    ]);
    expect(jsonLines(out).at(-1)).toMatchObject({ event: "tuned", trial: 2, settings: { lr: "0.05" } });
  });

  it("counts a trial that cannot be made, or does not fit into the memory, as failed, and goes on", async () => {
    await write(
      "model.ts",
      `import { nn } from "tidu";
      export default ({ inputShape, outputs, hidden = [4], options: { width } }) => {
        if (width === 13) throw new Error("unlucky\\nwidth");
        return nn.sequential(nn.linear(inputShape[0], hidden[0]), nn.linear(hidden[0], width), nn.linear(width, outputs));
      };`,
    );
    const common = ["rows.csv", ...SMALL, "--search", "grid", "--model", "model.ts", "--jobs", "2"];
    const search = ["--set", "width=13,5,90000", "--set", "hidden=4|90000"];
    const { code, out } = await tidu("tune", ...common, ...search, "--out", "some");
    expect(code).toBe(0);
    const unlucky = "failed: model model.ts: unlucky width (its function was given the options width=13)";
    expect(out).toContain(`trial 1/6: width 13, hidden 4: ${unlucky}\n`);
    expect(out).toContain(`trial 1 (width 13, hidden 4) ${unlucky}\n`);
    expect(out).toMatch(/^trial 6 \(width 90000, hidden 90000\) failed: .* needs .* GiB/m);
    expect(out).toMatch(/its run is some.best\n$/);
    const rows = linesOf(await readFile(path("some", "trials.csv"), "utf8"));
    expect(rows.filter((row) => row.includes("unlucky width"))).toHaveLength(2);

    const none = ["--set", "lr=1e29,1e30", "--optimizer", "sgd", "--out", "none"];
    for (const args of [
      ["tune", "rows.csv", ...SMALL, "--search", "grid", ...none],
      ["resume", "none", "--json"],
    ]) {
      const failed = await tidu(...args);
      expect(failed.code).toBe(1);
      expect(failed.errors).toMatch(/^tidu: no trial has a result: none.trials.csv says why; .* learning rates\n$/);
      if (args[0] === "resume") expect(jsonLines(failed.out).at(-1)).toEqual({ event: "tuned", directory: "none" });
    }
  });

  it("ends at what is wrong with all trials, before there is a folder", async () => {
    const wrong = (...args: string[]) =>
      tidu("tune", "rows.csv", ...SMALL, "--search", "grid", "--out", "all", ...args);
    const misspelled = await wrong("--set", "lrr=1,2");
    expect(misspelled.errors).toMatch(
      /^tidu: --set lrr: there is no such setting, did you mean lr; use model, hidden,/,
    );
    const unread = await wrong("--model", "model.ts", "--set", "widht=12,13");
    expect(unread.errors).toMatch(
      /^tidu: model model.ts: .*undefined.*\(its function was given the options widht=12\)\n$/,
    );
    expect([misspelled.code, unread.code]).toEqual([2, 2]);
    expect(existsSync(path("all"))).toBe(false);
  });

  it("leaves no process behind where it is killed", async () => {
    const long = ["--epochs", "100000", "--set", "lr=0.001,0.002", "--search", "grid", "--jobs", "2", "--threads", "1"];
    const running = start("tune", "rows.csv", ...long, "--out", "killed");
    const holders = () => Promise.all([1, 2].map((n) => holderOf(path("killed", "progress", `trial-00${n}`))));
    await vi.waitUntil(async () => (await holders()).every((holder) => holder !== undefined), { timeout: 60_000 });
    running.signal("SIGKILL");
    await running.outcome;
    // A lock's process that no longer lives holds nothing.
    await vi.waitUntil(async () => (await holders()).every((holder) => holder === undefined), { timeout: 60_000 });
  });

  it("reads no damaged plan", async () => {
    const plan = JSON.parse(await readFile(path("whole", "tune.json"), "utf8"));
    const damaged: readonly (readonly [unknown, RegExp])[] = [
      [null, /its content is null; it must be of type object/],
      [{ ...plan, trials: [] }, /trials is .*; it must NOT have fewer than 1 items/],
      [{ ...plan, wishes: { ...plan.wishes, data: 5 } }, /wishes\.data is 5; it must be of type string/],
      [
        { ...plan, trials: [{ settings: {}, wishes: { lr: "x" } }] },
        /trials\.0\.wishes\.lr is "x"; it must be of type/,
      ],
      [{ ...plan, rungs: [{ trials: 0, share: 1 }] }, /rungs\.0\.trials is 0/],
    ];
    await mkdir(path("damaged"), { recursive: true });
    for (const [content, message] of damaged) {
      await write("damaged/tune.json", JSON.stringify(content));
      await expect(readPlan(path("damaged"))).rejects.toThrow(message);
    }
  });

  it("says how to go on where a file is damaged or missing", async () => {
    const plan = await readPlan(path("whole"));
    await mkdir(path("cut", "progress", "trial-001"), { recursive: true });
    await write("cut/progress/trial-001/outcomes.json", '[{"epochs":1,');
    const all = new Progress(path("cut"), plan).all();
    await expect(all).rejects.toThrow(
      /outcomes\.json: byte 1[34]?: it is not JSON: .*; in a search, remove the file and run tidu resume /,
    );
    await expect(RunFolder.open(path("cut"))).rejects.toThrow(/a search of tidu tune, but its tune\.json is missing; /);
    expect(() => lasting(path("whole"))).toThrow(/is the folder of a search of tidu tune, not data/);
  });

  it("says what does not go together", async () => {
    const wrong = async (...args: string[]) => (await tidu("tune", "rows.csv", "--out", "wrong", ...args)).errors;
    expect(await wrong("--search", "grid", "--trials", "3")).toMatch(/^tidu: --trials: a grid tries all/);
    expect(await wrong("--set", "loss=mse,mae", "--metric", "loss")).toMatch(
      /^tidu: --set loss: trials with different/,
    );
    expect(await wrong("--validation", "0")).toMatch(/^tidu: --validation 0: trials are compared on rows/);
    expect((await tidu("predict", "whole", "rows.csv")).errors).toMatch(/a search of tidu tune, not a run; .*best\n$/);
    expect((await tidu("resume", "whole", "--epochs", "9")).errors).toMatch(/^tidu: --epochs: it cannot be changed/);
  });
});
