import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/base/errors.js";
import { readOptions, USAGE } from "../../src/cli/options.js";

describe("readOptions", () => {
  it("has a value for everything", () => {
    expect(readOptions([])).toEqual({
      epochs: 3,
      batchSize: 64,
      lr: 0.02,
      momentum: 0.9,
      l2: 1e-4,
      seed: 1,
      samples: 60_000,
      threads: undefined,
    });
  });

  it("takes what it is given", () => {
    const args = ["--epochs", "5", "--batch-size=128", "--lr", "1e-3", "--seed", "0", "--samples=10", "--threads", "2"];
    expect(readOptions(args)).toMatchObject({ epochs: 5, batchSize: 128, lr: 0.001, seed: 0, samples: 10, threads: 2 });
  });

  it("shows all options when asked", () => {
    expect(readOptions(["--epochs", "2", "--help"])).toBeUndefined();
    for (const option of ["--epochs", "--batch-size", "--lr", "--seed", "--samples", "--threads"]) {
      expect(USAGE).toContain(option);
    }
  });

  it.each<[string[], string]>([
    [["--epochs", "0"], '--epochs is "0"; it must be a whole number from 1 to 10000'],
    [["--epochs", "2.5"], '--epochs is "2.5"; it must be a whole number'],
    [["--batch-size", "many"], '--batch-size is "many"; it must be a whole number from 1 to 60000'],
    [["--batch-size="], '--batch-size is ""'],
    [["--lr", "0"], '--lr is "0"; it must be a number above 0, such as 0.02'],
    [["--lr=-1"], '--lr is "-1"'],
    [["--lr", "NaN"], '--lr is "NaN"'],
    [["--lr", " "], '--lr is " "'],
    [
      ["--seed", "9007199254740993"],
      '--seed is "9007199254740993"; it must be a whole number from 0 to 9007199254740991',
    ],
    [["--samples", "60001"], '--samples is "60001"'],
    [["--threads", "0"], '--threads is "0"; it must be a whole number from 1 to 64'],
    [["--epoch", "1"], "Unknown option '--epoch'"],
    [["more"], "Unexpected argument 'more'"],
    [["--lr"], "--lr"],
  ])("refuses %j in one line", (args, message) => {
    expect(() => readOptions(args)).toThrow(ArgumentError);
    expect(() => readOptions(args)).toThrow(message);
    expect(() => readOptions(args)).toThrow(/^.+$/);
  });
});
