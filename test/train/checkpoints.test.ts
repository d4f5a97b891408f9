import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ArgumentError,
  type EpochReport,
  type FitOptions,
  FormatError,
  load,
  loss,
  nn,
  optim,
  type Resumed,
  regularize,
  save,
  setDevice,
  type Tensor,
  Trainer,
  type TrainerOptions,
} from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { onOneThread } from "../support/one-thread.js";
import { type Course, checkpointsIn, contents, inFolder, ofEveryStep, outcome } from "./resume-support.js";
import { all, failure, points } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const net = () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.dropout(0.3), nn.linear(8, 3));
const trainerOptions = (): TrainerOptions => ({
  loss: loss.crossEntropy,
  optimizer: optim.sgd({ lr: 0.1, momentum: 0.9 }),
  regularize: regularize.l2(1e-3),
  seed: 3,
});
const course = (fit: FitOptions = {}): Course => ({
  net,
  trainer: trainerOptions,
  data: () => points(18),
  fit: () => ({ epochs: 2, batchSize: 6, ...fit }),
});

describe("checkpoints", () => {
  it("are left after so many steps and after each epoch; the newest few are kept", () =>
    inFolder(async (directory) => {
      const names = async (checkpoint: object) => {
        const folder = join(directory, JSON.stringify(checkpoint).replace(/\W/g, ""));
        await outcome(course(), { checkpoint: { directory: folder, best: false, ...checkpoint } });
        return (await checkpointsIn(folder)).map((name) => name.replace(/\.safetensors$/, ""));
      };
      expect(await names({})).toEqual(["epoch-0002-step-0000000", "epoch-0003-step-0000000"]);
      expect(await names({ everySteps: 2, keep: 2 })).toEqual(["epoch-0002-step-0000002", "epoch-0003-step-0000000"]);
      expect(await names({ everySeconds: 0, keep: 1 })).toEqual(["epoch-0003-step-0000000"]);
      expect(await names({ everySeconds: 0, keep: 99 })).toHaveLength(2 * 4);
      expect(await names({ everySeconds: 1e6 })).toHaveLength(2);
    }));

  it("come with the best epoch's network, unless told not to", () =>
    inFolder(async (directory) => {
      const validation = points(30, 8);
      const schedule = (epoch: number) => (epoch < 2 ? 0.1 : 40);
      const network = net();
      const trainer = new Trainer(network, trainerOptions());
      const reports = await all(
        trainer.fit(points(18), { epochs: 3, batchSize: 6, schedule, validation, checkpoint: { directory } }),
      );
      const best = reports.findLast((report) => report.best) as EpochReport;
      expect(best.epoch).toBe(2);
      const loaded = await load(net(), join(directory, "best.safetensors"));
      const { loss } = await new Trainer(loaded, trainerOptions()).evaluate(validation);
      expect(loss).toBe(best.validation?.loss);
    }));

  it("are not mixed with those of another training, and what a killed writer left is removed", () =>
    inFolder(async (directory) => {
      await writeFile(join(directory, ".tidu-1.tmp"), "half of a checkpoint");
      await writeFile(join(directory, "notes.txt"), "a person's own");
      await outcome(course(), { checkpoint: { directory, keep: 1 } });
      expect((await readdir(directory)).sort()).toEqual([
        "best.safetensors",
        "epoch-0003-step-0000000.safetensors",
        "history.jsonl",
        "notes.txt",
      ]);
      const before = await contents(directory);
      const error = await failure(() =>
        all(new Trainer(net(), trainerOptions()).fit(points(18), { checkpoint: { directory } })),
      );
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain(`${directory} has checkpoints of an earlier training; resume it`);
      expect(await contents(directory)).toEqual(before);
    }));

  it("are of one size, however many epochs there were; the history beside them grows by a line each", () =>
    inFolder(async (directory) => {
      const { reports } = await outcome(course(), { epochs: 12, checkpoint: { directory, keep: 99 } });
      const names = await checkpointsIn(directory);
      expect(names).toHaveLength(12);
      const sizes = await Promise.all(names.map(async (name) => (await readFile(join(directory, name))).length));
      // Numbers have more or fewer digits; a report of an epoch has at least a hundred characters.
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(60);
      const lines = (await readFile(join(directory, "history.jsonl"), "utf8")).trim().split("\n");
      expect(lines.map((line) => JSON.parse(line).loss)).toEqual(reports.map(({ loss }) => loss));
    }));

  it("need their history as it was; what a killed training added to it does not matter", () =>
    inFolder(async (directory) => {
      const whole = await outcome(course(), { epochs: 4, checkpoint: { directory, keep: 99 } });
      const history = join(directory, "history.jsonl");
      const third = join(directory, "epoch-0003-step-0000000.safetensors");
      const lines = await readFile(history, "utf8");
      for (const text of [lines, `${lines}{"epoch":`]) {
        await writeFile(history, text);
        const again = await outcome(course(), { epochs: 4, resume: third });
        expect(again.values).toEqual(whole.values);
      }
      await writeFile(history, lines.replace('"epoch":1', '"epoch":7'));
      const { error } = await outcome(course(), { epochs: 4, resume: third });
      expect(error).toMatch(/history\.jsonl: its first 2 lines are not those of the checkpoint/);
      await rm(history);
      expect((await outcome(course(), { epochs: 4, resume: third })).error).toMatch(/cannot read .*history\.jsonl/);
    }));

  it("say where training goes on and what it had reported", () =>
    inFolder(async (directory) => {
      const { reports } = await outcome(course(), ofEveryStep(directory));
      const seen: Resumed[] = [];
      const file = join(directory, "epoch-0002-step-0000001.safetensors");
      const again = await outcome(course(), { resume: file, onResume: (from) => seen.push(from) });
      expect(seen).toMatchObject([{ file, epoch: 2, step: 1, reports: reports.slice(0, 1) }]);
      expect(again.reports).toEqual(reports.slice(1));
    }));

  it("of a training that has ended bring its result back, and more epochs go on from there", () =>
    inFolder(async (directory) => {
      const ended = await outcome(course(), { checkpoint: { directory } });
      expect(await outcome(course(), { resume: directory })).toEqual(ended);
      const longer = await outcome(course({ epochs: 4 }));
      expect(await outcome(course({ epochs: 4 }), { checkpoint: { directory }, resume: true })).toEqual(longer);
    }));

  it("that do not exist yet mean a new training where resuming is `true`, but not where a path is given", () =>
    inFolder(async (directory) => {
      const fresh = join(directory, "new");
      expect(await outcome(course(), { checkpoint: { directory: fresh }, resume: true })).toEqual(
        await outcome(course()),
      );
      const from = (resume: string) => outcome(course(), { resume });
      expect((await from(directory)).error).toContain(`there is no checkpoint in ${directory} to resume`);
      expect((await from(join(directory, "none"))).error).toMatch(/cannot read .*none: there is no such file/);
    }));

  it("take a loss that is not finite along", () =>
    inFolder(async (directory) => {
      const transform = (x: Tensor) => x.log();
      const validation = dataset(Float32Array.of(-1, 1), [2], Uint8Array.of(0), { transform });
      const options = {
        validation,
        schedule: (_: number, lr: number, seen: readonly number[] = []) => lr / (1 + seen.length),
      };
      const whole = await outcome(course(options), ofEveryStep(directory));
      expect(whole.reports[0].validation?.loss).toBeNaN();
      expect(
        await outcome(course(options), { resume: join(directory, "epoch-0002-step-0000002.safetensors") }),
      ).toEqual(whole);
    }));

  it("lead to the same end where training fails: the same error, and the same good weights", () =>
    inFolder(async (directory) => {
      const many: Course = {
        ...course({ batchSize: 1, schedule: (epoch, lr) => (epoch === 0 ? lr : 1e20) }),
        data: () => points(36),
      };
      const whole = await outcome(many, ofEveryStep(directory));
      expect(whole.error).toMatch(/^epoch 2, step \d: .* The weights are those from before epoch/);
      for (const name of (await checkpointsIn(directory)).slice(30)) {
        expect(await outcome(many, { resume: join(directory, name) }), name).toEqual(whole);
      }
    }));
});

