// Data sets, streams, augmentations, sources.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode as encodePng } from "fast-png";
import { augment, data, sources, tidu } from "../packages.js";
import { make, on, type Rows } from "../row.js";

const { tensor, ones } = tidu;
type Augmentation = ReturnType<typeof augment.shift>;
type Batches = ReturnType<InstanceType<typeof data.Dataset>["batches"]>;

const images = () => ones([2, 1, 4, 4]);
const change = (a: Augmentation) => a.apply(images()).images.data();
const warp = (name: keyof typeof augment, value: unknown): Rows => ({
  [`augment/${name}`]: make(() => [value, { border: "nearest", p: 0.5 }], change as never),
});
const samples = () =>
  data.dataset(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2], Int32Array.of(0, 1, 0, 1), { classes: ["a", "b"] });
const batchOptions = () => ({ batchSize: 2, shuffle: true, dropLast: false, seed: 1, reads: () => true });
const first = (batches: Batches) => batches.epoch(0)[Symbol.asyncIterator]().next();
const read = (set: { batches(options: unknown): Batches }) => first(set.batches(batchOptions()));
const source = () =>
  function* () {
    for (let i = 0; i < 4; i++) yield { input: Float32Array.of(i, 1), target: i % 2 };
  };
const streamOptions = () => ({
  inputShape: [2],
  inputType: "f32",
  classes: ["a", "b"],
  count: 4,
  shuffleBuffer: 2,
  prefetch: 1,
  transform: (batch: InstanceType<typeof tidu.Tensor>) => batch.mul(2),
});
const tensors = () => data.tensorDataset([ones([2, 2]), ones([2, 3])], [tensor(Int32Array.of(0, 1))]);
const stream = () => data.streamDataset(source(), streamOptions() as never);
const sampler = () => new data.Sampler({ ...batchOptions(), count: 5 });

const CSV = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n2,3,x\n4,5,y\n6,7,x\n8,9,y\n1,3,x\n3,5,y\n";
const table = async () => {
  await writeFile("table.csv", CSV);
  return "table.csv";
};
const openOptions = () => ({
  kind: "csv",
  task: "classification",
  validation: 0.3,
  seed: 1,
  target: "label",
  ignore: ["b"],
  categorical: ["a"],
  delimiter: ",",
  numeric: ["b"],
  dates: [],
  dateOrder: "dmy",
  header: true,
  encoding: "utf-8",
  decimal: ".",
  thousands: "'",
  missing: ["NA"],
});
/** A folder with an image for each of two classes. */
const pictures = async () => {
  for (const [i, name] of ["a", "b"].entries()) {
    await mkdir(join("pictures", name), { recursive: true });
    const image = { width: 2, height: 2, channels: 1, data: Uint8Array.of(i, 1, 2, 3) };
    await writeFile(join("pictures", name, "1.png"), encodePng(image));
  }
  return "pictures";
};
const imageOptions = () => ({
  size: [2, 2],
  channels: 1,
  fit: "crop",
  skipDamaged: true,
  maxPixels: 1000,
  concurrency: 1,
  onProgress: () => {},
});
const arrays = async () => {
  await writeFile("x.idx", data.encodeIdx({ dtype: "u8", shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) }));
  await writeFile("y.idx", data.encodeIdx({ dtype: "u8", shape: [2], data: Uint8Array.of(0, 1) }));
  return "x.idx";
};
const preprocess = async () => (await sources.openData(await table(), { validation: 0.3 })).preprocess;

