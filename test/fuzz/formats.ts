import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openData, prepareSamples } from "@tidu/cli/sources";
import { strToU8, zipSync } from "fflate";
import sharp, { type Sharp } from "sharp";
import "../../packages/tidu/src/index.js";
import type { ImagePreprocess } from "../../packages/cli/src/sources/source.js";
import { encodeIdx } from "../../packages/tidu/src/data/idx.js";
import { decodeSafetensors, encodeSafetensors } from "../../packages/tidu/src/io/safetensors.js";
import type { DamagedFormat } from "./damage.js";
import { npy } from "./npy-files.js";

/** Every format that people's data may come in, with small valid files. Call `close` when done. */
export async function damagedFormats(): Promise<{ formats: DamagedFormat[]; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "tidu-fuzz-"));
  const path = (name: string): string => join(folder, name);
  /** Writes the damaged file where its reader looks for it. */
  const at = (name: string, read: (file: string) => Promise<unknown>) => ({
    file: path(name),
    read: (bytes: Uint8Array): Promise<unknown> => {
      writeFileSync(path(name), bytes);
      return read(path(name));
    },
  });

  const pixels = Uint8Array.from({ length: 6 * 16 }, (_, i) => i);
  const images = encodeIdx({ dtype: "u8", shape: [6, 4, 4], data: pixels });
  const labels = encodeIdx({ dtype: "u8", shape: [6], data: Uint8Array.of(0, 1, 2, 0, 1, 2) });
  writeFileSync(path("sound-labels.idx"), labels);
  writeFileSync(path("sound-images.idx"), images);
  writeFileSync(path("sound-y.npy"), npy("|u1", "(6,)", Uint8Array.of(0, 1, 2, 0, 1, 2)));

  const formats: DamagedFormat[] = [
    {
      name: "IDX images",
      place: ARRAY_PLACE,
      files: [images],
      ...at("a.idx", (file) => openData(file, { labels: path("sound-labels.idx") })),
      ...{ bytesPerByte: 8, spareBytes: 4096 },
    },
    {
      name: "IDX labels",
      place: ARRAY_PLACE,
      files: [labels],
      ...at("b.idx", (file) => openData(path("sound-images.idx"), { labels: file })),
      ...{ bytesPerByte: 8, spareBytes: 4096 },
    },
    {
      name: "NPY",
      place: ARRAY_PLACE,
      files: npyFiles(),
      ...at("x.npy", (file) => openData(file, { labels: path("sound-y.npy") })),
      ...{ bytesPerByte: 32, spareBytes: 4096 },
    },
    {
      name: "NPZ",
      place: ARRAY_PLACE,
      files: [npz(0), npz(9)],
      ...at("a.npz", (file) => openData(file)),
      // Deflate makes up to 1032 bytes of one.
      ...{ bytesPerByte: 32 * 1032, spareBytes: 4096 },
    },
    {
      name: "CSV",
      place: /line \d+|no column is useful to predict|nothing to predict it from/,
      files: csvFiles(),
      ...at("a.csv", (file) => openData(file)),
      // A field of two bytes in a column of a hundred names becomes a hundred numbers.
      ...{ bytesPerByte: 400, spareBytes: 4096 },
    },
    {
      name: "PNG, JPEG and WebP",
      files: await imageFiles(),
      ...at("a.png", (file) => prepareSamples(FRAME, [file])),
      ...{ bytesPerByte: 8, spareBytes: 4096 },
    },
    {
      name: "safetensors",
      files: [encodeSafetensors({ a: { dtype: "f32", shape: [2, 3], data: new Float32Array(6) } }, { note: "é" })],
      file: "a.safetensors",
      read: (bytes) => decodeSafetensors(bytes, "a.safetensors"),
      ...{ bytesPerByte: 4, spareBytes: 1024 },
    },
  ];
  return { formats, close: () => rmSync(folder, { recursive: true }) };
}

const ARRAY_PLACE =
  /sample \d+|have shape \[.*\]|inputs are strings|no (inputs|targets) that belong|no arrays to train on/;

const FRAME: ImagePreprocess = {
  ...{ kind: "image", height: 8, width: 8, channels: 3, mean: [0, 0, 0], deviation: [1, 1, 1] },
  ...{ task: "classification", classes: ["a"] },
};

const npyFiles = (): Uint8Array[] => [
  npy("<f4", "(6, 2)", new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i / 4).buffer)),
  npy(">f8", "(6, 1)", new Uint8Array(48).fill(0x40), true),
  npy("<f2", "(6, 3)", new Uint8Array(36).fill(0x3c)),
  npy("<i8", "(6,)", new Uint8Array(BigInt64Array.from([1n, 2n, 3n, 4n, 5n, 6n]).buffer)),
  npy("|u1", "(6, 2, 2, 3)", new Uint8Array(72)),
];

function npz(level: 0 | 9): Uint8Array {
  const x = npy("<f4", "(6, 2)", new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer));
  const names = [..."abcabc"].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0]);
  return zipSync({ "x.npy": x, "y.npy": npy("<U1", "(6,)", Uint8Array.from(names)) }, { level });
}

const csvFiles = (): Uint8Array[] => [
  strToU8("a,b,colour,kind\n1,2.5,red,x\n2,,blue,y\n3,1e3,?,x\n4,-7,red,y\n"),
  strToU8('a;b;"the ""y"""\r\n1;2;0.5\r\n2;1;1.5\r\n\r\n3;7;"2.5"\r\n'),
  strToU8("\ufeffname\tn\ty\nä\t1\t3\nö\t2\t4\nü\t3\t5\n"),
];

async function imageFiles(): Promise<Uint8Array[]> {
  const data = Uint8Array.from({ length: 12 * 12 * 3 }, (_, i) => (i * 37) % 251);
  const image = (): Sharp => sharp(data, { raw: { width: 12, height: 12, channels: 3 } });
  return [
    await image().png().toBuffer(),
    await image().toColourspace("b-w").png().toBuffer(),
    await image().png({ palette: true }).toBuffer(),
    await image().jpeg().toBuffer(),
    await image().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
    await image().webp().toBuffer(),
    await image().webp({ lossless: true }).toBuffer(),
    await image().ensureAlpha(0.5).webp().toBuffer(),
  ];
}
