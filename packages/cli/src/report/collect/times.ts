// Times the kernels of a training step.
import { device, Generator, type loss, type nn, type optim, trainStep } from "tidu";
import type { Dataset } from "tidu/data";
import { profileProgram } from "tidu/debug";
import { adopt, compileProgram, resolve, sizeOf, trace, typedArray } from "tidu/internal";
import type { NativeDevice } from "tidu/native";
import type { KernelTime } from "../data.js";
import { findEnvironment } from "./environment.js";

/** A training step that is to be measured. */
export interface StepToTime {
  readonly loss: loss.Loss;
  readonly optimizer: optim.Optimizer;
  readonly batchSize: number;
}

/**
 * What each kernel of a training step takes, measured for so many milliseconds: as native code on such a device, else as
 * WebAssembly. Nothing is learned.
 */
export async function findTimes(
  net: nn.Module,
  data: Dataset,
  { loss, optimizer, batchSize }: StepToTime,
  milliseconds: number,
): Promise<KernelTime[]> {
  // The profile has memory of its own, into which not all samples need to fit.
  const few = data.slice(0, Math.min(batchSize, data.count));
  await few.load();
  const given = few.types(batchSize).map(({ shape, dtype }) => adopt(typedArray(dtype, sizeOf(shape)), shape, dtype));
  const { updates, trace: made } = trace(() => {
    const { x, t } = few.read(given);
    trainStep({ net, loss, optimizer, generator: new Generator(0) }, x, t);
  });
  const { values } = resolve(
    updates.map(({ value }) => value),
    made,
  );
  const { program } = compileProgram(updates.map(({ storage }, i) => ({ storage, value: values[i] })));
  const { device: name, fusedMultiplyAdd } = findEnvironment();
  const profile =
    name === "native"
      ? await (device() as NativeDevice).profile(program, milliseconds)
      : profileProgram(program, { portable: !fusedMultiplyAdd }, milliseconds);
  return profile.map(({ kernel, ...measured }) => ({
    name: kernel.name,
    kind: kernel.kind,
    sizes: kernel.sizes,
    ...measured,
  }));
}
