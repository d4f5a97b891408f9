import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { EXIT } from "../../packages/cli/src/cli/exit.js";
import { Interrupt } from "../../packages/cli/src/cli/run/interrupt.js";
import { jsonLines, linesOf, type Outcome, workplace } from "./support.js";

const { path, start, tidu, onTerminal, write } = workplace();

/** So many epochs that nobody waits for their end. */
const FOREVER = 1_000_000;
const RUN = [
  "train",
  "rows.csv",
  "--batch-size",
  "1",
  "--dropout",
  "0.2",
  "--seed",
  "5",
  "--optimizer",
  "sgd",
  "--no-report",
];

/** What a terminal is sent to clear a line. */
const CLEAR = "\\x1b\\[0?K[^\\n]*";

/** What a stopped run says of itself: where it stopped. */
function stopped({ errors }: Outcome, folder: string): { epoch: number; step: number } {
  const match = /^tidu: stopped after step (\d+) of epoch (\d+); continue with: tidu resume (.*)\n$/.exec(errors);
  expect(match?.[3], errors).toBe(folder);
  return { step: Number(match?.[1]), epoch: Number(match?.[2]) };
}

/** Losses and accuracies of a run's epochs, without their times. */
async function history(folder: string): Promise<unknown[]> {
  const lines = jsonLines(await readFile(path(folder, "metrics.jsonl"), "utf8"));
  return lines.map(({ epoch, loss, accuracy, validation, best, lr, losses }) => ({
    epoch,
    loss,
    accuracy,
    validation,
    best,
    lr,
    losses,
  }));
}

