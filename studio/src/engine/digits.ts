// The handwritten digits that the build puts beside the pages.
import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { Troubled } from "./trouble.js";
import { unpacked } from "./unpacked.js";

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
  if (!response.ok) {
    throw new Troubled({ code: "digits", status: `${response.status} ${response.statusText}` });
  }
  return Uint8Array.from(decodeIdx(await unpacked(response), name).data);
}
