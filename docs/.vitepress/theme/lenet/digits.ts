// The digits that the studio has beside its pages, read by the demo's worker.
import type { Tensor } from "tidu";
import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { unpacked } from "../../../../studio/src/engine/unpacked.js";

/** What the network sees of a picture's bytes. */
const scaled = (x: Tensor): Tensor => x.toFloat().div(255);

/** Fetches 6,000 digits to train on, or 1,000 to test with. */
export async function fetchDigits(folder: string, part: "train" | "test"): Promise<Dataset> {
  const [images, labels] = await Promise.all(
    ["images", "labels"].map((what) => fetchIdx(`${folder}${part}-${what}.idx`)),
  );
  return dataset(images, [1, 28, 28], labels, { transform: scaled });
}

async function fetchIdx(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return Uint8Array.from(decodeIdx(await unpacked(response), address).data);
}
