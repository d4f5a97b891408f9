import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { workplace, writeDigits } from "./support.js";

const { path, onTerminal } = workplace();

/** What takes a terminal back to the beginning of a line. */
const LINE_START = new RegExp(["\\r", "\\n", "\\x1b\\[[01]?G"].join("|"));

describe("on a terminal", () => {
  it("a bar moves with loss, accuracy, curve, speed and time left, ten times a second at most", async () => {
    await writeDigits(path("pictures"), path("idx"), 10);
    const args = [
      "--model",
      "mlp",
      "--batch-size",
      "1",
      "--epochs",
      "10",
      "--schedule",
      "exponential",
      "--out",
      "run",
      "--no-report",
    ];
    const began = performance.now();
    const { code, out } = await onTerminal("train", "idx", ...args).outcome;
    const seconds = (performance.now() - began) / 1000;
    expect(code).toBe(0);
    const drawn = out
      .split(LINE_START)
      .map(stripVTControlCharacters)
      .filter((line) => line.includes(" left"));
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.length).toBeLessThanOrEqual(10 * seconds + 1);
    for (const line of drawn) {
      expect(line).toMatch(
        /epoch \d+\/10 [█░]+ [▁▂▃▄▅▆▇█]{1,8} +\d+\/90 {2}loss \d\S+ {2}acc \d+\.\d\d% {2}lr \S+ {2}\S+\/s {2}.+ left/,
      );
      expect(line.length).toBeLessThanOrEqual(100);
    }
    const lines = out.split(LINE_START).map(stripVTControlCharacters);
    expect(lines.filter((line) => /^epoch +\d+\/10 {2}loss .* samples\/s$/.test(line))).toHaveLength(10);
    expect(out).toMatch(
      /saved to run\r\n(?:last epoch .*\r\n)?best epoch \d+(?: \(by brier; see --metric\))?: validation accuracy \d+\.\d\d%\r\n$/,
    );
  });
});
