// The Web Worker that runs one seed of an experiment: the code that the command line runs, on the reader's machine.
import type { Experiment, Trial } from "@tidu/cli/experiment";
import { takeDigitsFrom } from "../../../../experiments/lib/digits.js";
import { useCores } from "../../engine/device.js";
import { unpacked } from "../../engine/unpacked.js";
import { digitsOfSeed } from "./seed-digits.js";

export interface Asked {
  readonly name: string;
  readonly seed: number;
}

export type Answered =
  | { readonly type: "done"; readonly trial: Trial; readonly threads: number }
  /** "digits" could not be had, or something else went wrong, in the browser's words. */
  | { readonly type: "failed"; readonly code: "digits" | "engine"; readonly message: string };

/** What a server answered in the place of digits. */
class NoDigits extends Error {}

const EXPERIMENTS = import.meta.glob<Experiment>(
  ["../../../../experiments/*.ts", "!../../../../experiments/*.words.ts"],
  { import: "default" },
);

async function run({ name, seed }: Asked): Promise<Answered> {
  const device = useCores();
  // The built worker lies in a folder of the site.
  takeDigitsFrom(
    digitsOfSeed(seed, async (file) => {
      const response = await fetch(new URL(`../digits/${file}.idx`, self.location.href)).catch(() => {
        throw new NoDigits("0");
      });
      if (!response.ok) throw new NoDigits(String(response.status));
      return unpacked(response);
    }),
  );
  const { trial, settings } = await EXPERIMENTS[`../../../../experiments/${name}.ts`]();
  return { type: "done", trial: await trial(seed, settings), threads: device.threads };
}

self.addEventListener("message", async ({ data }: MessageEvent<Asked>) => {
  const answer = await run(data).catch((error): Answered => {
    const digits = error instanceof NoDigits;
    return { type: "failed", code: digits ? "digits" : "engine", message: digits ? error.message : String(error) };
  });
  self.postMessage(answer);
});
