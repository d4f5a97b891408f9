// The handwritten digits that the build puts beside the pages.
import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { Troubled } from "./trouble.js";
import { unpacked } from "./unpacked.js";

interface Digits {
  readonly train: Dataset;
  readonly test: Dataset;
}

let files: Promise<Uint8Array[]> | undefined;

/** Fetches the digits, once if nothing goes wrong. Each training gets data sets of its own, on its own device. */
export async function loadDigits(): Promise<Digits> {
  files ??= Promise.all(["train-images", "train-labels", "test-images", "test-labels"].map(readIdx));
  try {
    const [images, labels, testImages, testLabels] = await files;
    const part = (pixels: Uint8Array, classes: Uint8Array) => dataset(pixels, [1, 28, 28], classes);
    return { train: part(images, labels), test: part(testImages, testLabels) };
  } catch (error) {
    files = undefined;
    throw error;
  }
}

async function readIdx(name: string): Promise<Uint8Array> {
  // The built worker lies in a folder of the site.
  const response = await fetch(new URL(`../digits/${name}.idx`, self.location.href)).catch(() => {
    throw new Troubled({ code: "digits", status: 0 });
  });
  if (!response.ok) throw new Troubled({ code: "digits", status: response.status });
  return Uint8Array.from(decodeIdx(await unpacked(response), name).data);
}