describe("a checkpoint of another training is refused, with what differs", () => {
  const other = (change: Partial<Course> & { options?: Partial<TrainerOptions>; fitting?: FitOptions }): Course => {
    const { options, fitting, ...rest } = change;
    return {
      ...course(fitting),
      trainer: () => ({ ...trainerOptions(), ...options }),
      ...rest,
    };
  };
  const weights = (values: number[]) => dataset(Float32Array.from(values), [2], new Uint8Array(values.length / 2));

  it.each<[string, Course, RegExp]>([
    [
      "a layer",
      other({ net: () => nn.sequential(nn.linear(2, 9), nn.relu(), nn.dropout(0.3), nn.linear(9, 3)) }),
      /layer\.0 is linear\(2, 9\), there linear\(2, 8\), and layer\.3 is .*, and \d+ more; give/,
    ],
    [
      "dropout",
      other({ net: () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.dropout(0.4), nn.linear(8, 3)) }),
      /layer\.2 is dropout\(0\.4\), there dropout\(0\.3\); give/,
    ],
    ["a data set's size", other({ data: () => points(17) }), /data\.inputs is f32 \[17, 2\], there f32 \[18, 2\]/],
    [
      "its content",
      other({ data: () => points(18, 2) }),
      /training: data\.inputValues is [0-9a-f]+…, there [0-9a-f]+…; give/,
    ],
    [
      "a validation set",
      other({ fitting: { validation: weights([1, 2]) } }),
      /validation\.inputs is f32 \[1, 2\], there not given/,
    ],
    [
      "the batch size",
      other({ fitting: { batchSize: 7 } }),
      /training: batchSize is 7, there 6; give what it was started with/,
    ],
    ["the order", other({ fitting: { shuffle: false } }), /shuffle is false, there true/],
    ["the seed", other({ options: { seed: 4 } }), /seed is 4, there 3/],
    [
      "the loss",
      other({ options: { loss: (y, t) => loss.crossEntropy(y, t).mul(2) } }),
      /loss is loss, there crossEntropy/,
    ],
    [
      "the regularizer",
      other({ options: { regularize: regularize.l2(1e-4) } }),
      /training: the computation of a step .*regularizer.* is/,
    ],
    [
      "the optimizer",
      other({ options: { optimizer: optim.adam({ lr: 0.1 }) } }),
      /optimizer\.name is adam, there sgd, and optimizer\.momentum is not given, there 0\.9/,
    ],
    [
      "the learning rate",
      other({ options: { optimizer: optim.sgd({ lr: 0.2, momentum: 0.9 }) } }),
      /optimizer\.lr is 0\.2, there 0\.1/,
    ],
    [
      "the momentum",
      other({ options: { optimizer: optim.sgd({ lr: 0.1, momentum: 0.8 }) } }),
      /optimizer\.momentum is 0\.8, there 0\.9/,
    ],
    ["early stopping", other({ fitting: { earlyStop: { patience: 3 } } }), /earlyStop\.patience is 3, there not given/],
    [
      "a schedule",
      other({ fitting: { schedule: optim.schedule.step({ every: 1 }) } }),
      /schedule is given, there not given/,
    ],
  ])("in %s", async (_, of, message) =>
    inFolder(async (directory) => {
      await outcome(course(), { checkpoint: { directory } });
      const before = await contents(directory);
      const network = of.net();
      const trainer = new Trainer(network, of.trainer());
      const start = await Promise.all(network.parameters().map((p) => p.data()));
      const fit = trainer.fit(of.data(), { ...of.fit(), epochs: 5, checkpoint: { directory }, resume: true });
      const error = await failure(() => all(fit));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(message);
      expect(error.message).toContain(join(directory, "epoch-0003-step-0000000.safetensors"));
      expect(await contents(directory)).toEqual(before);
      expect(await Promise.all(network.parameters().map((p) => p.data()))).toEqual(start);
    }),
  );

  it("in what a schedule gives", () =>
    inFolder(async (directory) => {
      await outcome(course({ schedule: optim.schedule.step({ every: 1, gamma: 0.5 }) }), { checkpoint: { directory } });
      const { error } = await outcome(course({ schedule: optim.schedule.step({ every: 1, gamma: 0.1 }) }), {
        resume: directory,
      });
      expect(error).toMatch(/the schedule gives its epoch 2 a learning rate of 0\.01\d*, there it was 0\.05/);
    }));
});

