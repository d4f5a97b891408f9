import { describe, expect, it } from "vitest";
import { EpochCurve } from "../../packages/cli/src/cli/run/metrics.js";

/** The curve of an epoch whose step i has loss i, from step `first` on. */
function curve(steps: number, first = 1): number[] {
  const found = new EpochCurve();
  for (let step = first; step <= steps; step++) found.add({ epoch: 1, step, steps, loss: step });
  return found.take();
}

describe("the curve of an epoch", () => {
  it("has each step where there are few", () => expect(curve(5)).toEqual([1, 2, 3, 4, 5]));

  it.each([32, 33, 64, 100, 938])("has means of equal parts where there are %d", (steps) => {
    const means = curve(steps);
    expect(means).toHaveLength(32);
    expect(means[0]).toBeLessThanOrEqual(steps / 32 / 2 + 1);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means.reduce((sum, mean) => sum + mean, 0) / 32).toBeCloseTo((steps + 1) / 2, -1);
  });

  it("has what is left of an epoch that began in the middle", () => expect(curve(64, 33)).toHaveLength(16));

  it("begins anew when it is taken", () => {
    const found = new EpochCurve();
    found.add({ epoch: 1, step: 1, steps: 1, loss: 3 });
    expect(found.take()).toEqual([3]);
    found.add({ epoch: 2, step: 1, steps: 1, loss: 2 });
    expect(found.take()).toEqual([2]);
  });
});
