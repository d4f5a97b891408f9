import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createReporter,
  type EpochInfo,
  epochLine,
  type StepInfo,
  silent,
} from "../../packages/cli/src/cli/ui/progress.js";

const step: StepInfo = {
  epoch: 1,
  epochs: 3,
  step: 42,
  steps: 938,
  loss: 0.5,
  accuracy: 0.875,
  samplesPerSecond: 12_345,
  secondsLeft: 75,
};
const epoch: EpochInfo = { epoch: 1, epochs: 3, loss: 0.25, seconds: 12.3, samplesPerSecond: 4878 };

/** A stream that remembers what was written, with or without a terminal's manners. */
function recorder(terminal: { columns: number } | undefined) {
  const written: string[] = [];
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  stream.write = (text: string | Uint8Array) => {
    written.push(String(text));
    return true;
  };
  if (terminal) Object.assign(stream, { isTTY: true, columns: terminal.columns });
  const redraws = () => written.filter((text) => text.startsWith("epoch 1/3 ") && text.includes("left"));
  return { stream, written, redraws };
}

describe("a reporter without a terminal", () => {
  it("prints one plain line per epoch and nothing else", () => {
    const { stream, written } = recorder(undefined);
    const reporter = createReporter(stream);
    for (let i = 0; i < 100; i++) reporter.step(step);
    reporter.epoch(epoch);
    reporter.epoch({ ...epoch, epoch: 2 });
    reporter.close();
    expect(written).toEqual([
      "epoch 1/3  loss 0.2500  12.3 s  4.88K samples/s\n",
      "epoch 2/3  loss 0.2500  12.3 s  4.88K samples/s\n",
    ]);
  });

  it("is also what a dumb terminal gets", () => {
    vi.stubEnv("TERM", "dumb");
    const { stream, written } = recorder({ columns: 80 });
    const reporter = createReporter(stream);
    reporter.step(step);
    reporter.close();
    expect(written).toEqual([]);
    vi.unstubAllEnvs();
  });
});

describe("epochLine", () => {
  it("shows what is known", () => {
    const measured = { name: "test", loss: 0.08, accuracy: 0.9876 };
    const line = epochLine({ ...epoch, epochs: 10, accuracy: 0.96, measured, lr: 0.01 / 3 });
    expect(line).toBe(
      "epoch  1/10  loss 0.2500  accuracy 96.00%  test loss 0.0800  test accuracy 98.76%  lr 0.00333  12.3 s  4.88K samples/s",
    );
    const loss = { name: "validation", loss: 0.5 };
    expect(epochLine({ ...epoch, measured: loss })).toContain("loss 0.2500  validation loss 0.5000  12.3 s");
  });

  it.each([
    [Number.NaN, "loss NaN"],
    [1e-7, "loss 1×10⁻⁷"],
    [3e8, "loss 3×10⁸"],
    [0, "loss 0.0000"],
  ])("keeps a loss of %d legible", (loss, text) => expect(epochLine({ ...epoch, loss })).toContain(text));
});

it("a silent reporter does nothing", () => {
  silent.step(step);
  silent.epoch(epoch);
  silent.note("stopping");
  silent.close();
});

describe("a reporter on a terminal", () => {
  beforeEach(() => {
    vi.stubEnv("TERM", "xterm");
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it("shows the step, the numbers, a bar and the loss as a curve", () => {
    const { stream, redraws } = recorder({ columns: 140 });
    const reporter = createReporter(stream);
    for (const loss of [4, 3, 2, 1]) reporter.step({ ...step, step: 469, loss });
    vi.advanceTimersByTime(100);
    reporter.step({ ...step, step: 469, lr: 0.02 });
    reporter.close();
    expect(redraws().at(-1)).toBe(
      `epoch 1/3 ${"█".repeat(15)}${"░".repeat(15)} █▆▄▂▁    469/938  loss 0.5000  acc 87.50%  lr 0.02  12.3K/s  1 min 15 s left`,
    );
  });

  it("leaves the curve away where there is no room", () => {
    const { stream, redraws } = recorder({ columns: 79 });
    const reporter = createReporter(stream);
    reporter.step({ ...step, step: 469 });
    reporter.close();
    expect(redraws()).toEqual([
      `epoch 1/3 ${"█".repeat(5)}${"░".repeat(4)} 469/938  loss 0.5000  acc 87.50%  12.3K/s  1 min 15 s left`,
    ]);
  });

  it.each([200, 100, 80, 60, 40, 10])("stays on one line of %d columns", (columns) => {
    const { stream, written } = recorder({ columns });
    const reporter = createReporter(stream);
    reporter.step(step);
    reporter.close();
    for (const text of written) expect(stripVTControlCharacters(text).length).toBeLessThanOrEqual(columns);
  });

  it("redraws at most ten times a second, however fast the steps come", () => {
    const { stream, redraws } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    for (let i = 0; i < 2000; i++) {
      reporter.step({ ...step, step: i, loss: 1 / i });
      vi.advanceTimersByTime(1);
    }
    expect(redraws().length).toBeGreaterThan(15);
    expect(redraws().length).toBeLessThanOrEqual(20);
    reporter.close();
  });

  it("does so however short the epochs are, too", () => {
    const { stream, redraws } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    for (let i = 0; i < 2000; i++) {
      reporter.step({ ...step, loss: 1 / i });
      vi.advanceTimersByTime(1);
      if (i % 10 === 9) reporter.epoch({ ...epoch, epoch: i });
    }
    expect(redraws().length).toBeGreaterThan(15);
    expect(redraws().length).toBeLessThanOrEqual(20);
    reporter.close();
  });

  it("clears the bar for a note", () => {
    const { stream, written } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    reporter.step(step);
    reporter.note("stopping");
    expect(written.at(-1)).toBe("stopping\n");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("drops an accuracy that is no longer known", () => {
    const { stream, redraws } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    reporter.step(step);
    vi.advanceTimersByTime(150);
    const { accuracy, ...rest } = step;
    reporter.step({ ...rest, step: 43 });
    reporter.close();
    expect(redraws().at(-1)).not.toContain("acc");
  });

  it("replaces the bar by the epoch's line, and starts again", () => {
    const { stream, written, redraws } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    reporter.step(step);
    reporter.epoch(epoch);
    expect(written.at(-1)).toBe(`${epochLine(epoch)}\n`);
    const clear = written.at(-2) ?? "";
    expect(clear).not.toBe(stripVTControlCharacters(clear));
    vi.advanceTimersByTime(100);
    reporter.step({ ...step, step: 1 });
    expect(redraws()).toHaveLength(2);
    reporter.close();
  });

  it("leaves no timer behind that would keep the process alive", () => {
    const { stream } = recorder({ columns: 120 });
    const reporter = createReporter(stream);
    reporter.step(step);
    reporter.close();
    reporter.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