describe("a damaged checkpoint", () => {
  const damages: [string, (bytes: Buffer) => Buffer, RegExp][] = [
    ["cut short", (bytes) => bytes.subarray(0, 1000), /ends at byte|header length/],
    ["without its last byte", (bytes) => bytes.subarray(0, -1), /"sha256" ends at byte \d+, the file at \d+/],
    ["empty", () => Buffer.alloc(0), /the file ends/],
    ["with a flipped bit", (bytes) => flipped(bytes, bytes.length - 100), /the checksum does not match the content/],
    [
      "with a flipped bit in its notes",
      (bytes) => flipped(bytes, bytes.indexOf("reports") + 2),
      /the checksum does not match/,
    ],
    ["with a flipped bit in its checksum", (bytes) => flipped(bytes, bytes.length - 1), /the checksum does not match/],
    ["of zeros", (bytes) => Buffer.alloc(bytes.length), /byte \d+: /],
    ["foreign", () => Buffer.from("PK\x03\x04 something else entirely"), /header length/],
  ];

  it.each(damages)("%s is told of and passed over", async (_, damage, message) =>
    inFolder(async (directory) => {
      const whole = await outcome(course(), ofEveryStep(directory));
      const newest = join(directory, (await checkpointsIn(directory)).at(-1) as string);
      const damaged = damage(await readFile(newest));
      await writeFile(newest, damaged);
      const warnings: string[] = [];
      const seen: Resumed[] = [];
      const options: FitOptions = { onWarning: (text) => warnings.push(text), onResume: (from) => seen.push(from) };
      const { values } = await outcome(course(), { resume: directory, ...options });
      expect(values).toEqual(whole.values);
      expect(seen).toMatchObject([{ epoch: 2, step: 3 }]);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(message);
      expect(warnings[0]).toContain(newest);
      expect(warnings[0]).toMatch(/; the checkpoint before it is used$/);
      expect(await readFile(newest)).toEqual(damaged);
    }),
  );

  it("is refused if it is asked for by name, or if no other is whole; then nothing changes", () =>
    inFolder(async (directory) => {
      await outcome(course(), { checkpoint: { directory } });
      for (const name of await checkpointsIn(directory)) {
        const path = join(directory, name);
        const bytes = await readFile(path);
        await writeFile(path, flipped(bytes, bytes.length - 100));
      }
      const before = await contents(directory);
      for (const resume of [true, directory, join(directory, "epoch-0003-step-0000000.safetensors")]) {
        const fit = new Trainer(net(), trainerOptions()).fit(points(18), {
          ...course().fit(),
          resume,
          checkpoint: { directory },
          onWarning: () => {},
        });
        const error = await failure(() => all(fit));
        expect(error).toBeInstanceOf(FormatError);
        expect(error.message).toMatch(/epoch-0003-step-0000000\.safetensors: byte \d+: the checksum does not match/);
      }
      expect(await contents(directory)).toEqual(before);
    }));

  it("is written over once training comes by there again", () =>
    inFolder(async (directory) => {
      await outcome(course(), { checkpoint: { directory } });
      const before = await contents(directory);
      await writeFile(join(directory, "epoch-0003-step-0000000.safetensors"), "damaged");
      await outcome(course(), { checkpoint: { directory }, resume: true, onWarning: () => {} });
      expect(Object.keys(await contents(directory))).toEqual(Object.keys(before));
      expect(await outcome(course(), { resume: directory })).toEqual(await outcome(course()));
    }));

  it("is a model, not a checkpoint", () =>
    inFolder(async (directory) => {
      const path = join(directory, "model.safetensors");
      await save(net(), path);
      const { error } = await outcome(course(), { resume: path });
      expect(error).toMatch(/it is not a checkpoint: its metadata says "pt", expected "tidu checkpoint 1"/);
    }));
});

