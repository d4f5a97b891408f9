import { ArgumentError, nn, ShapeError } from "tidu";
import { describe, expect, it } from "vitest";
import { lenet } from "./support.js";

describe("summary", () => {
  const summary = nn.summary(lenet(), [1, 28, 28]);

  it("counts LeNet's parameters, layer by layer", () => {
    expect(summary.layers.map((l) => l.parameters)).toEqual([156, 0, 0, 2416, 0, 0, 0, 48_120, 0, 10_164, 0, 0, 850]);
    expect(summary.parameters).toBe(61_706);
  });

  it("follows the shapes", () => {
    expect(summary.layers.map((l) => l.outputShape.slice(1).join("×"))).toEqual(
      ["6×28×28", "6×28×28", "6×14×14", "16×10×10", "16×10×10", "16×5×5", "400"].concat([
        "120",
        "120",
        "84",
        "84",
        "84",
        "10",
      ]),
    );
    expect(summary.batchSize).toBe(64);
    expect(summary.layers[0].outputShape[0]).toBe(64);
  });

  it("tells the memory of training, which grows with the batch", () => {
    const bytes = [1, 64, 128].map((batchSize) => nn.summary(lenet(), [1, 28, 28], { batchSize }).trainingBytes);
    expect(bytes[0]).toBeGreaterThan(61_706 * 4);
    expect(bytes[2] - bytes[1]).toBeGreaterThan(bytes[1] - bytes[0] - 64 * 1000);
    expect(bytes[1]).toBe(summary.trainingBytes);
  });

  it("prints a table", () => {
    const lines = String(summary).split("\n");
    expect(lines).toHaveLength(17);
    expect(lines[0]).toMatch(/^name +layer +output shape +parameters\b/);
    expect(lines[9]).toMatch(/^7 +linear\(400, 120\) +\[64, 120\] +48,120\b/);
    expect(lines[16]).toMatch(/^61,706 parameters; training with batches of 64 needs \d+\.\d MiB$/);
  });

  it("neither computes nor changes anything, and says what does not fit", () => {
    expect(() => nn.summary(lenet(), [3, 28, 28])).toThrow(ShapeError);
    expect(() => nn.summary(lenet(), [3, 28, 28])).toThrow(
      /^layer 0 conv2d\(1, 6, 5.*\): input is tensor f32 \[64, 3, 28, 28\]; it must be of 1 channels/,
    );
    expect(() => nn.summary(lenet(), [1, 28, 28], { batchSize: 0 })).toThrow(ArgumentError);
    expect(nn.summary(nn.sequential(nn.relu()), [5]).parameters).toBe(0);
  });
});
