import { join } from "node:path";
import { loss, nn, optim, setDevice, TiduError } from "tidu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { onSmallDisk } from "../support/small-disk.js";
import { type Course, checkpointsIn, contents, outcome } from "./resume-support.js";
import { all, failure, points, trainerOf } from "./support.js";

beforeAll(() => setDevice(new WasmDevice({ threads: 1 })));
afterAll(() => setDevice(undefined));

/** Its checkpoints take 60 kB and more. */
const net = () => nn.sequential(nn.linear(2, 1000), nn.dropout(0.5), nn.linear(1000, 3));
const course: Course = {
  net,
  trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.01, momentum: 0.9 }), seed: 1 }),
  data: () => points(18),
  fit: () => ({ epochs: 3, batchSize: 6 }),
};

describe("where the disk is full", () => {
  it("training ends with an error that says so; the checkpoints before are whole and lead to the same end", () =>
    onSmallDisk(async ({ folder, fill, empty }) => {
      const checkpoint = { directory: join(folder, "checkpoints"), everySteps: 1, keep: 2, best: false };
      const whole = await outcome(course);
      let steps = 0;
      const trainer = trainerOf(net(), course.trainer());
      let written: Record<string, string> = {};
      const error = await failure(async () => {
        for await (const { epoch } of trainer.fit(course.data(), {
          ...course.fit(),
          checkpoint,
          onStep: () => steps++,
        })) {
          if (epoch > 1) continue;
          written = await contents(checkpoint.directory);
          await fill();
        }
      });
      expect(error).toBeInstanceOf(TiduError);
      expect(error.message).toMatch(/^cannot write .*epoch-0002-step-0000001\.safetensors: the disk is full/);
      expect(steps).toBe(4);
      expect(await contents(checkpoint.directory)).toEqual(written);
      expect(await checkpointsIn(checkpoint.directory)).toHaveLength(2);
      await empty();
      expect(await outcome(course, { checkpoint, resume: true })).toEqual(whole);
    }));

  it("from the start, training ends before its second step", () =>
    onSmallDisk(async ({ folder, fill }) => {
      await fill();
      const fit = trainerOf(net(), course.trainer()).fit(course.data(), {
        checkpoint: { directory: folder, everySteps: 1 },
      });
      const error = await failure(() => all(fit));
      expect(error).toBeInstanceOf(TiduError);
      expect(error.message).toMatch(/cannot write .*: the disk is full; free some space/);
      expect(await checkpointsIn(folder)).toEqual([]);
    }));
});
