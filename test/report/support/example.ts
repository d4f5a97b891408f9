// A report's data with everything in it, for tests.
import { collectReport } from "../../../packages/cli/src/report/collect/collect.js";
import type { EpochRecord, Findings, ReportData } from "../../../packages/cli/src/report/data.js";
import { threefry2x32 } from "../../../packages/tidu/src/base/threefry.js";
import { type Dataset, dataset } from "../../../packages/tidu/src/data/index.js";
import { loss, nn, optim } from "../../../packages/tidu/src/index.js";

/** Numbers in [0, 1) that are the same in every run. */
const noise = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => threefry2x32(7, 0, i, 0)[0] / 2 ** 32);

/** Text that would do harm if it were taken for markup, and long words without spaces. */
export const HOSTILE = `<img src=x onerror="alert('1')"> & </style><script>alert(2)</script>`;
const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze";

export const CLASSES: readonly string[] = ["ant", "bee & cow", HOSTILE, LONG, "ewe", "fox"];

/** Pictures of noise in classes that have nothing to do with them. */
function noisyPictures(count: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES.length);
  const pixels = Uint8Array.from(noise(count * 144), (v) => 256 * v);
  const transform: Dataset["transform"] = (x) => x.toFloat().div(255);
  return dataset(pixels, [1, 12, 12], labels, { classes: CLASSES, transform });
}

export function classFindings(): Promise<Findings> {
  const net = nn.sequential(
    ...[nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2), nn.flatten()],
    ...[nn.linear(216, 20), nn.relu(), nn.dropout(0.5), nn.linear(20, CLASSES.length)],
  );
  const options = { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.001 }), profileMilliseconds: 1 };
  return collectReport(net.initialize(1), noisyPictures(120), options);
}

export function valueFindings(): Promise<Findings> {
  const net = nn.sequential(nn.linear(3, 8), nn.tanh(), nn.linear(8, 2)).initialize(1);
  const inputs = Float32Array.from(noise(900));
  const targets = Float32Array.from({ length: 600 }, (_, i) => inputs[(i >> 1) * 3 + (i % 2)]);
  return collectReport(net, dataset(inputs, [3], targets), {
    loss: loss.mse,
    part: "validation",
    targets: [
      { name: HOSTILE, mean: 250_000, deviation: 90_000 },
      { name: "rooms", mean: 4, deviation: 1 },
    ],
    profileMilliseconds: 1,
  });
}

/** Epochs of a training that goes well. */
export const epochs = (count: number): EpochRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    epoch: i + 1,
    loss: 2 / (i + 1),
    accuracy: 1 - 0.5 / (i + 1),
    validationLoss: 2.1 / (i + 1),
    validationAccuracy: 0.95 - 0.5 / (i + 1),
    lr: 0.01 * 0.8 ** i,
    seconds: 1.5,
    best: true,
    losses: noise(20).map((v) => (2 + v) / (i + 1)),
  }));

export const CONFIG = {
  format: 1,
  command: `tidu train '${HOSTILE}' --model lenet`,
  model: { name: LONG, source: `export default "${HOSTILE}";` },
  data: { path: "/a/path/that/is/long/".repeat(12), classes: CLASSES, fingerprint: "0123456789abcdef".repeat(4) },
  training: { epochs: 8, lr: 0.01, schedule: null },
};

/** A run with all that there can be. */
export const report = (findings?: Findings): ReportData => ({
  title: `run ${HOSTILE}`,
  config: CONFIG,
  epochs: epochs(8),
  findings,
});
