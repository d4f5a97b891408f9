// The handwritten digits that the build puts beside the pages.
import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { Troubled } from "./trouble.js";

interface Digits {
  readonly train: Dataset;
  readonly test: Dataset;
}

let digits: Promise<Digits> | undefined;

/** Fetches the digits, once if nothing goes wrong. */
export async function loadDigits(): Promise<Digits> {
  const part = async (name: string): Promise<Dataset> => {
    const [images, labels] = await Promise.all([readIdx(`${name}-images`), readIdx(`${name}-labels`)]);
    return dataset(images, [1, 28, 28], labels);
  };
  digits ??= Promise.all([part("train"), part("test")]).then(([train, test]) => ({ train, test }));
  try {
    return await digits;
  } catch (error) {
    digits = undefined;
    throw error;
  }
}

async function readIdx(name: string): Promise<Uint8Array> {
  // The built worker lies in a folder of the site.
  const response = await fetch(new URL(`../digits/${name}.idx`, self.location.href)).catch((error) => {
    throw new Troubled({ code: "digits", status: String(error) });
  });
  if (!response.ok || response.body === null) {
    throw new Troubled({ code: "digits", status: `${response.status} ${response.statusText}` });
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { data } = decodeIdx(isCompressed(bytes) ? await decompress(bytes) : bytes, name);
  return Uint8Array.from(data);
}

/** Some hosts compress and decompress such files by themselves. */
const isCompressed = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
