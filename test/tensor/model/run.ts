// Random sequences of commands, on Tidu and on the interpreter, whose values must agree at every moment.
import fc from "fast-check";
import { setDevice, type Tensor } from "tidu";
import type { Realizer } from "../../../packages/tidu/src/tensor/realizer.js";
import { COMMANDS, World } from "./commands.js";

/** Tries `runs` sequences; each ends with a look at everything that is left. */
export async function trySequences(devices: readonly Realizer[], runs: number, seed?: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS(devices.length), { size: "+1", maxCommands: 40 }), async (commands) => {
      setDevice(devices[0]);
      const world = new World(devices);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
        for (const { value, tensor } of world.tensors) world.check((await tensor) as Tensor, value);
        for (const { cell, variable } of world.variables) world.check(variable, cell.now);
      } finally {
        await world.settle();
      }
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
}
