import { expect, test } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { onReference } from "./support/devices.js";

onReference();

test("a convolution's parameters stand beside those of the fully connected layer that it replaces", () => {
  const net = nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }),
    nn.batchNorm2d(6),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(6, 4, 3, { bias: false, groups: 2 }),
    nn.convTranspose2d(4, 2, 2),
    nn.flatten(),
    nn.linear(338, 10),
  );
  const summary = nn.summary(net, [1, 28, 28], { batchSize: 8 });
  expect(summary.layers.map((l) => [l.name, l.parameters, l.fullyConnected])).toEqual([
    ["0", 156, 784 * 4704 + 4704],
    ["1", 12, undefined],
    ["2", 0, undefined],
    ["3", 0, undefined],
    ["4", 4 * 3 * 9, 1176 * 576],
    ["5", 34, 576 * 338 + 338],
    ["6", 0, undefined],
    ["7", 3390, undefined],
  ]);
  expect(summary.parameters).toBe(156 + 12 + 108 + 34 + 3390);
  const lines = String(summary).split("\n");
  expect(lines[0]).toMatch(/^name +layer +output shape +parameters {2}if fully connected$/);
  expect(lines[2]).toMatch(/^0 +conv2d\(1, 6, 5\), padding 2 +\[8, 6, 28, 28\] +156 +3,692,640$/);
  expect(lines[9]).toMatch(/^7 +linear\(338, 10\) +\[8, 10\] +3,390$/);
  expect(lines.at(-1)).toMatch(/^3,700 parameters; training with batches of 8 needs \d+\.\d MiB$/);
});

test("a network may take whole numbers", () => {
  const net = nn.sequential(nn.embedding(5, 2), nn.flatten(), nn.linear(6, 1));
  const summary = nn.summary(net, [3], { batchSize: 4, dtype: "i32" });
  expect(summary.layers.map((l) => l.outputShape)).toEqual([
    [4, 3, 2],
    [4, 6],
    [4, 1],
  ]);
  expect(summary.parameters).toBe(10 + 7);
  expect(() => nn.summary(net, [3], { dtype: "u8" as "i32" })).toThrow('summary: dtype is "u8"');
});

test("a network without convolutions has no such column", () => {
  const summary = nn.summary(nn.sequential(nn.linear(2, 3), nn.relu()), [2]);
  expect(String(summary)).toMatch(/^name +layer +output shape +parameters\n/);
  expect(summary.layers.every((l) => !("fullyConnected" in l))).toBe(true);
  expect(summary.batchSize).toBe(64);
});

test("the count follows a one-dimensional convolution in a sequence of any length", () => {
  const [conv] = nn.summary(nn.conv1d(2, 3, 3), [2, 10]).layers;
  expect(conv.fullyConnected).toBe(20 * 24 + 24);
});

test("a batch size that is none is refused", () => {
  expect(() => nn.summary(nn.linear(2, 3), [2], { batchSize: 0 })).toThrow(ArgumentError);
});