describe("options of checkpoints and stopping", () => {
  it.each<[FitOptions, string]>([
    [{ checkpoint: { directory: "x", everySteps: 0 } }, "checkpoint.everySteps is 0"],
    [{ checkpoint: { directory: "x", everySeconds: -1 } }, "checkpoint.everySeconds is -1"],
    [{ checkpoint: { directory: "x", keep: 0 } }, "checkpoint.keep is 0"],
    [{ resume: true }, "resume is true; it must be a path, where checkpoint.directory is not given"],
    [{ earlyStop: { patience: 0 } }, "earlyStop.patience is 0"],
    [{ earlyStop: { patience: 1, minDelta: -1 } }, "earlyStop.minDelta is -1"],
    [{ earlyStop: { patience: 1, metric: "f1" } }, 'earlyStop.metric is "f1"; it must be "loss" or "accuracy"'],
    [{ earlyStop: { patience: 1, mode: "up" as "min" } }, 'earlyStop.mode is "up"; it must be "min" or "max"'],
  ])("%j are refused", async (options, message) => {
    const error = await failure(() => all(new Trainer(net(), trainerOptions()).fit(points(6), options)));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(message);
  });

  it("that ask for an accuracy where there are no classes are refused", async () => {
    const trainer = new Trainer(nn.linear(1, 1), { ...trainerOptions(), loss: loss.mse });
    const data = dataset(Float32Array.of(1, 2), [1], Float32Array.of(1, 2));
    const error = await failure(() => all(trainer.fit(data, { earlyStop: { patience: 1, metric: "accuracy" } })));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain('earlyStop.metric is "accuracy"; it must be "loss"');
  });
});

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] ^= 4;
  return copy;
};