export const DATA: Rows = {
  ...warp("shift", 1),
  ...warp("rotate", 15),
  ...warp("scale", 0.2),
  ...warp("shear", 10),
  "augment/flip": make(() => ["vertical", { p: 0.5 }], change as never),
  "augment/crop": make(() => [1, { size: 3, border: "nearest" }], change as never),
  "augment/brightness": make(() => [0.2, { p: 0.5 }], change as never),
  "augment/contrast": make(() => [0.2, { p: 0.5 }], change as never),
  "augment/cutout": make(() => [2, { fill: 0, p: 0.5 }], change as never),
  "augment/mixup": make(() => [0.2, { p: 0.5 }], change as never),
  "augment/compose": make(() => [augment.shift(1), augment.flip()], change as never),
  "augment/parseAugment": make(() => ["shift:1,flip"], change as never),
  "Augmentation.apply": on(
    () => augment.shift(1),
    () => [images()],
  ),

  "data/dataset": make(
    () => [
      Float32Array.of(1, 2, 3, 4),
      [2],
      Int32Array.of(0, 1),
      { classes: ["a", "b"], transform: (x: unknown) => x },
    ],
    read as never,
  ),
  "new data/Dataset": make(
    () => [ones([2, 2]), tensor(Int32Array.of(0, 1)), { classes: ["a", "b"], transform: (x: unknown) => x }],
    read as never,
  ),
  "Dataset.slice": on(samples, () => [1, 3], read as never),
  "Dataset.batch": on(samples, () => [tensor(Int32Array.of(0, 1)), (x: unknown) => x]),
  "Dataset.types": on(samples, () => [2]),
  "Dataset.read": on(samples, () => [[tensor(Int32Array.of(0, 1))], (x: unknown) => x]),
  "Dataset.batches": on(samples, () => [batchOptions()], first as never),
  "Dataset.check": on(samples, () => [2]),
  "data/decodeIdx": make(() => [data.encodeIdx({ dtype: "u8", shape: [2], data: Uint8Array.of(1, 2) }), "x.idx"]),
  "data/encodeIdx": make(() => [{ dtype: "u8", shape: [2], data: Uint8Array.of(1, 2) }]),
  "data/classWeights": make(() => [samples()]),
  "data/mnist": make(() => [{ directory: undefined }]),
  "new data/Sampler": make(() => [{ ...batchOptions(), count: 5 }]),
  "Sampler.epoch": on(sampler, () => [2]),
  "Sampler.batch": on(sampler, () => [2, 1]),
  "data/split": make(() => [samples(), { validation: 0.5, seed: 1, stratify: true }]),
  "data/tensorDataset": make(() => [[ones([2, 2])], [ones([2, 1])], { transform: (x: unknown) => x }], read as never),
  "new data/TensorDataset": make(
    () => [[ones([2, 2])], [ones([2, 1])], { transform: (x: unknown) => x }],
    read as never,
  ),
  "TensorDataset.types": on(tensors, () => [2]),
  "TensorDataset.read": on(tensors, () => [[tensor(Int32Array.of(0, 1))], (x: unknown) => x]),
  "TensorDataset.batches": on(tensors, () => [batchOptions()], first as never),
  "TensorDataset.check": on(tensors, () => [2]),
  "data/streamDataset": make(() => [source(), streamOptions()], read as never),
  "data/streamDataset (of values)": make(
    () => [source(), { inputShape: [2], targetShape: [1], count: 4 }],
    read as never,
  ),
  "new data/StreamDataset (of values)": make(() => [source(), { inputShape: [2], targetShape: [1] }], read as never),
  "new data/StreamDataset": make(() => [source(), streamOptions()], read as never),
  "StreamDataset.types": on(stream, () => [2]),
  "StreamDataset.read": on(stream, () => [[ones([2, 2]), tensor(Int32Array.of(0, 1))], (x: unknown) => x]),
  "StreamDataset.batches": on(stream, () => [batchOptions()], first as never),
  "StreamDataset.check": on(stream, () => [2]),
  "data/workerSource": make(() => ["./read.js", { ahead: 2, data: 3 }]),
  "data/workerSource()": on(
    () => data.workerSource("./read.js"),
    () => [0],
  ),

  "sources/openData": async () => ({ args: [await table(), openOptions()] }),
  "sources/openData (by groups)": async () => ({ args: [await table(), { validation: 0.3, splitBy: "a" }] }),
  "sources/openData (in folds)": async () => ({ args: [await table(), { folds: 2, fold: 1, seed: 1 }] }),
  "sources/openData (by time)": async () => ({ args: [await table(), { validation: 0.3, splitTime: "a" }] }),
  "sources/openData (again)": async () => ({ args: [await table(), { preprocess: await preprocess() }] }),
  "sources/openData (of images)": async () => ({ args: [await pictures(), imageOptions()] }),
  "sources/openData (of arrays)": async () => ({ args: [await arrays(), { labels: "y.idx" }] }),
  "sources/prepareSamples": async () => ({
    args: [
      await preprocess(),
      [await table()],
      { kind: "csv", maxPixels: 1000, concurrency: 1, skipDamaged: false, onProgress: () => {} },
    ],
  }),
  "sources/streamSamples": async () => ({
    args: [
      await preprocess(),
      [await table()],
      { kind: "csv", maxPixels: 1000, concurrency: 1, skipDamaged: false, onProgress: () => {} },
      () => {},
    ],
  }),
  "sources/restoreTargets": async () => ({ args: [await preprocess(), [1, 2]] }),
};
