// The digits that the studio has beside its pages, read by the demo's worker.
import type { Tensor } from "tidu";
import { type Dataset, dataset, decodeIdx } from "tidu/data";

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
  if (!response.ok || response.body === null) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Some hosts decompress such files by themselves.
  const { data } = decodeIdx(bytes[0] === 0x1f && bytes[1] === 0x8b ? await decompress(bytes) : bytes, address);
  return Uint8Array.from(data);
}

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
