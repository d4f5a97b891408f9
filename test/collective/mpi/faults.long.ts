// What happens to a job when one of its processes is killed or stopped, or when it is told to end.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder } from "../../train/resume-support.js";
import { Job, LAUNCHERS, type Launcher, TIDU, TRAIN } from "./jobs.js";

/** The processes of node whose command line has this. */
const processesWith = (text: string): number[] => {
  try {
    return execFileSync("pgrep", ["-f", `^${process.execPath} .*${text}`], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    return [];
  }
};
const of = ({ command }: Launcher, processes: number, ...args: readonly string[]): Job =>
  new Job([...command, "-np", String(processes), process.execPath, ...args]);

/** The steps of an epoch of 200 samples in batches of 40; validation takes others. */
const STEPS = 5;
const checkpoint = (epoch: number, step: number): string =>
  `epoch-${String(epoch).padStart(4, "0")}-step-${String(step).padStart(7, "0")}.safetensors`;

describe.each(LAUNCHERS)("$name", (launcher) => {
  it.each(["SIGKILL", "SIGSTOP"] as const)(
    "ends within 10 seconds when a rank gets %s, and leaves nobody",
    async (signal) => {
      await inFolder(async (directory) => {
        const options = { epochs: 500, slow: 10, started: true, directory };
        const job = of(launcher, 4, TRAIN, "cnn", JSON.stringify(options));
        await job.says("started");
        const ranks = processesWith(directory);
        expect(ranks).toHaveLength(4);
        const start = performance.now();
        process.kill(ranks[2], signal);
        const { code, err } = await job.ended;
        expect((performance.now() - start) / 1000).toBeLessThan(10);
        expect(code).not.toBe(0);
        if (signal === "SIGSTOP")
          expect(err).toMatch(
            /^tidu: rank \d on \S+ has given no sign of life for 6 s .*; rank \d on \S+ ends the job$/m,
          );
        await expect.poll(() => processesWith(directory)).toEqual([]);
      });
    },
    60_000,
  );

  // What Slurm sends, and what Ctrl-C sends.
  it.each(launcher.name === "MPICH" ? (["SIGINT"] as const) : (["SIGTERM"] as const))(
    "%s leaves a checkpoint, from which another number of processes goes on to the same bits",
    async (signal) => {
      await inFolder(async (directory) => {
        const course =
          "mnist --samples 200 --model mlp --dropout 0.2 --device wasm --validation 0.2 --epochs 60 --batch-size 40 --shards 4";
        const train = (out: string) => [
          TIDU,
          "train",
          ...course.split(" "),
          "--no-report",
          "--out",
          join(directory, out),
        ];
        const cut = of(launcher, 4, ...train("cut"), "--checkpoint-every", "100");
        await cut.says(/epoch +2\//);
        cut.process.kill(signal);
        const { err } = await cut.ended;
        const place = /tidu: stopped after step (\d+) of epoch (\d+); continue with: tidu resume/.exec(err);
        expect(place, err).not.toBeNull();
        const [step, epoch] = place?.slice(1).map(Number) ?? [];
        // After an epoch's last step, the next epoch may have begun.
        const places = step === STEPS ? [checkpoint(epoch, step), checkpoint(epoch + 1, 0)] : [checkpoint(epoch, step)];
        const kept = readdirSync(join(directory, "cut", "checkpoints"));
        expect(
          places.some((name) => kept.includes(name)),
          `${places} in ${kept}`,
        ).toBe(true);
        const goneOn = await of(launcher, 2, TIDU, "resume", join(directory, "cut")).ended;
        expect(goneOn.code, goneOn.err).toBe(0);
        const whole = await new Job([process.execPath, ...train("whole")]).ended;
        expect(whole.code, whole.err).toBe(0);
        const [a, b] = ["cut", "whole"].map((name) => readFileSync(join(directory, name, "model.safetensors")));
        expect(a.equals(b)).toBe(true);
      });
    },
    300_000,
  );
});
