// The public names of `tidu/debug`: programs as the compiler makes them, the time of their kernels, and values in float64.
import { callback, check, listOf, words } from "../base/check.js";
import { readers } from "../codegen/readers.js";
import { printGraph, printProgram } from "../compile/print.js";
import { observers, type Program, type Stages } from "../compile/program.js";
import { formatProfile, type KernelProfile } from "../runtime/profile.js";
import { profileProgram } from "../runtime/wasm/profile.js";
import { device } from "../tensor/realizer.js";
import { SUBJECTS, type Subject } from "./subjects.js";

export { printGraph, printProgram } from "../compile/print.js";
export type { Observer, Program, Stages } from "../compile/program.js";
export { NullDevice } from "../runtime/null.js";
export { formatProfile, type KernelProfile } from "../runtime/profile.js";
export { ReferenceDevice } from "../runtime/reference.js";
export { profileProgram } from "../runtime/wasm/profile.js";
export type { Subject } from "./subjects.js";

/** A device that times its own kernels. */
interface Profiling {
  readonly name: string;
  profile(program: Program): Promise<KernelProfile[]>;
}

/**
 * Tells how long each kernel takes on the device in use, if it times its own: after the program is compiled, since that takes
 * another compilation. Otherwise how long it takes as WebAssembly.
 */
function tellProfile(program: Program, tell: (text: string) => void): void {
  const here = device() as Partial<Profiling>;
  if (here.profile === undefined) return tell(`as WebAssembly: ${formatProfile(profileProgram(program))}`);
  here.profile(program).then(
    (profile) => tell(`on ${here.name}: ${formatProfile(profile)}`),
    (error) => tell(`on ${here.name}, not profiled: ${error}`),
  );
}

/**
 * Reports every program that is compiled from now on.
 *
 * @param tell receives the text; default: `console.error`.
 * @returns a function that ends the reports.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { watchPrograms } from "tidu/debug";
 *
 * const texts: string[] = [];
 * const end = watchPrograms(["graph"], (text) => texts.push(text));
 * await tensor([3, 4]).square().sum().sqrt().data();
 * end();
 * console.log(texts[0].includes("sqrt(")); // true
 * ```
 */
export function watchPrograms(
  subjects: readonly Subject[],
  tell: (text: string) => void = (text) => console.error(text),
): () => void {
  check("watchPrograms", "subjects", subjects, listOf(words(...SUBJECTS)));
  check("watchPrograms", "tell", tell, callback);
  const about: { [S in Exclude<Subject, "code">]: { pass: keyof Stages; say: (product: never) => void } } = {
    graph: { pass: "simplified", say: (product) => tell(printGraph(product)) },
    program: { pass: "program", say: (product) => tell(printProgram(product)) },
    profile: { pass: "program", say: (product) => tellProfile(product, tell) },
  };
  const see = (pass: keyof Stages, product: Stages[keyof Stages]): void => {
    for (const s of subjects) if (s !== "code" && about[s].pass === pass) about[s].say(product as never);
  };
  observers.add(see);
  const read = (text: string): void => tell(text);
  if (subjects.includes("code")) readers.add(read);
  return () => {
    observers.delete(see);
    readers.delete(read);
  };
}