describe("a run that is stopped", () => {
  beforeAll(async () => {
    const rows = Array.from({ length: 600 }, (_, i) => `${(i * 7) % 11},${(i * 5) % 13},${i % 3 === 0 ? "yes" : "no"}`);
    await write("rows.csv", `a,b,answer\n${rows.join("\n")}\n`);
  });

  it("by Ctrl-C or SIGTERM goes on, and ends with the bits of one that never was", async () => {
    const running = start(...RUN, "--epochs", String(FOREVER), "--out", "stopped");
    await running.until(/^epoch .*1\/1000000 /m);
    running.signal("SIGINT");
    const first = await running.outcome;
    expect(first.code).toBe(130);
    expect(first.out).toContain("finishing this step; a second Ctrl-C ends at once\n");
    const place = stopped(first, "stopped");
    expect(await history("stopped")).toHaveLength(place.step === 540 ? place.epoch : place.epoch - 1);

    const again = start("resume", "stopped");
    await again.until(/^epoch .*\/1000000 /m);
    again.signal("SIGTERM");
    const second = await again.outcome;
    expect(second.code).toBe(143);
    // After an epoch's last step the next one begins.
    const next = place.step === 540 ? { epoch: place.epoch + 1, step: 0 } : place;
    expect(second.out).toContain(`continuing in epoch ${next.epoch} of ${FOREVER} after step ${next.step}\n`);
    const epochs = String(stopped(second, "stopped").epoch + 1);

    const last = await tidu("resume", "stopped", "--epochs", epochs, "--no-report");
    expect(last.code).toBe(0);
    const whole = await tidu(...RUN, "--epochs", epochs, "--out", "whole", "--threads", "1");
    expect(whole.code).toBe(0);
    expect(await history("stopped")).toEqual(await history("whole"));
    for (const name of ["model.safetensors", "best.safetensors"]) {
      const [a, b] = await Promise.all(["stopped", "whole"].map((folder) => readFile(path(folder, name))));
      expect(a.equals(b)).toBe(true);
    }
    expect(linesOf(last.out).at(-1)).toBe(linesOf(whole.out).at(-1));
  });

  it("by a terminal that is closed leaves a checkpoint, too", async () => {
    const running = start(...RUN, "--epochs", String(FOREVER), "--out", "closed");
    await running.until(/^epoch .*1\/1000000 /m);
    running.signal("SIGHUP");
    const { code, errors } = await running.outcome;
    expect(code).toBe(129);
    expect(errors).toMatch(/^tidu: stopped after step \d+ of epoch \d+; continue with: tidu resume closed\n$/);
    expect((await readdir(path("closed", "checkpoints"))).length).toBeGreaterThan(1);
  });

  it("has all of an epoch whose line was lost between its checkpoint and metrics.jsonl", async () => {
    await tidu(...RUN, "--epochs", "3", "--schedule", "step:every=1,gamma=0.5", "--out", "lost");
    const file = path("lost", "metrics.jsonl");
    const whole = await history("lost");
    expect(whole.map((line) => (line as { lr: number }).lr)).toEqual([0.02, 0.01, 0.005]);
    await writeFile(file, (await readFile(file, "utf8")).split("\n").slice(0, 2).join("\n").concat("\n"));
    await tidu("resume", "lost", "--no-report");
    expect(await history("lost")).toEqual(whole);
    await writeFile(file, (await readFile(file, "utf8")).split("\n").slice(0, 2).join("\n").concat("\n"));
    await tidu("resume", "lost", "--no-report", "--epochs", "4");
    const longer = await history("lost");
    expect(longer.slice(0, 3)).toEqual(whole);
    expect(longer).toHaveLength(4);
  });

  it("on a terminal clears its bar first", async () => {
    const running = onTerminal(...RUN, "--epochs", String(FOREVER), "--out", "typed");
    await running.until(/ left/);
    running.type("\x03");
    const { code, out } = await running.outcome;
    expect(code).toBe(130);
    expect(out).toMatch(new RegExp(`${CLEAR}finishing this step; a second Ctrl-C ends at once\r\n`));
    expect(out).toMatch(/tidu: stopped after step \d+ of epoch \d+; continue with: tidu resume typed\r\n$/);
  });

  it("refuses to go on with other data, or with a schedule that would have been another", async () => {
    const { code } = await tidu(...RUN, "--epochs", "1", "--schedule", "linear", "--out", "strict");
    expect(code).toBe(0);
    const longer = await tidu("resume", "strict", "--epochs", "2");
    expect(longer.code).toBe(2);
    expect(longer.errors).toMatch(/^tidu: --epochs 2: the run's schedule linear was planned for 1 epochs; .*\n$/);
    const done = await tidu("resume", "strict", "--no-report");
    expect(done.code).toBe(0);
    const config = path("strict", "config.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, text.replaceAll(path("rows.csv"), path("others.csv")));
    await write("others.csv", (await readFile(path("rows.csv"), "utf8")).replace("yes", "no"));
    const other = await tidu("resume", "strict");
    expect(other.code).toBe(1);
    expect(other.errors).toMatch(/^tidu: .*others\.csv has changed since the run began \(fingerprint .*\); .*\n$/);
  });
});

describe("an interrupt", () => {
  afterEach(() => vi.restoreAllMocks());

  it("asks at the first signal, and ends the process at the second", () => {
    const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
    const onFirst = vi.fn();
    const interrupt = new Interrupt(onFirst);
    expect([interrupt.caught, interrupt.signal.aborted]).toEqual([undefined, false]);
    process.emit("SIGTERM", "SIGTERM");
    expect([interrupt.caught, interrupt.signal.aborted]).toEqual(["SIGTERM", true]);
    expect(exit).not.toHaveBeenCalled();
    process.emit("SIGINT", "SIGINT");
    expect(exit).toHaveBeenCalledWith(EXIT.SIGTERM);
    expect(onFirst).toHaveBeenCalledTimes(1);
    interrupt.close();
  });

  it("no longer listens when it is closed", () => {
    const before = process.listenerCount("SIGINT");
    const interrupt = new Interrupt(() => {});
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    interrupt.close();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
