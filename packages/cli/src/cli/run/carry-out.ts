import { finish } from "./finish.js";
import { type Run, train } from "./training.js";

/** Trains a run, from the start or from its newest checkpoint, and measures and shows what it came to. */
export async function carryOut(run: Run, { resume, report }: { resume: boolean; report: boolean }): Promise<void> {
  try {
    await finish(run, await train(run, resume), report);
  } finally {
    await run.folder.free();
  }
}
