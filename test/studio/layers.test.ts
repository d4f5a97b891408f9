import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { device, setDevice, tensor, WasmDevice } from "../../packages/tidu/src/index.js";
import { KINDS, type LayerSpec, newLayer } from "../../studio/src/engine/layers.js";
import { Observer } from "../../studio/src/engine/observer.js";
import type { BatchLook, Frame } from "../../studio/src/engine/protocol.js";
import type { Session } from "../../studio/src/engine/session.js";
import { type Settings, startFor } from "../../studio/src/engine/settings.js";
import { GRID, REACH } from "../../studio/src/engine/views.js";
import { begin, epochs, printed, serveDigits } from "./training.js";

const before = device();
beforeAll(async () => {
  setDevice(new WasmDevice({ portable: true, threads: 1 }));
  await serveDigits();
});
afterAll(() => {
  vi.unstubAllGlobals();
  setDevice(before);
});

/** Gray values of a picture: darker from the top to the bottom. */
const DRAWN = Float32Array.from({ length: 784 }, (_, i) => Math.floor(i / 28) * 9);
const points: Settings = { ...startFor("xor"), batch: 100 };
/** Few steps: large batches of the digits. */
const digits: Settings = { ...startFor("digits"), batch: 1000 };

/** Between them, the networks have a layer of every kind, and every option of each. */
const networks: readonly (readonly [name: string, settings: Settings, layers: readonly LayerSpec[]])[] = [
  [
    "images",
    digits,
    [
      newLayer("conv2d", { channels: 8, kernel: 3, stride: 3, padding: 2, dilation: 2 }),
      newLayer("batchNorm2d"),
      newLayer("relu"),
      newLayer("conv2d", { channels: 8, kernel: 3, padding: 1, groups: 4 }),
      newLayer("maxoutChannels", { pieces: 2 }),
      newLayer("dropout", { p: 0.25, drop: "channels" }),
      newLayer("maxPool2d", { kernel: 3, stride: 2, padding: 1 }),
      newLayer("convTranspose2d", { channels: 4, kernel: 3, stride: 2, padding: 1, groups: 2, outputPadding: 1 }),
      newLayer("avgPool2d", { kernel: 2, stride: 1 }),
      newLayer("elu"),
      newLayer("conv2d", { channels: 10, kernel: 3 }),
      newLayer("globalAvgPool2d"),
      newLayer("flatten"),
      newLayer("linear", { units: 10 }),
    ],
  ],
  [
    "images as sequences",
    digits,
    [
      newLayer("flatten", { start: 2 }),
      newLayer("conv1d", { channels: 4, kernel: 7, stride: 4, padding: 3, dilation: 2, groups: 1 }),
      newLayer("batchNorm1d"),
      newLayer("silu"),
      newLayer("flatten"),
      newLayer("linear", { units: 10 }),
    ],
  ],
  [
    "gray values as levels",
    { ...digits, input: "levels" },
    [
      newLayer("flatten"),
      newLayer("embedding", { count: 16, features: 1 }),
      newLayer("flatten"),
      newLayer("linear", { units: 10 }),
    ],
  ],
  [
    "points",
    points,
    [
      newLayer("linear", { units: 8 }),
      newLayer("layerNorm"),
      newLayer("leakyRelu", { slope: 0.2 }),
      newLayer("dropout", { p: 0.25, drop: "units", scale: "test" }),
      newLayer("linear", { units: 8 }),
      newLayer("sigmoid"),
      newLayer("dropout", { p: 0.1, scale: "test" }),
      newLayer("maxout", { units: 4, pieces: 3 }),
      newLayer("tanh"),
      newLayer("softplus"),
      newLayer("gelu"),
      newLayer("softmax"),
      newLayer("linear", { units: 2 }),
    ],
  ],
  [
    "places as levels",
    { ...points, input: "levels" },
    [
      newLayer("embedding", { count: 17, features: 3 }),
      newLayer("linear", { units: 2 }),
      newLayer("flatten"),
      newLayer("logSoftmax"),
      newLayer("linear", { units: 2 }),
    ],
  ],
];

describe.each(networks)("a network of %s", (_, settings, layers) => {
  test("does what its exported program does, bit for bit, and can be looked at", { timeout: 120_000 }, async () => {
    const { session, code } = await begin({ ...settings, layers }, 1);
    const observer = new Observer(session);
    const checkAll = async (): Promise<Frame> => {
      const frame = await observer.frame({ pixels: DRAWN, place: [0, 0] });
      checkLooks(frame, await observer.batch(), layers);
      return frame;
    };
    await checkAll();
    const own = await epochs(session, 1);
    await checkAnswers(await checkAll(), session);
    expect(await printed(code)).toEqual(own.map(({ confusion, ...told }) => told));
  });
});

/** Every layer shows what it should. */
function checkLooks(frame: Frame, looks: readonly BatchLook[], layers: readonly LayerSpec[]): void {
  layers.forEach(({ kind, values }, i) => {
    const { activations, mask } = looks[i];
    expect(activations.size, kind).toBeGreaterThan(0);
    expect(mask !== undefined, kind).toBe(kind === "dropout");
    expect(frame.layers[i].kernels?.count, kind).toBe(kind.startsWith("conv") ? values.channels : undefined);
  });
  // What comes before an embedding are whole numbers.
  expect(looks.at(-1)?.gradients?.size).toBeGreaterThan(0);
}

/** The middle of the plane's last field. */
const CORNER = REACH * (1 - 1 / GRID);

/** What is shown of a drawn digit, or of a corner of the plane, is what the network itself makes of it. */
async function checkAnswers(
  { layers, shares, boundary }: Frame,
  { net, data, layers: modules }: Session,
): Promise<void> {
  expect(data.points === undefined).toBe(boundary === undefined);
  const input = boundary === undefined ? tensor(DRAWN.slice(), [1, 1, 28, 28]) : tensor([[-CORNER, CORNER]]);
  const seen = data.train.transform(input);
  const wanted = await (await net.predict(seen)).softmax(1).data();
  expect(shares?.length ?? 2).toBe(data.outputs);
  // How many times as likely the second class is, as a logarithm.
  const odds = Math.exp(boundary?.values[0] ?? 0);
  const shown = shares ?? [1 / (1 + odds), odds / (1 + odds)];
  shown.forEach((share, i) => expect(share).toBeCloseTo(wanted[i], 5));
  const { responses, kernels } = layers[0];
  const first = await modules[0].during(false, () => modules[0].forward(seen)).data();
  if (shares !== undefined) expect(responses?.values[0]).toBeCloseTo(first[0], 4);
  if (kernels !== undefined) expect(kernels.values[0]).toBe((await modules[0].parameters()[0].data())[0]);
}

test("there is a network with a layer of every kind", () => {
  const kinds = networks.flatMap(([, , layers]) => layers.map(({ kind }) => kind));
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(KINDS).sort());
});
