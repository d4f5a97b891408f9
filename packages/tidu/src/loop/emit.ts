// The code of a loop, in any language: it calls the functions of its step's kernels once for each step.

import { type Emitter, INT, type Local } from "../codegen/emitter.js";
import type { EmitLoop } from "../codegen/kernel.js";
import { emitLoop } from "../codegen/loops.js";
import { meetings } from "../codegen/program.js";
import type { Buffer, Window } from "../compile/kernel.js";
import { buffersOf } from "../compile/kernel.js";

export const emitSteps: EmitLoop = (f, bases, { sizes: [count], windows }, steps) => {
  const shared = steps.some((call) => call.shared);
  const waits = meetings(steps);
  const step = f.local(INT);
  emitLoop(f, { variable: step, count, step: 1 }, () => {
    steps.forEach(({ kernel, body, shared: divided }, i) => {
      if (shared && waits[i]) f.meet();
      const run = (): void =>
        f.scoped(() => {
          const given = buffersOf(kernel).map((b) => addressOf(f, windows.get(b) as Window, bases, step));
          f.kernel(body, given, kernel.kind === "loop");
        });
      if (!shared || divided) run();
      else f.get(f.thread).op("eqz").if(run);
    });
    // The next step needs the results of this one.
    if (shared) f.meet();
  });
  return shared;
};

/** A local with the address of a buffer at a step. */
function addressOf(f: Emitter, window: Window, bases: ReadonlyMap<Buffer, Local>, step: Local): Local {
  const { buffer, start, step: bytes, turn } = window;
  f.get(bases.get(buffer) as Local);
  if (start !== 0) f.i32(start).op("add");
  if (bytes === 0) return f.keep(INT);
  f.get(step);
  if (turn === 1) f.i32(1).op("add");
  if (turn !== undefined) f.i32(1).op("and");
  return f.i32(bytes).op("mul").op("add").keep(INT);
}
