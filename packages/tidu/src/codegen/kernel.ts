// Writes one kernel, in any language, as its plan says.
import { asReduction, type Buffer, type Kernel, type LineKernel, type LoopKernel } from "../compile/kernel.js";
import { planContraction } from "../plan/contraction.js";
import { type NestPlan, planNest } from "../plan/nest.js";

import type { Registers } from "../plan/registers.js";
import { emitContraction, isShared } from "./contract/index.js";
import type { Emitter } from "./emitter.js";
import { emitNest } from "./nest.js";
import type { Call } from "./program.js";

/** How an op writes the code of its kernels; returns whether threads divide their work. */
export type EmitLine = (f: Emitter, bases: ReadonlyMap<Buffer, number>, kernel: LineKernel) => boolean;

/** The same of a loop, given the calls of the kernels of a step. */
export type EmitLoop = (
  f: Emitter,
  bases: ReadonlyMap<Buffer, number>,
  kernel: LoopKernel,
  steps: readonly Call[],
) => boolean;

/** Lanes where vectors hold one element each, or parts of a sum: the same on every machine. */
export const FEW_LANES = 4;

/**
 * Writes a kernel's code into a function.
 *
 * @param bases locals with the addresses of its buffers.
 * @param steps of a loop the calls of its steps.
 * @param inPieces how a nest is planned that is also called for pieces of its work (plan/pieces.ts).
 * @returns whether threads divide its work; else one of them does it all.
 */
export function emitKernel(
  f: Emitter,
  bases: ReadonlyMap<Buffer, number>,
  kernel: Kernel,
  registers: Registers,
  steps: readonly Call[],
  inPieces?: (plan: NestPlan) => NestPlan,
): boolean {
  const contraction = kernel.kind === "contract" ? planContraction(kernel, registers) : undefined;
  if (contraction !== undefined && kernel.kind === "contract") {
    const shared = isShared(kernel);
    emitContraction(f, bases, kernel, contraction, registers, shared || inPieces !== undefined);
    return shared;
  }
  if (kernel.kind === "line") return (kernel.op.emit as unknown as EmitLine)(f, bases, kernel);
  if (kernel.kind === "loop") return (kernel.emit as unknown as EmitLoop)(f, bases, kernel, steps);
  // A contraction that no vector form fits.
  const nest = kernel.kind === "contract" ? asReduction(kernel) : kernel;
  const whole = planNest(nest);
  const plan = inPieces?.(whole) ?? whole;
  const write = () => emitNest(f, bases, nest, plan);
  if (plan.lanes === "outer") write();
  else f.withLanes(FEW_LANES, write);
  return whole.shared;
}
