import { finish } from "./finish.js";
import { type Run, train } from "./training.js";
import { leads } from "./world.js";

/** Trains a run, from the start or from its newest checkpoint, and measures and shows the result. */
export async function carryOut(run: Run, resume: boolean): Promise<void> {
  try {
    const epochs = await train(run, resume);
    if (leads(run.world)) await finish(run, epochs);
  } finally {
    await run.folder.free();
  }
}
