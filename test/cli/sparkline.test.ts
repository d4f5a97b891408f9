import { describe, expect, it } from "vitest";
import { Sparkline } from "../../packages/cli/src/cli/ui/sparkline.js";

const drawn = (width: number, values: number[]): string => {
  const line = new Sparkline(width);
  for (const value of values) line.add(value);
  return String(line);
};

describe("a sparkline", () => {
  it("rises from the lowest block to the highest", () => {
    expect(drawn(8, [0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  });

  it("is empty at first, and flat where all values are the same", () => {
    expect(drawn(8, [])).toBe("");
    expect(drawn(8, [3, 3, 3])).toBe("▁▁▁");
  });

  it("leaves out what is not a number", () => {
    expect(drawn(8, [1, Number.NaN, 2, Number.POSITIVE_INFINITY])).toBe("▁█");
  });

  it.each([9, 15, 16, 17, 1000, 12_345])("shows a falling curve of %d values in at most 8 characters", (count) => {
    const text = drawn(
      8,
      Array.from({ length: count }, (_, i) => -i),
    );
    expect(text.length).toBeLessThanOrEqual(8);
    expect(text.length).toBeGreaterThanOrEqual(4);
    expect(text.startsWith("█")).toBe(true);
    expect(text.endsWith("▁")).toBe(true);
    expect([...text].sort().reverse().join("")).toBe(text);
  });

  it("averages what shares a character", () => {
    const noisy = Array.from({ length: 1024 }, (_, i) => (i < 512 ? 10 : 0) + (i % 2 === 0 ? 5 : -5));
    expect(drawn(4, noisy)).toBe("██▁▁");
  });
});
